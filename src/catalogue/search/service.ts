import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { currentColumns, type Columns } from './engine/columns.ts'
import { perRevision } from './engine/revision.ts'
import { narrow, type Narrowed, type Selection } from './engine/facets.ts'
import { readQuestion, type Question } from './engine/query.ts'
import { highlight, holdsAll, snippet, type Piece } from './engine/snippet.ts'
import { countMatches, listBasesOf, listIdsByCode, listMatchingIds, listMatterRows, type BasisRow, type MatterRow } from './repository.ts'

/** More hits than this are neither counted nor ranked: the page says so. */
const BOUND = 20_000
export const SORTS = ['relevance', 'code', 'updated'] as const
export type Sort = (typeof SORTS)[number]
export interface Wish { question: Question, selection: Selection, sort: Sort, page: number, per: number }

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

/** The matters that a question and a selection mean, one page of them, with the counts of every facet. */
export async function searchMatters (db: Kysely<Database>, wish: Wish): Promise<Found> {
  const columns = await currentColumns(db)
  const { question, selection } = wish
  const asked = question.text !== ''
  const hits = asked ? await findHits(db, columns, question) : null
  const narrowed = narrow(columns, hits?.rows ?? null, selection)
  const rows = sortRows(columns, narrowed.rows, wish.sort, question.runs, hits?.kind ?? null)
  const pages = Math.max(1, Math.ceil(rows.length / wish.per))
  const page = Math.min(Math.max(1, wish.page), pages)
  const ids = Array.from(rows.subarray((page - 1) * wish.per, page * wish.per), row => columns.ids[row] as number)
  return { ...narrowed, total: rows.length, many: hits?.many === true, page, pages, ids }
}

/** How many matters each agency, category, level, field and region has. */
export const matterCounts = perRevision(async db => narrow(await currentColumns(db), null, {}).counts)

interface Hits { rows: Int32Array, kind: Uint8Array, many: boolean }

/** Matches in names first, so that the bound never cuts them off for matches in texts. */
async function findHits (db: Kysely<Database>, columns: Columns, question: Question): Promise<Hits> {
  const kind = new Uint8Array(columns.size)
  const mark = (ids: number[], value: number): void => {
    for (const id of ids) {
      const row = columns.rowOf[id] ?? -1
      if (row >= 0 && kind[row] === 0) kind[row] = value
    }
  }
  const { runs } = question
  const names = runs.length === 0 ? [] : await listMatchingIds(db, 'matter_search', runs, BOUND, true)
  mark(names, NAME)
  const texts = runs.length === 0 || names.length >= BOUND ? [] : await listMatchingIds(db, 'matter_search', runs, BOUND)
  mark(texts, TEXT)
  mark(await listIdsByCode(db, question.text, BOUND), NAME)
  const rows = new Int32Array(columns.size)
  let found = 0
  for (let row = 0; row < columns.size; row++) if (kind[row] !== 0) rows[found++] = row
  return { rows: rows.subarray(0, found), kind, many: names.length >= BOUND || texts.length >= BOUND }
}

/** Rows stand in the order of codes already. Other orders are numbers, which sort ten times faster than a comparison does. */
function sortRows (columns: Columns, rows: Int32Array, sort: Sort, runs: string[], kind: Uint8Array | null): Int32Array {
  if (sort === 'updated') return sortBy(rows, row => NEVER - (columns.updated[row] as number))
  if (sort === 'code' || kind === null) return rows
  const sorted = new Int32Array(rows.length)
  const named = rows.filter(row => kind[row] === NAME)
  sorted.set(sortBy(named, row => relevance(columns, row, runs)))
  sorted.set(sortTexts(columns, rows.filter(row => kind[row] !== NAME), runs), named.length)
  return sorted
}

/** Hits in texts: those with more of the words in their names first; with one word only the repealed have to go last. */
function sortTexts (columns: Columns, rows: Int32Array, runs: string[]): Int32Array {
  const repealed = (row: number): number => columns.repealed[row] as number
  if (runs.length > 1) return sortBy(rows, row => runs.filter(run => columns.names[row]?.includes(run) !== true).length * 2 + repealed(row))
  const ended = rows.filter(row => repealed(row) !== 0)
  if (ended.length === 0) return rows
  const sorted = new Int32Array(rows.length)
  sorted.set(rows.filter(row => repealed(row) === 0))
  sorted.set(ended, rows.length - ended.length)
  return sorted
}

const ROWS = 2 ** 22
/** Minutes since 1970, some time in 2097. */
const NEVER = 2 ** 26

/** Rows by a whole number below 2^31, then by code. */
function sortBy (rows: Int32Array, rank: (row: number) => number): Int32Array {
  const keys = new Float64Array(rows.length)
  for (let at = 0; at < rows.length; at++) keys[at] = rank(rows[at] as number) * ROWS + (rows[at] as number)
  keys.sort()
  const sorted = new Int32Array(rows.length)
  for (let at = 0; at < keys.length; at++) sorted[at] = (keys[at] as number) % ROWS
  return sorted
}

/** Of two rows with the words in name or alias the lower is better: name before alias, in force before repealed, the earlier in the name, the shorter name. */
function relevance (columns: Columns, row: number, runs: string[]): number {
  const name = columns.names[row] as string
  const first = name.indexOf(runs[0] ?? '')
  const inName = first >= 0 && (runs.length === 1 || runs.every(run => name.includes(run)))
  const place = inName ? Math.min(first, 255) * 256 + Math.min(name.length, 255) : 0
  return ((inName ? 0 : 2) + (columns.repealed[row] as number)) * 65_536 + place
}

export interface MatterHit extends Omit<MatterRow, 'name' | 'status'> {
  name: Piece[]
  /** Where the words stand when they are not all in the name. */
  snippet: Piece[] | null
  basis: { law: string, article: string | null, more: number } | null
  repealed: boolean
}

/** The rows of a page in the order of `ids`, with what was found in each. */
export async function describeMatters (db: Kysely<Database>, ids: number[], runs: string[]): Promise<MatterHit[]> {
  if (ids.length === 0) return []
  const [rows, bases] = [await listMatterRows(db, ids), Map.groupBy(await listBasesOf(db, ids), basis => basis.matter_id)]
  const byId = new Map(rows.map(row => [row.id, row]))
  return ids.flatMap(id => {
    const row = byId.get(id)
    return row === undefined ? [] : [describe(row, bases.get(id) ?? [], runs)]
  })
}

function describe (row: MatterRow, bases: BasisRow[], runs: string[]): MatterHit {
  const { name, status, ...rest } = row
  const [first] = bases
  return {
    ...rest,
    name: highlight(name, runs),
    snippet: runs.length === 0 || holdsAll(name, runs) ? null : bestSnippet(row, bases, runs.filter(run => !holdsAll(name, [run]))),
    basis: first === undefined ? null : { law: first.law_name.replace(/^《(.*)》$/u, '$1'), article: first.article, more: bases.length - 1 },
    repealed: status !== 'in_force'
  }
}

/** The first text that holds most of the phrases that the name lacks. */
function bestSnippet (row: MatterRow, bases: BasisRow[], runs: string[]): Piece[] | null {
  const texts = [row.aliases, ...bases.map(basis => `《${basis.law_name.replace(/[《》]/g, '')}》${basis.article ?? ''}${basis.quoted_text === null ? '' : `：${basis.quoted_text}`}`), row.agency, row.field, row.note]
    .filter(text => text !== null)
  const best = texts.find(text => holdsAll(text, runs)) ?? texts.find(text => runs.some(run => holdsAll(text, [run])))
  return best === undefined ? null : snippet(best, runs)
}

export interface Suggestion { words: string, count: number }

const WORDS = new Intl.Segmenter('zh-CN', { granularity: 'word' })
/** A word that more matters hold than this narrows nothing down. */
const TELLING = 300

/** Where nothing was found: the parts of the question between its spaces, then its single words, that occur and do not occur everywhere. */
export async function suggestWords (db: Kysely<Database>, question: Question): Promise<Suggestion[]> {
  const single = question.runs.flatMap(run => Array.from(WORDS.segment(run), ({ segment }) => segment).filter(word => /^\p{Script=Han}{2,}$/u.test(word) && word !== run))
  const tries = [...new Set([...question.runs.length > 1 ? question.runs : [], ...single])].slice(0, 12)
  const found: Suggestion[] = []
  for (const words of tries) {
    if (found.length === 5) break
    const count = await countMatches(db, 'matter_search', [...readQuestion(words).runs], TELLING + 1)
    if (count > 0 && count <= TELLING && !found.some(other => other.words.includes(words))) found.push({ words, count })
  }
  return found
}
