import Type from 'typebox'
import type { Db } from '../../../db/schema.ts'
import { readBases, type Basis } from '../cells/bases.ts'
import type { Cells } from '../cells/cells.ts'
import { readDate, readFlag, readOne } from '../cells/values.ts'
import { RECORD_STATUSES } from '../matters/columns.ts'
import { loadDirectory, type Directory } from '../register/directory.ts'
import { agencyOfRow, placeRow } from '../register/place.ts'
import type { ImportOptions } from '../schema.ts'

const text = (maxLength: number) => Type.Union([Type.Null(), Type.String({ minLength: 1, maxLength })])
const flag = Type.Union([Type.Literal(0), Type.Literal(1)])
const day = { pattern: '^\\d{4}-\\d{2}-\\d{2}$' }

/** What a benchmark and an exemption are both published and kept with. */
export const DISCRETION_STATE = {
  code: Type.String({ minLength: 1, maxLength: 100 }),
  violation: Type.String({ minLength: 1, maxLength: 500 }),
  agency_id: Type.Integer(),
  matters: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: 50 }),
  field: text(100),
  bases: Type.Array(Type.Object({ law_name: Type.String({ minLength: 1, maxLength: 200 }), law_key: Type.String({ minLength: 1, maxLength: 200 }), article: text(100), article_no: Type.Union([Type.Null(), Type.Integer()]) }), { maxItems: 20 }),
  list_name: text(200),
  list_version: text(50),
  effective_from: Type.String(day),
  effective_to: Type.Union([Type.Null(), Type.String(day)]),
  note: text(5000),
  source: Type.String({ minLength: 1, maxLength: 200 }),
  verified: flag,
  fictional: flag,
  status: Type.String()
}
type StateBasis = Omit<Basis, 'quoted_text'>

/** What one import of either kind knows: agencies, divisions and the matters that may be named. */
export interface Known { directory: Directory, matters: ReadonlySet<string>, options: ImportOptions, source: string }

/** Reads what rows will be compared with. */
export async function loadKnown (db: Db, options: ImportOptions, source: string): Promise<Known> {
  const rows = await db.selectFrom('matter').select(['code', 'base_code']).execute()
  const matters = new Set(rows.flatMap(row => row.base_code === null ? [row.code] : [row.code, row.base_code]))
  return { directory: await loadDirectory(db), matters, options, source }
}

/** The code of a row; undefined, and noted, when it is missing or no code. */
export function readCode (cells: Cells): string | undefined {
  const code = cells.need('code')?.normalize('NFKC').replace(/\s/g, '')
  if (code === undefined || /^[0-9A-Za-z][0-9A-Za-z._-]{0,99}$/.test(code)) return code
  cells.fault('code', 'code_shape')
  return undefined
}

/** Everything that a row of either kind says; what a new record needs is asked for when its rows are together. */
export function readCommon (cells: Cells, known: Known) {
  const division = placeRow(cells, known.directory, known.options)
  return {
    violation: cells.read('violation'),
    agency_id: division === undefined || typeof cells.read('agency') !== 'string' ? undefined : agencyOfRow(cells, known.directory, division, known.options)?.id,
    matters: readMatters(cells, known.matters),
    field: cells.read('field'),
    bases: readBasisCells(cells),
    list_name: cells.read('list_name'),
    list_version: cells.read('list_version'),
    effective_from: readDate(cells, 'effective_from'),
    effective_to: readDate(cells, 'effective_to'),
    note: cells.read('note'),
    source: cells.read('source'),
    verified: readFlag(cells, 'verified'),
    status: readOne(cells, 'status', RECORD_STATUSES)
  }
}

/** Codes or base codes of matters that the register has. */
function readMatters (cells: Cells, known: ReadonlySet<string>): string[] | null | undefined {
  const text = cells.read('matters')
  if (typeof text !== 'string') return text
  const keys = [...new Set(text.split(/[、，,；;\s]+/).map(key => key.normalize('NFKC')).filter(key => key !== ''))]
  const unknown = keys.filter(key => !known.has(key))
  if (unknown.length > 0) cells.fault('matters', 'matter_unknown', {}, unknown.join('、'))
  return keys
}

function readBasisCells (cells: Cells): StateBasis[] | null | undefined {
  const [laws, articles] = [cells.read('law'), cells.read('article')]
  if (typeof laws !== 'string') {
    if (laws === undefined && typeof articles === 'string') cells.fault('law', 'law_missing')
    return laws
  }
  const bases = readBases(laws, articles, undefined)
  if (Array.isArray(bases)) return bases.map(({ quoted_text: _, ...basis }) => basis)
  cells.fault('article', bases.rule, bases.values)
  return undefined
}

const EMPTY = { matters: [], field: null, bases: [], list_name: null, list_version: null, effective_to: null, note: null, verified: 0 as const, status: 'in_force' }
const NEEDED = [['violation', 'violation'], ['agency_id', 'agency'], ['effective_from', 'effective_from']] as const
type Change = Partial<Record<string, unknown>>

/** The common part after the change: blank cells leave what is stored; a new record needs its first day. */
export function mergeCommon<T extends object> (cells: Cells, change: Change, current: T | undefined, { options, source }: Known): Record<string, unknown> {
  for (const field of ['violation', 'effective_from', 'source', 'status', 'verified']) if (change[field] === null) cells.fault(field, 'required')
  const emptied = Object.fromEntries(['matters', 'bases'].flatMap(field => change[field] === null ? [[field, []]] : []))
  const state: Record<string, unknown> = { ...EMPTY, source, fictional: options.fictional === true ? 1 : 0, ...current, ...change, ...emptied }
  for (const [field, column] of NEEDED) if (state[field] === undefined) cells.fault(column, 'required')
  const [from, to] = [state['effective_from'], state['effective_to']]
  if (typeof from === 'string' && typeof to === 'string' && to < from) cells.fault('effective_to', 'end_before_start', { start: from })
  return state
}
