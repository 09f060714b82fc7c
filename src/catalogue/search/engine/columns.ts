import type { Kysely } from 'kysely'
import { setImmediate } from 'node:timers/promises'
import type { Database } from '../../../db/schema.ts'
import { fold } from '../../../db/text.ts'
import { perRevision } from './revision.ts'

/** What a list of matters can be narrowed by. The values stand in addresses: codes, slugs, and the field's own name. */
export const FACETS = ['category', 'agency', 'level', 'field', 'region'] as const
export type FacetName = (typeof FACETS)[number]

/** A dictionary-coded column: `keys[column[row]]` is the row's value; several values (levels) are joined by spaces. */
export interface FacetColumn { keys: string[], column: Uint16Array }

/** All matters of the register as columns, one row each, in the order of their codes. */
export interface Columns {
  size: number
  ids: Int32Array
  /** Row of an id, or -1. */
  rowOf: Int32Array
  /** Names and aliases folded for search. */
  names: string[]
  aliases: string[]
  repealed: Uint8Array
  /** Minutes since 1970. */
  updated: Float64Array
  facets: Record<FacetName, FacetColumn>
}

/** Rows read at once: about 5 ms of work on SQLite, so that nobody waits for the loading. */
const SLICE = 1000

/** The columns of the register as it is now; loaded again when its publication counter has moved. */
export const currentColumns = perRevision(async db => fill(await slugs(db), slices(db)))

type Slice = Awaited<ReturnType<typeof readSlice>>

async function readSlice (db: Kysely<Database>, after: string) {
  return await db.selectFrom('matter')
    .select(['id', 'code', 'name', 'aliases', 'category', 'agency_id', 'field', 'levels', 'region_code', 'status', 'updated_at'])
    .where('code', '>', after).orderBy('code').limit(SLICE).execute()
}

async function * slices (db: Kysely<Database>): AsyncGenerator<Slice> {
  for (let after = ''; ;) {
    const slice = await readSlice(db, after)
    const last = slice.at(-1)
    if (last === undefined) return
    yield slice
    after = last.code
    await setImmediate()
  }
}

async function slugs (db: Kysely<Database>): Promise<Map<number, string>> {
  const rows = await db.selectFrom('agency').select(['id', 'slug']).execute()
  return new Map(rows.map(row => [row.id, row.slug]))
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

async function fill (agencies: Map<number, string>, source: AsyncGenerator<Slice>): Promise<Columns> {
  const dictionaries = { category: dictionary(), agency: dictionary(), level: dictionary(), field: dictionary(), region: dictionary() }
  const [ids, names, aliases, repealed, updated] = [[] as number[], [] as string[], [] as string[], [] as number[], [] as number[]]
  for await (const slice of source) {
    for (const row of slice) {
      ids.push(row.id)
      names.push(fold(row.name))
      aliases.push(row.aliases === null ? '' : fold(row.aliases))
      repealed.push(row.status === 'in_force' ? 0 : 1)
      updated.push(Math.floor(Date.parse(row.updated_at) / 60_000))
      dictionaries.category.add(row.category)
      dictionaries.agency.add(agencies.get(row.agency_id) ?? '')
      dictionaries.level.add(row.levels)
      dictionaries.field.add(row.field ?? '')
      dictionaries.region.add(row.region_code)
    }
  }
  const facets = Object.fromEntries(FACETS.map(name => [name, { keys: dictionaries[name].keys, column: Uint16Array.from(dictionaries[name].codes) }]))
  return {
    size: ids.length,
    ids: Int32Array.from(ids),
    rowOf: rowsById(ids),
    names,
    aliases,
    repealed: Uint8Array.from(repealed),
    updated: Float64Array.from(updated),
    facets: facets as Record<FacetName, FacetColumn>
  }
}

function rowsById (ids: number[]): Int32Array {
  const rows = new Int32Array(ids.reduce((high, id) => Math.max(high, id), 0) + 1).fill(-1)
  ids.forEach((id, row) => { rows[id] = row })
  return rows
}
