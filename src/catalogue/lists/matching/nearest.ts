import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { conceptsOf } from '../../search/engine/concepts.ts'
import { everydayWords } from '../../search/engine/everyday.ts'
import type { RegisterList } from '../definition.ts'
import type { Columns } from '../engine/columns.ts'
import { listMatchingIds } from '../engine/repository.ts'
import { readPinyin } from './pinyin.ts'
import { inOrder, NAME, sortBy } from './rank.ts'

/** Ids of one way to say something that are looked at: what more records hold tells hardly anything. */
const LOOKED_AT = 3000
/** What a word counts in a text instead of in a name. */
const IN_TEXT = 0.35
/** Of all that was meant, and of what the best record has, a record must have at least these shares. */
const [SHARE, OF_BEST] = [0.25, 0.6]
/** More are not near any longer. */
const MOST = 100

/** `marks`: the phrases by which they were found; `readings`: what letters were taken for. */
export interface Nearest { rows: Int32Array, marks: string[], readings: string[] }

/** What comes near to a question that none or few answer word by word; the best first, nothing when nothing comes near. */
export async function nearestRows (db: Kysely<Database>, list: RegisterList, columns: Columns, runs: readonly string[]): Promise<Nearest> {
  const meant = await byMeaning(db, list, columns, runs)
  if (meant.rows.length > 0) return meant
  return await byPinyin(db, list, columns, runs)
}

/**
 * Each thing that is meant counts once, in the reader's words or in official ones, the more the rarer it is, and more in a name than in a
 * text.
 */
async function byMeaning (db: Kysely<Database>, list: RegisterList, columns: Columns, runs: readonly string[]): Promise<Nearest> {
  const score = new Float32Array(columns.size)
  const marks: string[] = []
  let meant = 0
  for (const ways of conceptsOf(runs, await everydayWords(db))) {
    const best = new Float32Array(columns.size)
    let most = 0
    for (const phrases of ways) {
      const weight = await weigh(db, list, columns, phrases, best)
      if (weight > 0) marks.push(...phrases)
      most = Math.max(most, weight)
    }
    meant += most === 0 ? Math.log(columns.size + 1) : most
    for (let row = 0; row < best.length; row++) (score[row] as number) += best[row] as number
  }
  return { rows: choose(columns, score, meant), marks, readings: [] }
}

/** Letters as pinyin: the names that hold what was meant, the likeliest reading first; of an everyday word that no name holds, what is meant by it. */
async function byPinyin (db: Kysely<Database>, list: RegisterList, columns: Columns, runs: readonly string[]): Promise<Nearest> {
  const rows = new Set<number>()
  const [marks, readings]: [string[], string[]] = [[], []]
  for (const phrases of await readPinyin(columns, await everydayWords(db), runs)) {
    const held = (await listMatchingIds(db, list.table, phrases, LOOKED_AT, true)).map(id => columns.rowOf[id] ?? -1).filter(row => row >= 0).sort((a, b) => a - b)
    const kind = new Uint8Array(columns.size).fill(NAME)
    const meant = held.length > 0 ? { rows: inOrder(columns, Int32Array.from(held), 'relevance', phrases, kind), marks: phrases } : await byMeaning(db, list, columns, phrases)
    if (meant.rows.length === 0) continue
    for (const row of meant.rows) rows.add(row)
    marks.push(...meant.marks)
    readings.push(phrases.join(' '))
  }
  return { rows: Int32Array.from([...rows].slice(0, MOST)), marks, readings }
}

/** Writes what each record gets for holding these phrases; gives what a record gets at most. */
async function weigh (db: Kysely<Database>, list: RegisterList, columns: Columns, phrases: string[], best: Float32Array): Promise<number> {
  if (phrases.length === 0) return 0
  const named = await listMatchingIds(db, list.table, phrases, LOOKED_AT, true)
  const held = named.length >= LOOKED_AT ? [] : await listMatchingIds(db, list.table, phrases, LOOKED_AT)
  const mark = (ids: number[], weight: number): void => {
    for (const id of ids) {
      const row = columns.rowOf[id] ?? -1
      if (row >= 0) best[row] = Math.max(best[row] as number, weight)
    }
  }
  const rarity = (count: number): number => Math.log((columns.size + 1) / (count + 0.5))
  const weights = [named.length === 0 ? 0 : rarity(named.length), held.length === 0 ? 0 : rarity(held.length) * IN_TEXT] as const
  mark(named, weights[0])
  mark(held, weights[1])
  return Math.max(...weights)
}

function choose (columns: Columns, score: Float32Array, meant: number): Int32Array {
  const best = score.reduce((high, value) => Math.max(high, value), 0)
  if (best === 0) return new Int32Array(0)
  const least = Math.max(best * OF_BEST, meant * SHARE)
  const rows = Int32Array.from(columns.ids.keys()).filter(row => (score[row] as number) >= least)
  return sortBy(rows, row => Math.round((1 - (score[row] as number) / (best * 1.01)) * 10_000) * 512 + (columns.ended[row] as number) * 256 + Math.min(255, (columns.names[row] as string).length)).subarray(0, MOST)
}
