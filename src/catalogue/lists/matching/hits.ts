import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { everydayIn, everydayWords } from '../../search/engine/everyday.ts'
import type { Question } from '../../search/engine/query.ts'
import type { RegisterList } from '../definition.ts'
import { placeOf, type Columns } from '../engine/columns.ts'
import { listMatchingIds } from '../engine/repository.ts'
import { nearestRows, type Nearest } from './nearest.ts'
import { NAME, TEXT } from './rank.ts'

/** More hits than this are neither counted nor ranked: the page says so. */
const BOUND = 20_000
/** Fewer hits than this are few. */
export const FEW = 5
const NOTHING: Nearest = { rows: new Int32Array(0), marks: [], readings: [] }

export interface Hits {
  /** What holds all that was asked, in the order of codes. */
  rows: Int32Array
  /** Where each row holds it; 0 for what only comes near. */
  kind: Uint8Array
  /** What comes near, the best first; nothing where enough holds all. */
  near: Nearest
  /** The bound was reached: there are more. */
  many: boolean
}

/** The records that a question means: those that hold all its phrases or begin with its code, and what comes near where there are none, or few for an everyday word, unless only those are wanted. */
export async function findHits (db: Kysely<Database>, list: RegisterList, columns: Columns, question: Question, strict: boolean): Promise<Hits> {
  const held = await holding(db, list, columns, question)
  const enough = held.rows.length >= FEW || (held.rows.length > 0 && everydayIn(question.runs.join(' '), await everydayWords(db)).length === 0)
  if (strict || enough) return { ...held, near: NOTHING }
  const near = await nearestRows(db, list, columns, question.runs)
  return { ...held, near: { ...near, rows: near.rows.filter(row => held.kind[row] === 0) } }
}

/** Matches in names first, so that the bound never cuts them off for matches in texts. */
async function holding (db: Kysely<Database>, list: RegisterList, columns: Columns, { text, runs }: Question): Promise<Omit<Hits, 'near'>> {
  const kind = new Uint8Array(columns.size)
  const mark = (ids: number[], value: number): void => {
    for (const id of ids) {
      const row = columns.rowOf[id] ?? -1
      if (row >= 0 && kind[row] === 0) kind[row] = value
    }
  }
  const names = runs.length === 0 ? [] : await listMatchingIds(db, list.table, runs, BOUND, true)
  mark(names, NAME)
  const texts = runs.length === 0 || names.length >= BOUND ? [] : await listMatchingIds(db, list.table, runs, BOUND)
  mark(texts, TEXT)
  markCodes(columns, text, kind)
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
