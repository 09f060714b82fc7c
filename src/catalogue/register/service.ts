import { AGENCIES } from '../agencies/list.ts'
import { DECISIONS } from '../decisions/list.ts'
import { BENCHMARKS } from '../benchmarks/list.ts'
import { EXEMPTIONS } from '../exemptions/list.ts'
import { ITEM_LISTS } from '../items/list.ts'
import { STATUTES } from '../law/list.ts'
import type { Kysely } from 'kysely'
import { setImmediate } from 'node:timers/promises'
import type { Database } from '../../db/schema.ts'
import { AppError } from '../../errors.ts'
import { columnsOf, placeOf } from '../lists/engine/columns.ts'
import { findAllIds, type Wish } from '../lists/engine/find.ts'
import type { ListQuery, PublicRecord, RegisterList } from '../lists/definition.ts'
import { perRevision } from '../lists/engine/revision.ts'
import { readWish } from '../lists/wish.ts'
import { MATTERS } from '../matters/list.ts'
import { PLAIN_SETS, setOf, type Named, type PublicSet } from './sets.ts'

export type { Named, PublicSet }

/** Every list of the public register. What stands here has a page, is found by the search and handed out in every format. */
export const REGISTER: readonly RegisterList[] = [MATTERS, AGENCIES, BENCHMARKS, EXEMPTIONS, DECISIONS, STATUTES, ...ITEM_LISTS]

/** The list of a name as it stands in addresses. */
export function listNamed (name: string): RegisterList | undefined {
  return REGISTER.find(list => list.name === name)
}

/** Everything that is handed out: the lists, and what has a page of its own kind. */
export const SETS: readonly PublicSet[] = [...REGISTER.map(setOf), ...PLAIN_SETS.filter(set => !REGISTER.some(list => list.record === set.record))]

/** The set of a name; undefined when there is none any more. */
export function findSet (name: string): PublicSet | undefined {
  return SETS.find(set => set.name === name)
}

/** The set of a name as it stands in addresses, else `not_found`. */
export function setNamed (name: string): PublicSet {
  const found = findSet(name)
  if (found === undefined) throw new AppError('not_found', { set: name })
  return found
}

/** What an address of a list asks for; null for a set that is only handed out whole. Throws bad_request for more values than a page takes. */
export function readSetWish (set: PublicSet, query: Readonly<Record<string, unknown>>): Wish | null {
  if (set.list === null) return null
  for (const value of Object.values(query)) if (Array.isArray(value) ? value.length > 50 : String(value).length > 2000) throw new AppError('bad_request')
  const scalar = (value: unknown): unknown => Array.isArray(value) ? value[0] : value
  const plain = Object.fromEntries(['q', 'sort', 'per', 'page'].flatMap(name => query[name] === undefined ? [] : [[name, scalar(query[name])]]))
  return readWish(set.list, { ...query, ...plain } as ListQuery)
}

/** The ids of everything that a wish means, as its page orders it; without one the whole set in the order of codes. */
export async function idsOf (db: Kysely<Database>, set: PublicSet, wish: Wish | null): Promise<number[]> {
  if (set.list === null) return (await indexOf(db, set)).ids
  return wish === null ? Array.from((await columnsOf(db, set.list)).ids) : await findAllIds(db, set.list, wish)
}

interface Index { ids: number[], codes: string[] }
const indexes = new WeakMap<PublicSet, (db: Kysely<Database>) => Promise<Index>>()

/** The records of a set that has no list, in the order of their codes, kept until something is published. */
async function indexOf (db: Kysely<Database>, set: PublicSet): Promise<Index> {
  const known = indexes.get(set) ?? perRevision(async inner => {
    const all = await set.slice(inner, '', 1_000_000)
    return { ids: all.map(row => row.id), codes: all.map(row => row.code) }
  })
  indexes.set(set, known)
  return await known(db)
}

/** How many records of a set are public. */
export async function sizeOf (db: Kysely<Database>, set: PublicSet): Promise<number> {
  return set.list === null ? (await indexOf(db, set)).ids.length : (await columnsOf(db, set.list)).size
}

/** A record by the code in its address; null when the public has none of this code. */
export async function findRecord (db: Kysely<Database>, set: PublicSet, code: string): Promise<Named | null> {
  const id = await findId(db, set, code)
  if (id === null) return null
  const [record] = await set.records(db, [id])
  const name = record?.['name'] ?? record?.['title'] ?? record?.['number'] ?? null
  return { id, code, name: typeof name === 'string' ? name : null }
}

async function findId (db: Kysely<Database>, set: PublicSet, code: string): Promise<number | null> {
  if (set.list === null) {
    const { ids, codes } = await indexOf(db, set)
    return ids[codes.indexOf(code)] ?? null
  }
  const columns = await columnsOf(db, set.list)
  const row = placeOf(columns, code)
  return columns.codes[row] === code ? columns.ids[row] ?? null : null
}

/** Codes of public records by their ids; undefined for what the public does not see. */
export async function codesById (db: Kysely<Database>, set: PublicSet): Promise<(id: number) => string | undefined> {
  if (set.list === null) {
    const { ids, codes } = await indexOf(db, set)
    const byId = new Map(ids.map((id, at) => [id, codes[at]]))
    return id => byId.get(id)
  }
  const columns = await columnsOf(db, set.list)
  return id => columns.codes[columns.rowOf[id] ?? -1]
}

/** Records read at once: some 10 ms of work, so that nobody waits while a file is written. */
const SLICE = 200

/** The public data of many records, a slice at a time, with air for others between. Whoever stops reading stops the work. */
export async function * readRecords (db: Kysely<Database>, set: PublicSet, ids: readonly number[]): AsyncGenerator<PublicRecord[]> {
  for (let at = 0; at < ids.length; at += SLICE) {
    yield await set.records(db, ids.slice(at, at + SLICE))
    await setImmediate()
  }
}
