import { sql } from 'kysely'
import { setImmediate } from 'node:timers/promises'
import { AppError } from '../../errors.ts'
import type { Db } from '../../db/schema.ts'
import { fold } from '../../db/text.ts'
import { articleOf } from '../../domain/records/citations.ts'
import { perRevision } from '../lists/engine/revision.ts'

interface Repeal { slug: string, name: string, article: string | null }

/** All statutes with the number of matters that rest on each, most needed first, and by which other one of the register each was repealed; `folded` is the name for search. */
export const listStatutes = perRevision(async db => {
  const statutes = await db.selectFrom('statute')
    .select(['id', 'slug', 'name', 'law_key', 'level', 'issuer', 'doc_no', 'text_date', 'effective_on', 'effective_article', 'repeals', 'article_count', 'version', 'updated_at']).orderBy('slug').execute()
  const counts = await db.selectFrom('legal_basis').select(['law_key', sql<number>`count(distinct matter_id)`.as('matters')]).groupBy('law_key').execute()
  const mattersOf = new Map(counts.map(row => [row.law_key, row.matters]))
  const repealed = repealsAmong(statutes)
  return statutes.map(({ repeals: _, ...statute }) => ({ ...statute, ...repealed.get(statute.law_key) ?? { repealed_on: null, repealed_by: null }, folded: fold(statute.name), matters: mattersOf.get(statute.law_key) ?? 0 }))
    .sort((a, b) => b.matters - a.matters || (a.slug < b.slug ? -1 : 1))
})
export type StatuteRow = Awaited<ReturnType<typeof listStatutes>>[number]

interface Repealing { slug: string, name: string, law_key: string, text_date: string, effective_on: string | null, effective_article: string | null, repeals: string | null }

/** A statute of the same name with a later text came back after its repeal, so it stands. */
function repealsAmong (statutes: readonly Repealing[]): Map<string, { repealed_on: string, repealed_by: Repeal }> {
  const byKey = new Map(statutes.map(statute => [statute.law_key, statute]))
  const found = new Map<string, { repealed_on: string, repealed_by: Repeal }>()
  for (const { slug, name, law_key: key, effective_on: on, effective_article: article, repeals } of statutes) {
    for (const target of (repeals ?? '').split('\n')) {
      const old = byKey.get(target)
      if (old !== undefined && target !== key && on !== null && old.text_date <= on) found.set(target, { repealed_on: on, repealed_by: { slug, name, article } })
    }
  }
  return found
}

/** One statute with its latest text, else `not_found`. */
export async function findStatute (db: Db, slug: string) {
  return await db.selectFrom('statute').selectAll().where('slug', '=', slug).executeTakeFirstOrThrow(() => new AppError('not_found', { slug }))
}
export type Statute = Awaited<ReturnType<typeof findStatute>>

/** The other texts of a statute, without their articles, oldest first. */
export async function listTexts (db: Db, statuteId: number) {
  return await db.selectFrom('statute_text').select(['text_date', 'effective_on', 'amended_by', 'article_count', 'version', 'updated_at']).where('statute_id', '=', statuteId).orderBy('text_date').execute()
}

export interface TextArticle { seq: number, article_no: number, sub_no: number, label: string, chapter: string | null, body: string }

/** The articles of another text of a statute. */
export async function findTextArticles (db: Db, statuteId: number, textDate: string): Promise<TextArticle[]> {
  const { data } = await db.selectFrom('statute_text').select('data').where('statute_id', '=', statuteId).where('text_date', '=', textDate).executeTakeFirstOrThrow(() => new AppError('not_found'))
  const { articles } = JSON.parse(data) as { articles: Array<Omit<TextArticle, 'seq'>> }
  return articles.map((article, seq) => ({ ...article, seq }))
}

/** All articles of the latest text, in its order. */
export async function listArticles (db: Db, statuteId: number): Promise<TextArticle[]> {
  return await db.selectFrom('statute_article').select(['seq', 'article_no', 'sub_no', 'label', 'chapter', 'body']).where('statute_id', '=', statuteId).orderBy('seq').execute()
}

/** Where each chapter begins: how many articles stand before its first one. */
export function chaptersOf<T extends { chapter: string | null }> (articles: readonly T[]): Array<{ chapter: string, before: number, first: T }> {
  return articles.flatMap((first, before) => first.chapter === null || first.chapter === articles[before - 1]?.chapter ? [] : [{ chapter: first.chapter, before, first }])
}

/** How many matters rest on each article number of a statute. */
export async function countMattersByArticle (db: Db, lawKey: string): Promise<Map<number, number>> {
  const rows = await db.selectFrom('legal_basis').select(['article_no', sql<number>`count(distinct matter_id)`.as('matters')])
    .where('law_key', '=', lawKey).groupBy('article_no').execute()
  return new Map(rows.map(row => [row.article_no ?? 0, row.matters]))
}

/** The enforcement fields of the matters that rest on a statute. */
export async function listFields (db: Db, lawKey: string): Promise<string[]> {
  const rows = await db.selectFrom('legal_basis').innerJoin('matter', 'matter.id', 'legal_basis.matter_id').select('matter.field').distinct()
    .where('legal_basis.law_key', '=', lawKey).where('matter.field', 'is not', null).orderBy('matter.field').limit(20).execute()
  return rows.flatMap(row => row.field ?? [])
}

/** The article of a number and 之 number; undefined when the statute has none. */
export async function findArticle (db: Db, statuteId: number, no: number, sub: number) {
  return await db.selectFrom('statute_article').select(['seq', 'article_no', 'sub_no', 'label', 'chapter', 'body'])
    .where('statute_id', '=', statuteId).where('article_no', '=', no).where('sub_no', '=', sub).orderBy('seq').limit(1)
    .executeTakeFirst()
}
export type ArticleRecord = NonNullable<Awaited<ReturnType<typeof findArticle>>>

/** The articles before and after one. */
export async function listNeighbours (db: Db, statuteId: number, seq: number) {
  return await db.selectFrom('statute_article').select(['seq', 'article_no', 'sub_no', 'label'])
    .where('statute_id', '=', statuteId).where('seq', 'in', [seq - 1, seq + 1]).orderBy('seq').execute()
}

/** How many articles of a statute stand before one. */
export async function countBefore (db: Db, statuteId: number, seq: number): Promise<number> {
  const { count } = await db.selectFrom('statute_article').select(eb => eb.fn.countAll<number>().as('count'))
    .where('statute_id', '=', statuteId).where('seq', '<', seq).executeTakeFirstOrThrow()
  return count
}

/** Ids of the matters that rest on an article, in the order of their codes; 第十二条之一 is not 第十二条. */
export async function listIdsByArticle (db: Db, lawKey: string, article: { article_no: number, sub_no: number, label: string }): Promise<number[]> {
  const bases = db.selectFrom('legal_basis').innerJoin('matter', 'matter.id', 'legal_basis.matter_id').select('matter.id').distinct().select('matter.code')
    .where('legal_basis.law_key', '=', lawKey).where('legal_basis.article_no', '=', article.article_no)
  const exact = article.sub_no === 0
    ? bases.where(eb => eb.or([eb('legal_basis.article', 'is', null), eb('legal_basis.article', 'not like', '%条之%')]))
    : bases.where('legal_basis.article', 'like', `${article.label}%`)
  return (await exact.orderBy('matter.code').execute()).map(row => row.id)
}

export type Discretion = 'benchmark' | 'exemption'
/** Records read between two breaths. */
const SLICE = 500

/** How many benchmarks and exemptions in force rest on each article, by `law_key article-sub`. */
export const discretionByArticle = perRevision(async db => ({ benchmark: await countCited(db, 'benchmark'), exemption: await countCited(db, 'exemption') }))

async function countCited (db: Db, kind: Discretion): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for (let after = 0; ;) {
    const rows = await db.selectFrom(kind).select(['id', 'bases']).where('status', '=', 'in_force').where('id', '>', after).orderBy('id').limit(SLICE).execute()
    for (const { bases } of rows) for (const key of citedIn(bases)) counts.set(key, (counts.get(key) ?? 0) + 1)
    const last = rows.at(-1)
    if (last === undefined) return counts
    after = last.id
    await setImmediate()
  }
}

/** The articles that the bases of one record name, each once. */
function citedIn (bases: string): Set<string> {
  const list = JSON.parse(bases) as Array<{ law_key: string, article: string | null }>
  return new Set(list.flatMap(({ law_key: key, article }) => {
    const number = articleOf(article ?? '')
    return number === null ? [] : [`${key} ${number.article}-${number.sub}`]
  }))
}
