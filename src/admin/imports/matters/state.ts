import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { canonical } from '../../../db/records.ts'
import type { MatterDetails } from '../../../domain/records/matter-fields.ts'
import type { Basis } from '../cells/bases.ts'
import type { Cells } from '../cells/cells.ts'
import { checkState } from '../cells/check.ts'
import { levelOf } from '../register/directory.ts'
import type { MatterChange } from './read.ts'

const text = (maxLength: number) => Type.Union([Type.Null(), Type.String({ minLength: 1, maxLength })])
const days = Type.Union([Type.Null(), Type.Integer({ minimum: 1, maximum: 9999 })])

/** A matter as it is published and kept: its columns without id, version and time, and its legal bases. */
const MatterState = Type.Object({
  code: Type.String({ minLength: 1, maxLength: 100 }),
  base_code: text(50),
  name: Type.String({ minLength: 1, maxLength: 1000 }),
  category: Type.String(),
  agency_id: Type.Integer(),
  field: text(100),
  levels: Type.String({ minLength: 1 }),
  region_code: Type.String(),
  targets: text(200),
  penalty_kinds: text(300),
  statutory_days: days,
  promise_days: days,
  day_unit: text(20),
  frequency_cap: text(200),
  prohibition_nos: text(30),
  aliases: text(1000),
  guide_url: text(500),
  note: text(5000),
  source: Type.String({ minLength: 1, maxLength: 200 }),
  status: Type.String(),
  tags: text(500),
  details: Type.Record(Type.String(), Type.String({ minLength: 1, maxLength: 5000 })),
  bases: Type.Array(Type.Object({
    law_name: Type.String({ minLength: 1, maxLength: 200 }),
    law_key: Type.String({ minLength: 1, maxLength: 200 }),
    article: text(100),
    article_no: Type.Union([Type.Null(), Type.Integer()]),
    quoted_text: text(20000)
  }), { maxItems: 30 })
})
export type MatterState = Static<typeof MatterState> & { details: MatterDetails }
const check = Compile(MatterState)

/** The fields that a matter cannot be without. */
const NEEDED = ['name', 'category', 'levels', 'source', 'status'] as const

/** The record after the change: what the row does not say stays; a new record starts empty. Null when something is missing or too long. */
export function mergeMatter (cells: Cells, change: MatterChange, current: MatterState | undefined, source: string): MatterState | null {
  const { agency_level: level, bases, details, kind: _kind, reason: _reason, ...rest } = change
  for (const field of NEEDED) if (rest[field] === null) cells.fault(field, 'required')
  const region = String(rest.region_code ?? current?.region_code ?? '')
  const blank = { ...EMPTY, levels: level === '' ? levelOf(region) : level, source }
  const state = { ...blank, ...current, ...rest, details: mergeDetails(details, current?.details ?? {}), bases: mergeBases(bases, current?.bases ?? []) }
  if (cells.faults.length > 0 || !checkState(cells, check, state)) return null
  return state as MatterState
}

const EMPTY = {
  base_code: null,
  field: null,
  targets: null,
  penalty_kinds: null,
  statutory_days: null,
  promise_days: null,
  day_unit: null,
  frequency_cap: null,
  prohibition_nos: null,
  aliases: null,
  guide_url: null,
  note: null,
  status: 'in_force',
  tags: null
}

function mergeDetails (said: MatterChange['details'], stored: MatterDetails): MatterDetails {
  return Object.fromEntries(Object.entries({ ...stored, ...said }).filter(([, value]) => value !== null))
}

/** A row that names the same article without its text leaves the stored text alone. */
function mergeBases (bases: Basis[] | null | undefined, stored: MatterState['bases']): MatterState['bases'] {
  if (bases === undefined) return stored
  return (bases ?? []).map(basis => ({
    ...basis,
    quoted_text: basis.quoted_text === undefined
      ? stored.find(other => other.law_key === basis.law_key && other.article === basis.article)?.quoted_text ?? null
      : basis.quoted_text
  }))
}

/** The same content; that it also came from another file is no change. */
export function sameMatter (a: MatterState, b: MatterState): boolean {
  return canonical({ ...a, source: '' }) === canonical({ ...b, source: '' })
}
