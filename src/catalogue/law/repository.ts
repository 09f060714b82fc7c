import { sql } from 'kysely'
import { AppError } from '../../errors.ts'
import type { Db } from '../../db/schema.ts'
import { fold } from '../../db/text.ts'
import { perRevision } from '../lists/engine/revision.ts'

/** All statutes with the number of matters that rest on each, most needed first; `folded` is the name for search. */
export const listStatutes = perRevision(async db => {
  const statutes = await db.selectFrom('statute').select(['slug', 'name', 'law_key', 'level', 'text_date', 'article_count']).orderBy('slug').execute()
  const counts = await db.selectFrom('legal_basis').select(['law_key', sql<number>`count(distinct matter_id)`.as('matters')]).groupBy('law_key').execute()
  const mattersOf = new Map(counts.map(row => [row.law_key, row.matters]))
  return statutes.map(statute => ({ ...statute, folded: fold(statute.name), matters: mattersOf.get(statute.law_key) ?? 0 }))
    .sort((a, b) => b.matters - a.matters || (a.slug < b.slug ? -1 : 1))
})
export type StatuteRow = Awaited<ReturnType<typeof listStatutes>>[number]

/** One statute, else `not_found`. */
export async function findStatute (db: Db, slug: string) {
  return await db.selectFrom('statute').selectAll().where('slug', '=', slug).executeTakeFirstOrThrow(() => new AppError('not_found', { slug }))
}

/** One page of the articles of a statute, in its order. */
export async function listArticlePage (db: Db, statuteId: number, page: number, per: number) {
  return await db.selectFrom('statute_article').select(['seq', 'article_no', 'sub_no', 'label', 'chapter', 'body'])
    .where('statute_id', '=', statuteId).orderBy('seq').limit(per).offset((page - 1) * per).execute()
}

/** Where each chapter begins: how many articles stand before its first one. */
export async function listChapters (db: Db, statuteId: number): Promise<Array<{ chapter: string, before: number, label: string }>> {
  const rows = await db.selectFrom('statute_article').select(['chapter', 'label']).where('statute_id', '=', statuteId).orderBy('seq').execute()
  return rows.flatMap(({ chapter, label }, before) => chapter === null || chapter === rows[before - 1]?.chapter ? [] : [{ chapter, before, label }])
}

/** How many matters rest on each article number of a statute. */
export async function countMattersByArticle (db: Db, lawKey: string): Promise<Map<number, number>> {
  const rows = await db.selectFrom('legal_basis').select(['article_no', sql<number>`count(distinct matter_id)`.as('matters')])
    .where('law_key', '=', lawKey).groupBy('article_no').execute()
  return new Map(rows.map(row => [row.article_no ?? 0, row.matters]))
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
