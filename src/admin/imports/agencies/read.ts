import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { normalisePhone, normaliseUscc, plain } from '../../../domain/records/codes.ts'
import { AGENCY_KINDS, LEVELS } from '../../../domain/records/enumerations.ts'
import type { Cells } from '../cells/cells.ts'
import { checkState } from '../cells/check.ts'
import { readFlag, readOne, readWords, said } from '../cells/values.ts'
import { RECORD_STATUSES } from '../matters/columns.ts'
import { levelOf, slugOf, type Directory } from '../register/directory.ts'
import { placeRow } from '../register/place.ts'
import type { ImportOptions, Outcome } from '../schema.ts'

const text = (maxLength: number) => Type.Union([Type.Null(), Type.String({ minLength: 1, maxLength })])

/** An agency as it is published and kept: its columns without id and version, and its aliases. */
const AgencyState = Type.Object({
  slug: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,99}$' }),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  name_en: text(300),
  kind: Type.String(),
  sector: text(100),
  level: Type.String(),
  region_code: Type.String(),
  uscc: text(18),
  duties: text(5000),
  address: text(300),
  phone: text(60),
  vertical: Type.Union([Type.Literal(0), Type.Literal(1)]),
  verified: Type.Union([Type.Literal(0), Type.Literal(1)]),
  status: Type.String(),
  aliases: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 50 })
})
export type AgencyState = Static<typeof AgencyState>
export type AgencyChange = { [K in keyof AgencyState]?: AgencyState[K] | null }
const check = Compile(AgencyState)
const NEEDED = ['slug', 'kind', 'level', 'vertical', 'status'] as const

/** Reads one row of a list of agencies; an agency is known by its division and full name. */
export function readAgency (cells: Cells, directory: Directory, options: ImportOptions): Outcome<AgencyChange> {
  const name = cells.need('name')
  const division = placeRow(cells, directory, options)
  const aliases = readWords(cells, 'aliases')
  const change = {
    name,
    region_code: division?.code,
    slug: cells.read('slug'),
    name_en: cells.read('name_en'),
    uscc: readCode(cells, 'uscc', normaliseUscc),
    kind: readOne(cells, 'kind', AGENCY_KINDS),
    sector: cells.read('sector'),
    level: readOne(cells, 'level', LEVELS),
    duties: cells.read('duties'),
    address: cells.read('address'),
    phone: readCode(cells, 'phone', normalisePhone),
    vertical: readFlag(cells, 'vertical'),
    status: readOne(cells, 'status', RECORD_STATUSES),
    aliases: typeof aliases === 'string' ? aliases.split('、').sort() : aliases
  }
  if (name === undefined || division === undefined) return null
  return { key: `${division.code} ${plain(name)}`, change: said(change) as AgencyChange }
}

function readCode (cells: Cells, field: string, normalise: (text: string) => string | null): string | null | undefined {
  const text = cells.read(field)
  if (typeof text !== 'string') return text
  const code = normalise(text)
  if (code === null) cells.fault(field, field)
  return code ?? undefined
}

/** The agency after the change; a new one starts unverified. */
export function mergeAgency (cells: Cells, change: AgencyChange, current: AgencyState | undefined): AgencyState | null {
  for (const field of NEEDED) if (change[field] === null) cells.fault(field, 'required')
  const [region, name] = [change.region_code ?? '', change.name ?? '']
  const blank = { slug: slugOf(region, name), level: levelOf(region), kind: 'administrative_organ', name_en: null, sector: null, uscc: null, duties: null, address: null, phone: null, vertical: 0, verified: 0, status: 'in_force' }
  const state = { ...blank, ...current, ...change, aliases: change.aliases === null ? [] : change.aliases ?? current?.aliases ?? [] }
  return cells.faults.length > 0 || !checkState(cells, check, state) ? null : state as AgencyState
}
