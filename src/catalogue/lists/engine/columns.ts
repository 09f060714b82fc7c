import type { Kysely } from 'kysely'
import { setImmediate } from 'node:timers/promises'
import type { Database } from '../../../db/schema.ts'
import { fold } from '../../../db/text.ts'
import type { ListRow, RegisterList } from '../definition.ts'
import { perRevision } from './revision.ts'

/** A dictionary-coded column: `keys[column[row]]` is the row's value; several values are joined as the facet's rule says. */
export interface FacetColumn { keys: string[], column: Uint16Array | Uint32Array, several: string | undefined }

/** All public records of a list as columns, one row each, in the order of their codes. */
export interface Columns {
  size: number
  ids: Int32Array
  /** Row of an id, or -1. */
  rowOf: Int32Array
  codes: string[]
  /** Names and aliases folded for search. */
  names: string[]
  aliases: string[]
  ended: Uint8Array
  /** What each order counts by, the larger first. */
  keys: Readonly<Record<string, Float64Array>>
  facets: Readonly<Record<string, FacetColumn>>
}

/** Rows read at once: about 5 ms of work on SQLite, so that nobody waits for the loading. */
const SLICE = 1000

const loaders = new WeakMap<RegisterList, (db: Kysely<Database>) => Promise<Columns>>()

/** The columns of a list as it is now; loaded again when the publication counter has moved. */
export async function columnsOf (db: Kysely<Database>, list: RegisterList): Promise<Columns> {
  const known = loaders.get(list) ?? perRevision(async inner => await fill(list, slices(inner, list)))
  loaders.set(list, known)
  return await known(db)
}

async function * slices (db: Kysely<Database>, list: RegisterList): AsyncGenerator<ListRow[]> {
  for (let after = ''; ;) {
    const slice = await list.read(db, after, SLICE)
    const last = slice.at(-1)
    if (last === undefined) return
    yield slice
    after = last.code
    await setImmediate()
  }
}

/** Gives each distinct value a small number. */
function dictionary (): { keys: string[], codes: number[], add: (key: string) => void } {
  const numbers = new Map<string, number>()
  const keys: string[] = []
  const codes: number[] = []
  return {
    keys,
    codes,
    add (key) {
      const known = numbers.get(key) ?? keys.push(key) - 1
      numbers.set(key, known)
      codes.push(known)
    }
  }
}

async function fill (list: RegisterList, source: AsyncGenerator<ListRow[]>): Promise<Columns> {
  const dictionaries = list.facets.map(dictionary)
  const keys = list.sorts.map((): number[] => [])
  const [ids, codes, names, aliases, ended] = [[] as number[], [] as string[], [] as string[], [] as string[], [] as number[]]
  for await (const slice of source) {
    for (const row of slice) {
      ids.push(row.id)
      codes.push(row.code)
      names.push(fold(row.name))
      aliases.push(row.aliases === '' ? '' : fold(row.aliases))
      ended.push(row.ended ? 1 : 0)
      for (const [at, facet] of list.facets.entries()) dictionaries[at]?.add(row.values[facet.name] ?? '')
      for (const [at, sort] of list.sorts.entries()) keys[at]?.push(Math.min(Math.max(0, row.keys[sort] ?? 0), 2 ** 31))
    }
  }
  return {
    size: ids.length,
    ids: Int32Array.from(ids),
    rowOf: rowsById(ids),
    codes,
    names,
    aliases,
    ended: Uint8Array.from(ended),
    keys: Object.fromEntries(list.sorts.map((sort, at) => [sort, Float64Array.from(keys[at] ?? [])])),
    facets: Object.fromEntries(list.facets.map((facet, at) => [facet.name, { keys: dictionaries[at]?.keys ?? [], column: narrowest(dictionaries[at]), several: facet.several }]))
  }
}

/** Two bytes a row, four where a facet has more than 65,536 values (the matters of decisions). */
function narrowest (made: ReturnType<typeof dictionary> | undefined): Uint16Array | Uint32Array {
  const codes = made?.codes ?? []
  return (made?.keys.length ?? 0) > 65_536 ? Uint32Array.from(codes) : Uint16Array.from(codes)
}

function rowsById (ids: number[]): Int32Array {
  const rows = new Int32Array(ids.reduce((high, id) => Math.max(high, id), 0) + 1).fill(-1)
  ids.forEach((id, row) => { rows[id] = row })
  return rows
}

/** The first row whose code is not below a text: where a code would stand. */
export function placeOf (columns: Columns, code: string): number {
  let [low, high] = [0, columns.size]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((columns.codes[middle] as string) < code) low = middle + 1
    else high = middle
  }
  return low
}

/** The values that records of a list have in a facet. */
export async function knownValues (db: Kysely<Database>, list: RegisterList, facet: string): Promise<ReadonlySet<string>> {
  const found = (await columnsOf(db, list)).facets[facet]
  return new Set(found?.keys.flatMap(key => found.several === undefined ? [key] : key.split(found.several)))
}
