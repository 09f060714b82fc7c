import { CATEGORIES } from '../../../domain/records/enumerations.ts'
import { listKind, type ListKind, type ListName } from '../../../domain/records/list-kinds.ts'
import { readBases, type Basis } from '../cells/bases.ts'
import type { Cells } from '../cells/cells.ts'
import { readDate, readFlag, readOne, readWords, said } from '../cells/values.ts'
import { RECORD_STATUSES } from '../matters/columns.ts'
import type { Directory } from '../register/directory.ts'
import { agencyOfRow, placeRow } from '../register/place.ts'
import type { ImportOptions, Outcome } from '../schema.ts'
import { readField, type ItemValue } from './fields.ts'

export type ItemBasis = Omit<Basis, 'quoted_text'>
/** A record of a list as it is published and kept: its columns without kind, id, version and time; its fields; what it rests on and which matters it is about. */
export interface ItemState {
  code: string, title: string, category: string | null, agency_id: number | null, region_code: string, data: Record<string, ItemValue>, status: string
  effective_from: string | null, effective_to: string | null, note: string | null, source: string, verified: 0 | 1, fictional: 0 | 1, matters: string[], bases: ItemBasis[]
}
/** What a row says: null clears, a field that is missing stays as it is. */
export interface ItemChange extends Partial<Omit<{ [K in keyof ItemState]: ItemState[K] | null }, 'data'>> { data: Record<string, ItemValue | null> }

export interface ListParts { name: ListName, directory: Directory, options: ImportOptions, matters: ReadonlySet<string> }

const CODE = /^[0-9A-Za-z][0-9A-Za-z._-]{0,59}$/

/** Reads one row of a list; a record is known by its code. */
export function readItem (cells: Cells, { name, directory, options, matters }: ListParts): Outcome<ItemChange> {
  const code = readCode(cells)
  const division = placeRow(cells, directory, options)
  const agency = cells.read('agency') === undefined || division === undefined ? undefined : agencyOfRow(cells, directory, division, options)
  const change = said<Omit<ItemChange, 'data'>>({
    title: cells.need('title'),
    category: readOne(cells, 'category', CATEGORIES),
    agency_id: agency?.id,
    region_code: division?.code,
    status: readOne(cells, 'status', RECORD_STATUSES),
    effective_from: readDate(cells, 'effective_from'),
    effective_to: readDate(cells, 'effective_to'),
    note: cells.read('note'),
    source: cells.read('source'),
    verified: readFlag(cells, 'verified'),
    fictional: readFlag(cells, 'fictional'),
    matters: readMatters(cells, matters),
    bases: readLaws(cells)
  })
  if (code === undefined) return null
  return { key: code, change: { ...change, code, data: readData(cells, listKind(name)) } }
}

function readCode (cells: Cells): string | undefined {
  const code = cells.need('code')?.normalize('NFKC')
  if (code !== undefined && !CODE.test(code)) cells.fault('code', 'code_shape')
  return code
}

function readData (cells: Cells, kind: ListKind): Record<string, ItemValue | null> {
  return Object.fromEntries(Object.entries(kind.fields).flatMap(([key, field]) => {
    const value = readField(cells, key, field)
    return value === undefined ? [] : [[key, value]]
  }))
}

/** Codes of matters; each must be in the register, or the links of a page would lead nowhere. */
function readMatters (cells: Cells, known: ReadonlySet<string>): string[] | null | undefined {
  const words = readWords(cells, 'matters')
  if (typeof words !== 'string') return words
  const codes = words.split('、').map(code => code.normalize('NFKC'))
  const unknown = codes.filter(code => !known.has(code))
  if (unknown.length > 0) cells.fault('matters', 'matter_unknown', {}, unknown.join('、'))
  if (codes.length > 50) cells.fault('matters', 'too_many', { limit: 50 })
  return codes
}

function readLaws (cells: Cells): ItemBasis[] | null | undefined {
  const laws = cells.read('law')
  const articles = cells.read('article')
  if (laws === undefined && typeof articles === 'string') { cells.fault('article', 'law_missing'); return undefined }
  if (typeof laws !== 'string') return laws
  const bases = readBases(laws, articles, undefined)
  if (!Array.isArray(bases)) { cells.fault('article', bases.rule, bases.values); return undefined }
  if (bases.length > 30) cells.fault('law', 'too_many', { limit: 30 })
  if (bases.some(basis => basis.law_name.length > 200)) cells.fault('law', 'too_long', { limit: 200, length: laws.length })
  return bases.map(({ quoted_text: _, ...basis }) => basis)
}

/** What a record cannot be without. */
const NEEDED = ['region_code', 'status', 'source', 'verified', 'fictional', 'matters', 'bases'] as const
const CLEARED = { status: 'in_force', verified: 0, fictional: 0, matters: [], bases: [] } as const

/** The record after the change; a new one starts unverified. Null when something is missing. */
export function mergeItem (cells: Cells, name: ListName, change: ItemChange, current: ItemState | undefined, blank: { source: string, fictional: boolean }): ItemState | null {
  for (const field of ['region_code', 'status', 'source'] as const) if (change[field] === null) cells.fault(field, 'required')
  const data = Object.fromEntries(Object.entries({ ...current?.data, ...change.data }).filter((pair): pair is [string, ItemValue] => pair[1] !== null))
  const missing = Object.entries(listKind(name).fields).filter(([key, field]) => field.required === true && data[key] === undefined)
  for (const [key] of missing) cells.fault(key, 'required')
  const empty = { category: null, agency_id: null, effective_from: null, effective_to: null, note: null, source: blank.source, ...CLEARED, fictional: blank.fictional ? 1 : 0 }
  const kept = Object.fromEntries(NEEDED.flatMap(field => change[field] === null && field in CLEARED ? [[field, CLEARED[field as keyof typeof CLEARED]]] : []))
  const state = { ...empty, ...current, ...change, ...kept, data } as ItemState
  if (state.effective_from !== null && state.effective_to !== null && state.effective_to < state.effective_from) cells.fault('effective_to', 'end_before_start', { start: state.effective_from })
  return cells.faults.length > 0 ? null : state
}
