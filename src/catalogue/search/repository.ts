import type { Db } from '../../db/schema.ts'

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
