import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import type { Question } from '../../search/engine/query.ts'
import type { RegisterList } from '../definition.ts'
import { columnsOf, placeOf, type Columns } from './columns.ts'
import { narrow, type Narrowed, type Selection } from './facets.ts'
import { findHits } from '../matching/hits.ts'
import { inOrder } from '../matching/rank.ts'
import { perRevision } from './revision.ts'

/** What somebody wants of a list. `sort` is `relevance`, `code` or an order of the list's own; `strict` leaves out what only comes near. */
export interface Wish { question: Question, selection: Selection, sort: string, page: number, per: number, strict?: boolean }

export interface Found extends Narrowed {
  total: number
  /** How many of them hold all that was asked; the rest, at the end, only comes near. */
  exact: number
  /** The phrases by which these came near; `readings`: what letters were taken for. */
  marks: string[]
  readings: string[]
  /** The bound was reached: there are more than `total`. */
  many: boolean
  /** Page actually shown: the last one when a later was asked for. */
  page: number
  pages: number
  /** Ids of this page, in order. */
  ids: number[]
}

/** The records that a question and a selection mean, one page of them, with the counts of every facet. */
export async function findInList (db: Kysely<Database>, list: RegisterList, wish: Wish): Promise<Found> {
  const { columns, rows, ...found } = await findRows(db, list, wish)
  const pages = Math.max(1, Math.ceil(rows.length / wish.per))
  const page = Math.min(Math.max(1, wish.page), pages)
  const ids = idsOf(columns, rows.subarray((page - 1) * wish.per, page * wish.per))
  return { ...found, rows, total: rows.length, page, pages, ids }
}

/** The ids of everything that a question and a selection mean, in order: what is handed out as a file. */
export async function findAllIds (db: Kysely<Database>, list: RegisterList, wish: Omit<Wish, 'page' | 'per'>): Promise<number[]> {
  const { columns, rows } = await findRows(db, list, wish)
  return idsOf(columns, rows)
}

const idsOf = (columns: Columns, rows: Int32Array): number[] => Array.from(rows, row => columns.ids[row] as number)

interface Rows extends Narrowed { columns: Columns, many: boolean, exact: number, marks: string[], readings: string[] }

async function findRows (db: Kysely<Database>, list: RegisterList, { question, selection, sort, strict = false }: Omit<Wish, 'page' | 'per'>): Promise<Rows> {
  const columns = await columnsOf(db, list)
  if (question.text === '') {
    const narrowed = narrow(columns, null, selection)
    return { ...narrowed, columns, many: false, exact: narrowed.rows.length, marks: [], readings: [], rows: inOrder(columns, narrowed.rows, sort === 'relevance' ? list.usual ?? 'code' : sort, [], null) }
  }
  const { rows, near, kind, many } = await findHits(db, list, columns, question, strict)
  const narrowed = narrow(columns, joined(rows, near.rows), selection)
  const exact = near.rows.length === 0 ? narrowed.rows : narrowed.rows.filter(row => kind[row] !== 0)
  const sorted = inOrder(columns, exact, sort, question.runs, kind)
  return { ...narrowed, columns, many, exact: exact.length, marks: near.marks, readings: near.readings, rows: joined(sorted, narrowed.rows.subarray(exact.length)) }
}

/** What comes near stands after what holds all, also in other orders. */
function joined (first: Int32Array, second: Int32Array): Int32Array {
  return second.length === 0 ? first : Int32Array.from([...first, ...second])
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
