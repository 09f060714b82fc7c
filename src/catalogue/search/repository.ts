import { sql } from 'kysely'
import { matchIds, type SearchTableName } from '../../db/text.ts'
import type { Db } from '../../db/schema.ts'

/** Ids of matching records as one text value: 20,000 row objects would cost more than finding them. */
export async function listMatchingIds (db: Db, table: SearchTableName, runs: string[], limit: number, inName = false): Promise<number[]> {
  const { ids } = await db.selectFrom(matchIds(db, table, runs, limit, inName).as('hit'))
    .select(sql<string | null>`string_agg(cast(hit.rowid as text), ',')`.as('ids')).executeTakeFirstOrThrow()
  return ids === null ? [] : numbersOf(ids)
}

/** Read digit by digit: half the time of cutting the text into 20,000 pieces first. */
function numbersOf (text: string): number[] {
  const numbers: number[] = []
  let number = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code !== COMMA) { number = number * 10 + code - ZERO; continue }
    numbers.push(number)
    number = 0
  }
  numbers.push(number)
  return numbers
}

const COMMA = 44
const ZERO = 48

/** How many records match, counted up to `limit`. */
export async function countMatches (db: Db, table: SearchTableName, runs: string[], limit: number): Promise<number> {
  const { hits } = await db.selectFrom(matchIds(db, table, runs, limit).as('hit'))
    .select(eb => eb.fn.countAll<number>().as('hits')).executeTakeFirstOrThrow()
  return hits
}

/** The matter whose code was typed, in whatever width and case. */
export async function findCode (db: Db, typed: string): Promise<string | null> {
  const plain = typed.normalize('NFKC').replace(/\s/g, '')
  if (!/^[\w.()-]{4,80}$/.test(plain)) return null
  const row = await db.selectFrom('matter').select('code').where('code', 'in', [typed, plain, plain.toUpperCase()]).limit(1).executeTakeFirst()
  return row?.code ?? null
}

/** Ids of the matters whose code begins with what was typed. */
export async function listIdsByCode (db: Db, typed: string, limit: number): Promise<number[]> {
  const plain = typed.normalize('NFKC').replace(/\s/g, '').toUpperCase()
  if (!/^(?=.*\d)[\w.()-]{3,80}$/.test(plain)) return []
  const rows = await db.selectFrom('matter').select('id').where('code', '>=', plain).where('code', '<', `${plain}\uFFFF`).orderBy('code').limit(limit).execute()
  return rows.map(row => row.id)
}

/** Names, holder and bases of the given matters, for a list. */
export async function listMatterRows (db: Db, ids: number[]) {
  return await db.selectFrom('matter').innerJoin('agency', 'agency.id', 'matter.agency_id')
    .select(['matter.id', 'matter.code', 'matter.name', 'matter.aliases', 'matter.category', 'matter.levels', 'matter.field', 'matter.note', 'matter.status',
      'agency.name as agency', 'agency.name_en as agency_en', 'agency.slug as agency_slug'])
    .where('matter.id', 'in', ids).execute()
}
export type MatterRow = Awaited<ReturnType<typeof listMatterRows>>[number]

/** The legal bases of the given matters, each matter's in its own order. */
export async function listBasesOf (db: Db, ids: number[]) {
  return await db.selectFrom('legal_basis').select(['matter_id', 'law_name', 'article', 'quoted_text'])
    .where('matter_id', 'in', ids).orderBy('matter_id').orderBy('seq').execute()
}
export type BasisRow = Awaited<ReturnType<typeof listBasesOf>>[number]

/** Articles with their statutes, for a list of hits. */
export async function listArticleRows (db: Db, ids: number[]) {
  return await db.selectFrom('statute_article').innerJoin('statute', 'statute.id', 'statute_article.statute_id')
    .select(['statute_article.id', 'statute_article.label', 'statute_article.article_no', 'statute_article.sub_no', 'statute_article.body', 'statute.name', 'statute.slug'])
    .where('statute_article.id', 'in', ids).execute()
}

/** The ten prohibitions; those whose text nobody verified have no title. */
export async function listProhibitionRows (db: Db) {
  return await db.selectFrom('prohibition').select(['no', 'title', 'title_en', 'summary', 'summary_en', 'text_status']).orderBy('no').execute()
}
export type ProhibitionRow = Awaited<ReturnType<typeof listProhibitionRows>>[number]
