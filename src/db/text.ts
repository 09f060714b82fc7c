import { sql, type SelectQueryBuilder } from 'kysely'
import { engineOf } from './open.ts'
import type { Database, Db } from './schema.ts'
import { simplify } from './simplified.ts'

export type SearchTableName = 'matter_search' | 'article_search' | 'decision_search' | 'agency_search' | 'benchmark_search' | 'exemption_search' | 'list_item_search' | 'statute_search'

const HAN = /\p{Script=Han}/u
const RUNS = /\p{Script=Han}+|[\p{L}\p{N}]+/gu

/** The one folding of text for search: full-width to half-width, lower case, traditional characters to simplified ones. */
export function fold (text: string): string {
  return simplify(text.normalize('NFKC').toLowerCase())
}

/** Index terms: overlapping pairs of each run of Han characters and its last character alone; other letters and digits as words. */
export function terms (text: string): string[] {
  const found: string[] = []
  for (const [run] of fold(text).matchAll(RUNS)) {
    if (!HAN.test(run)) { found.push(run); continue }
    const characters = Array.from(run)
    for (let at = 0; at + 1 < characters.length; at++) found.push(`${characters[at]}${characters[at + 1]}`)
    found.push(characters.at(-1) as string)
  }
  return found
}

/** What a reader typed, cut into runs: each becomes one phrase; all must match. At most eight runs of 40 characters count, each once: the engines would look for it again. */
export function queryRuns (query: string): string[] {
  return [...new Set(Array.from(fold(query.slice(0, 400)).matchAll(RUNS), ([run]) => Array.from(run).slice(0, 40).join('')))].slice(0, 8)
}

function phrase (run: string): { pairs: string[], prefix: boolean } {
  const characters = Array.from(run)
  if (!HAN.test(run)) return { pairs: [run], prefix: true }
  if (characters.length === 1) return { pairs: [run], prefix: true }
  return { pairs: characters.slice(0, -1).map((character, at) => `${character}${characters[at + 1]}`), prefix: false }
}

function fts5 (runs: string[]): string {
  return runs.map(phrase).map(({ pairs, prefix }) => `"${pairs.join(' ')}"${prefix ? '*' : ''}`).join(' AND ')
}

function tsquery (runs: string[]): string {
  return runs.map(phrase).map(({ pairs, prefix }) => `(${pairs.map(pair => `'${pair}'${prefix ? ':*' : ''}`).join(' <-> ')})`).join(' & ')
}

export interface IndexedText { id: number, name: string, body: string }

/** Stores the terms of records; call it in the transaction that writes them. On PostgreSQL one statement instead of one each: imports take half the time. */
export async function indexTexts (db: Db, table: SearchTableName, texts: IndexedText[]): Promise<void> {
  if (texts.length === 0) return
  if (engineOf(db) === 'sqlite') {
    for (const { id, name, body } of texts) {
      await sql`insert or replace into ${sql.table(table)} (rowid, name, body) values (${id}, ${terms(name).join(' ')}, ${terms(body).join(' ')})`.execute(db)
    }
  } else {
    const rows = texts.map(({ id, name, body }) => sql`(${id}::integer, ${vector(terms(name))}::tsvector, ${vector(terms(body))}::tsvector)`)
    await sql`insert into ${sql.table(table)} (rowid, name, body) values ${sql.join(rows)}
      on conflict (rowid) do update set name = excluded.name, body = excluded.body`.execute(db)
  }
}

/** Takes a record out of the search. */
export async function unindexText (db: Db, table: SearchTableName, id: number): Promise<void> {
  await sql`delete from ${sql.table(table)} where rowid = ${id}`.execute(db)
}

/** Positions are written by hand: the result does not depend on PostgreSQL's parser or locale. A vector holds at most 16,383 positions. */
function vector (words: string[]): string {
  const places = new Map<string, number[]>()
  for (const [at, word] of words.slice(0, 16_000).entries()) {
    const list = places.get(word) ?? []
    if (list.length < 255) list.push(at + 1)
    places.set(word, list)
  }
  return Array.from(places, ([word, list]) => `'${word}':${list.join(',')}`).join(' ')
}

/** Ids of matching records, newest first, at most `limit`. `inName` asks for matches in the name alone. */
export function matchIds (db: Db, table: SearchTableName, runs: string[], limit: number, inName = false): SelectQueryBuilder<Database, SearchTableName, { rowid: number }> {
  const base = db.selectFrom(table).select('rowid').limit(limit)
  if (engineOf(db) === 'sqlite') {
    const match = inName ? `{name} : (${fts5(runs)})` : fts5(runs)
    return base.where(sql<boolean>`${sql.table(table)} match ${match}`).orderBy('rowid', 'desc')
  }
  // No order in SQL: with one, the planner walks the primary key backwards and a rare word costs a second.
  const column = inName ? sql`name` : sql`(name || body)`
  return base.where(sql<boolean>`${column} @@ ${tsquery(runs)}::tsquery`)
}
