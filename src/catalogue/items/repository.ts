import { sql } from 'kysely'
import { AppError } from '../../errors.ts'
import type { Db } from '../../db/schema.ts'
import type { ListName } from '../../domain/records/list-kinds.ts'

/** The records of a list after a code, in the order of codes. */
export async function listItemSlice (db: Db, kind: ListName, after: string, limit: number) {
  return await db.selectFrom('list_item').leftJoin('agency', 'agency.id', 'list_item.agency_id')
    .select(['list_item.id', 'list_item.code', 'list_item.title', 'list_item.category', 'list_item.region_code', 'list_item.data', 'list_item.status', 'list_item.effective_from', 'list_item.effective_to', 'list_item.updated_at', 'agency.slug as agency_slug'])
    .where('list_item.kind', '=', kind).where('list_item.code', '>', after).orderBy('list_item.code').limit(limit).execute()
}

function withNames (db: Db) {
  return db.selectFrom('list_item').leftJoin('agency', 'agency.id', 'list_item.agency_id').leftJoin('division', 'division.code', 'list_item.region_code')
    .selectAll('list_item').select(['agency.name as agency', 'agency.name_en as agency_en', 'agency.slug as agency_slug', 'division.name as region', 'division.name_en as region_en'])
}

/** The given records with their agencies and divisions. */
export async function listItems (db: Db, ids: readonly number[]) {
  return ids.length === 0 ? [] : await withNames(db).where('list_item.id', 'in', [...ids]).execute()
}
export type ItemRow = Awaited<ReturnType<typeof listItems>>[number]

/** One record of a list, else `not_found`. */
export async function findItem (db: Db, kind: ListName, code: string): Promise<ItemRow> {
  return await withNames(db).where('list_item.kind', '=', kind).where('list_item.code', '=', code).executeTakeFirstOrThrow(() => new AppError('not_found', { code }))
}

/** The legal bases of the given records, each in its own order, with the statute where the register has it. */
export async function listItemBases (db: Db, ids: readonly number[]) {
  if (ids.length === 0) return []
  return await db.selectFrom('list_item_basis').leftJoin('statute', 'statute.law_key', 'list_item_basis.law_key')
    .select(['list_item_basis.item_id', 'list_item_basis.law_name', 'list_item_basis.article', 'list_item_basis.article_no', 'statute.slug', 'statute.article_count'])
    .where('list_item_basis.item_id', 'in', [...ids]).orderBy('list_item_basis.item_id').orderBy('list_item_basis.seq').execute()
}
export type ItemBasisRow = Awaited<ReturnType<typeof listItemBases>>[number]

/** The matters of the given records, each in its own order. */
export async function listItemMatters (db: Db, ids: readonly number[]) {
  if (ids.length === 0) return []
  return await db.selectFrom('list_item_matter').innerJoin('matter', 'matter.code', 'list_item_matter.matter_code')
    .select(['list_item_matter.item_id', 'matter.code', 'matter.name', 'matter.category']).where('list_item_matter.item_id', 'in', [...ids])
    .orderBy('list_item_matter.item_id').orderBy('list_item_matter.seq').execute()
}

/** How many records each list has, how many of them nobody has verified, and when the last one was published. */
export async function countLists (db: Db) {
  return await db.selectFrom('list_item')
    .select(['kind', eb => eb.fn.countAll<number>().as('count'), sql<number>`sum(1 - verified)`.as('unverified'), eb => eb.fn.max('updated_at').as('updated_at')])
    .groupBy('kind').execute()
}

/** How many records in force each list has of one agency. */
export async function countByAgency (db: Db, agencyId: number): Promise<Array<{ kind: string, count: number }>> {
  return await db.selectFrom('list_item').select(['kind', eb => eb.fn.countAll<number>().as('count')])
    .where('agency_id', '=', agencyId).where('status', '=', 'in_force').groupBy('kind').execute()
}

/** The records in force that are about a matter. */
export async function listByMatter (db: Db, code: string) {
  return await db.selectFrom('list_item_matter').innerJoin('list_item', 'list_item.id', 'list_item_matter.item_id')
    .select(['list_item.kind', 'list_item.code', 'list_item.title', 'list_item.fictional', 'list_item.data']).where('list_item_matter.matter_code', '=', code).where('list_item.status', '=', 'in_force')
    .orderBy('list_item.kind').orderBy('list_item.code').execute()
}

/** The records in force that rest on an article of a statute; the label as it begins in citations, so that 第十二条之一 is not 第十二条. */
export async function listByArticle (db: Db, lawKey: string, article: { article_no: number, sub_no: number, label: string }) {
  const cited = db.selectFrom('list_item_basis').innerJoin('list_item', 'list_item.id', 'list_item_basis.item_id')
    .select(['list_item.kind', 'list_item.code', 'list_item.title', 'list_item.fictional', 'list_item.data']).distinct()
    .where('list_item_basis.law_key', '=', lawKey).where('list_item_basis.article_no', '=', article.article_no).where('list_item.status', '=', 'in_force')
  const exact = article.sub_no === 0
    ? cited.where(eb => eb.or([eb('list_item_basis.article', 'is', null), eb('list_item_basis.article', 'not like', '%条之%')]))
    : cited.where('list_item_basis.article', 'like', `${article.label}%`)
  return await exact.orderBy('list_item.kind').orderBy('list_item.code').execute()
}
export type CitingRow = Awaited<ReturnType<typeof listByMatter>>[number]

/** How many records in force rest on each article number of a statute. */
export async function countByArticle (db: Db, lawKey: string): Promise<Map<number, number>> {
  const rows = await db.selectFrom('list_item_basis').innerJoin('list_item', 'list_item.id', 'list_item_basis.item_id')
    .select(['list_item_basis.article_no', sql<number>`count(distinct list_item.id)`.as('count')])
    .where('list_item_basis.law_key', '=', lawKey).where('list_item.status', '=', 'in_force').groupBy('list_item_basis.article_no').execute()
  return new Map(rows.map(row => [row.article_no ?? 0, row.count]))
}

/** Other records of a list in the same division, for a page's neighbours; at most six. */
export async function listNearby (db: Db, { kind, region_code: region, id }: ItemRow) {
  return await db.selectFrom('list_item').select(['code', 'title', 'data']).where('kind', '=', kind).where('region_code', '=', region).where('id', '!=', id)
    .where('status', '=', 'in_force').orderBy('code').limit(60).execute()
}
