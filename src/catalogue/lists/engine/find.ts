import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import type { Question } from '../../search/engine/query.ts'
import type { RegisterList } from '../definition.ts'
import { columnsOf, placeOf, type Columns } from './columns.ts'
import { narrow, type Narrowed, type Selection } from './facets.ts'
import { listMatchingIds } from './repository.ts'
import { perRevision } from './revision.ts'

/** More hits than this are neither counted nor ranked: the page says so. */
const BOUND = 20_000

/** What somebody wants of a list. `sort` is `relevance`, `code` or an order of the list's own. */
export interface Wish { question: Question, selection: Selection, sort: string, page: number, per: number }

export interface Found extends Narrowed {
  total: number
  /** The bound was reached: there are more than `total`. */
  many: boolean
  /** Page actually shown: the last one when a later was asked for. */
  page: number
  pages: number
  /** Ids of this page, in order. */
  ids: number[]
}

const [TEXT, NAME] = [1, 2]

/** The records that a question and a selection mean, one page of them, with the counts of every facet. */
export async function findInList (db: Kysely<Database>, list: RegisterList, wish: Wish): Promise<Found> {
  const { columns, rows, many, ...narrowed } = await findRows(db, list, wish)
  const pages = Math.max(1, Math.ceil(rows.length / wish.per))
  const page = Math.min(Math.max(1, wish.page), pages)
  const ids = idsOf(columns, rows.subarray((page - 1) * wish.per, page * wish.per))
  return { ...narrowed, rows, total: rows.length, many, page, pages, ids }
}

/** The ids of everything that a question and a selection mean, in order: what is handed out as a file. */
export async function findAllIds (db: Kysely<Database>, list: RegisterList, wish: Omit<Wish, 'page' | 'per'>): Promise<number[]> {
  const { columns, rows } = await findRows(db, list, wish)
  return idsOf(columns, rows)
}

const idsOf = (columns: Columns, rows: Int32Array): number[] => Array.from(rows, row => columns.ids[row] as number)

async function findRows (db: Kysely<Database>, list: RegisterList, { question, selection, sort }: Omit<Wish, 'page' | 'per'>): Promise<Narrowed & { columns: Columns, many: boolean }> {
  const columns = await columnsOf(db, list)
  const hits = question.text === '' ? null : await findHits(db, list, columns, question)
  const narrowed = narrow(columns, hits?.rows ?? null, selection)
  const order = sort === 'relevance' && hits === null ? list.usual ?? 'code' : sort
  return { ...narrowed, columns, many: hits?.many === true, rows: sortRows(columns, narrowed.rows, order, question.runs, hits?.kind ?? null) }
}

const counted = new WeakMap<RegisterList, (db: Kysely<Database>) => Promise<Narrowed['counts']>>()

/** How many records each value of each facet has. */
export async function listCounts (db: Kysely<Database>, list: RegisterList): Promise<Narrowed['counts']> {
  const known = counted.get(list) ?? perRevision(async inner => narrow(await columnsOf(inner, list), null, {}).counts)
  counted.set(list, known)
  return await known(db)
}

/** The record whose code was typed, in whatever width and case; null when there is none. */
export async function findCode (db: Kysely<Database>, list: RegisterList, typed: string): Promise<string | null> {
  const plain = typed.normalize('NFKC').replace(/\s/g, '')
  if (!/^[\w.()-]{4,80}$/.test(plain)) return null
  const columns = await columnsOf(db, list)
  return [typed, plain, plain.toUpperCase()].find(code => columns.codes[placeOf(columns, code)] === code) ?? null
}

interface Hits { rows: Int32Array, kind: Uint8Array, many: boolean }

/** Matches in names first, so that the bound never cuts them off for matches in texts. */
async function findHits (db: Kysely<Database>, list: RegisterList, columns: Columns, question: Question): Promise<Hits> {
  const kind = new Uint8Array(columns.size)
  const mark = (ids: number[], value: number): void => {
    for (const id of ids) {
      const row = columns.rowOf[id] ?? -1
      if (row >= 0 && kind[row] === 0) kind[row] = value
    }
  }
  const { runs } = question
  const names = runs.length === 0 ? [] : await listMatchingIds(db, list.table, runs, BOUND, true)
  mark(names, NAME)
  const texts = runs.length === 0 || names.length >= BOUND ? [] : await listMatchingIds(db, list.table, runs, BOUND)
  mark(texts, TEXT)
  markCodes(columns, question.text, kind)
  const rows = new Int32Array(columns.size)
  let found = 0
  for (let row = 0; row < columns.size; row++) if (kind[row] !== 0) rows[found++] = row
  return { rows: rows.subarray(0, found), kind, many: names.length >= BOUND || texts.length >= BOUND }
}

/** Records whose code begins with what was typed. */
function markCodes (columns: Columns, typed: string, kind: Uint8Array): void {
  const plain = typed.normalize('NFKC').replace(/\s/g, '').toUpperCase()
  if (!/^(?=.*\d)[\w.()-]{3,80}$/.test(plain)) return
  for (let row = placeOf(columns, plain); columns.codes[row]?.startsWith(plain) === true; row++) if (kind[row] === 0) kind[row] = NAME
}

/** Rows stand in the order of codes already. Other orders are numbers, which sort ten times faster than a comparison does. */
function sortRows (columns: Columns, rows: Int32Array, sort: string, runs: string[], kind: Uint8Array | null): Int32Array {
  const key = columns.keys[sort]
  if (key !== undefined) return sortBy(rows, row => 2 ** 31 - (key[row] as number))
  if (sort === 'code' || kind === null) return rows
  const sorted = new Int32Array(rows.length)
  const named = rows.filter(row => kind[row] === NAME)
  sorted.set(sortBy(named, row => relevance(columns, row, runs)))
  sorted.set(sortTexts(columns, rows.filter(row => kind[row] !== NAME), runs), named.length)
  return sorted
}

/** Hits in texts: those with more of the words in their names first; with one word only the ended have to go last. */
function sortTexts (columns: Columns, rows: Int32Array, runs: string[]): Int32Array {
  const ended = (row: number): number => columns.ended[row] as number
  if (runs.length > 1) return sortBy(rows, row => runs.filter(run => columns.names[row]?.includes(run) !== true).length * 2 + ended(row))
  const last = rows.filter(row => ended(row) !== 0)
  if (last.length === 0) return rows
  const sorted = new Int32Array(rows.length)
  sorted.set(rows.filter(row => ended(row) === 0))
  sorted.set(last, rows.length - last.length)
  return sorted
}

const ROWS = 2 ** 21

/** Rows by a whole number up to 2^31, then by code; a register has fewer than two million rows of a kind. */
function sortBy (rows: Int32Array, rank: (row: number) => number): Int32Array {
  const keys = new Float64Array(rows.length)
  for (let at = 0; at < rows.length; at++) keys[at] = rank(rows[at] as number) * ROWS + (rows[at] as number)
  keys.sort()
  const sorted = new Int32Array(rows.length)
  for (let at = 0; at < keys.length; at++) sorted[at] = (keys[at] as number) % ROWS
  return sorted
}

/** Of two rows with the words in name or alias the lower is better: name before alias, in force before ended, the earlier in the name, the shorter name. */
function relevance (columns: Columns, row: number, runs: string[]): number {
  const name = columns.names[row] as string
  const first = name.indexOf(runs[0] ?? '')
  const inName = first >= 0 && (runs.length === 1 || runs.every(run => name.includes(run)))
  const place = inName ? Math.min(first, 255) * 256 + Math.min(name.length, 255) : 0
  return ((inName ? 0 : 2) + (columns.ended[row] as number)) * 65_536 + place
}
