import { sql } from 'kysely'
import { prepared } from '../../db/prepared.ts'
import type { Db } from '../../db/schema.ts'

const matterOf = prepared((db, code: string) => db.selectFrom('matter').innerJoin('agency', 'agency.id', 'matter.agency_id').leftJoin('division', 'division.code', 'matter.region_code')
  .selectAll('matter').select(['agency.name as agency', 'agency.name_en as agency_en', 'agency.slug as agency_slug', 'division.name as region', 'division.name_en as region_en'])
  .where('matter.code', '=', code))

/** One matter with its agency and division, by its exact code. */
export async function findMatter (db: Db, code: string) {
  return (await matterOf(db, code))[0]
}
export type MatterRecord = NonNullable<Awaited<ReturnType<typeof findMatter>>>

/** The legal bases of a matter with the statute where the register has it. */
export const listBases = prepared((db, matterId: number) => db.selectFrom('legal_basis').leftJoin('statute', 'statute.law_key', 'legal_basis.law_key')
  .select(['legal_basis.law_name', 'legal_basis.law_key', 'legal_basis.article', 'legal_basis.article_no', 'legal_basis.quoted_text',
    'statute.id as statute_id', 'statute.slug', 'statute.name as statute', 'statute.level', 'statute.text_date'])
  .where('legal_basis.matter_id', '=', matterId).orderBy('legal_basis.seq').limit(30))
export type BasisRecord = Awaited<ReturnType<typeof listBases>>[number]

/** The statutes that bases name, each with the articles of those numbers; 第十二条 and 第十二条之一 share a number. */
export async function listArticles (db: Db, bases: BasisRecord[]) {
  const laws = new Map(bases.flatMap(({ statute_id: id, slug, law_key: key, text_date: date }) => id === null || slug === null || date === null ? [] : [[id, { slug, law_key: key, text_date: date }]]))
  const numbers = bases.map(basis => basis.article_no).filter(no => no !== null)
  const rows = laws.size === 0 || numbers.length === 0
    ? []
    : await db.selectFrom('statute_article').select(['statute_id', 'article_no', 'sub_no', 'label', 'body'])
      .where('statute_id', 'in', [...laws.keys()]).where('article_no', 'in', numbers).orderBy('statute_id').orderBy('seq').execute()
  const byLaw = Map.groupBy(rows, row => row.statute_id)
  return Array.from(laws, ([id, law]) => ({ ...law, articles: byLaw.get(id) ?? [] }))
}

/** The same power in other hands. */
export const listSiblings = prepared((db, baseCode: string, matterId: number) => db.selectFrom('matter').innerJoin('agency', 'agency.id', 'matter.agency_id')
  .select(['matter.code', 'agency.name', 'agency.name_en']).where('matter.base_code', '=', baseCode).where('matter.id', '!=', matterId)
  .where('matter.status', '=', 'in_force').orderBy('matter.code').limit(51))

/** The newest versions of a matter. */
export const listLastVersions = prepared((db, matterId: number) => db.selectFrom('record_version').select(['version', 'recorded_at', 'change', 'reason'])
  .where('kind', '=', 'matter').where('record_id', '=', matterId).orderBy('version', 'desc').limit(3))

/** The codes that a matter took over. */
export const listPredecessors = prepared((db, code: string) => db.selectFrom('matter_succession').select(['old_code as code', 'kind', 'since', 'reason'])
  .where('new_code', '=', code).orderBy('old_code').limit(50))

/** Where an old code went. */
export const listSuccessors = prepared((db, code: string) => db.selectFrom('matter_succession').select(['new_code as code', 'kind', 'since', 'reason'])
  .where('old_code', '=', code).orderBy('new_code').limit(50))
export type SuccessionRow = Awaited<ReturnType<typeof listSuccessors>>[number]

/** How many matters rest on the articles that bases name; 第十二条之一 is not 第十二条. */
export async function countOnArticles (db: Db, bases: Array<{ law_key: string, article_no: number | null }>): Promise<Map<string, number>> {
  const numbers = bases.map(basis => basis.article_no).filter(no => no !== null)
  if (numbers.length === 0) return new Map()
  const rows = await db.selectFrom('legal_basis').select(['law_key', 'article_no', sql<number>`count(distinct matter_id)`.as('matters')])
    .where('law_key', 'in', bases.map(basis => basis.law_key)).where('article_no', 'in', numbers)
    .where(eb => eb.or([eb('article', 'is', null), eb('article', 'not like', '%条之%')])).groupBy(['law_key', 'article_no']).execute()
  return new Map(rows.map(row => [`${row.law_key} ${row.article_no}`, row.matters]))
}

/** The prohibitions of these numbers. */
export async function listProhibitions (db: Db, numbers: number[]) {
  if (numbers.length === 0) return []
  return await db.selectFrom('prohibition').select(['no', 'title', 'title_en']).where('no', 'in', numbers).orderBy('no').execute()
}

/** 1 where a benchmark or an exemption in force names the matter by its code or base code; by index, about a microsecond each. */
function named (kind: 'benchmark' | 'exemption') {
  const [links, id] = [sql.ref(`${kind}_matter`), sql.ref(`${kind}_matter.${kind}_id`)]
  return sql<0 | 1>`case when exists (select 1 from ${links} join ${sql.ref(kind)} on ${sql.ref(`${kind}.id`)} = ${id} where ${sql.ref(`${kind}.status`)} = 'in_force' and ${sql.ref(`${kind}_matter.matter_key`)} in (matter.code, matter.base_code)) then 1 else 0 end`
}

/** Matters after a code, in the order of codes, with what a list is searched and narrowed by. */
export async function listMatterSlice (db: Db, after: string, limit: number) {
  return await db.selectFrom('matter').innerJoin('agency', 'agency.id', 'matter.agency_id')
    .select(['matter.id', 'matter.code', 'matter.name', 'matter.aliases', 'matter.category', 'agency.slug as agency_slug', 'matter.field', 'matter.levels', 'matter.region_code', 'matter.tags', 'matter.status', 'matter.updated_at'])
    .select([named('benchmark').as('benchmarked'), named('exemption').as('exempted')])
    .where('matter.code', '>', after).orderBy('matter.code').limit(limit).execute()
}

/** What the public may have of the given matters. */
export async function listPublicMatters (db: Db, ids: number[]) {
  return await db.selectFrom('matter').innerJoin('agency', 'agency.id', 'matter.agency_id').leftJoin('division', 'division.code', 'matter.region_code')
    .select(['matter.id', 'matter.code', 'matter.name', 'matter.category', 'agency.name as agency', 'agency.slug as agency_slug', 'matter.levels', 'matter.region_code', 'division.name as region', 'matter.field', 'matter.tags', 'matter.details', 'matter.targets', 'matter.penalty_kinds',
      'matter.statutory_days', 'matter.promise_days', 'matter.day_unit', 'matter.frequency_cap', 'matter.aliases', 'matter.status', 'matter.version', 'matter.updated_at'])
    .where('matter.id', 'in', ids).execute()
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

/** Whether a matter has a version of this number. */
export async function hasVersion (db: Db, matterId: number, version: string): Promise<boolean> {
  if (!/^[1-9]\d{0,8}$/.test(version)) return false
  return await db.selectFrom('record_version').select('version').where('kind', '=', 'matter').where('record_id', '=', matterId).where('version', '=', Number(version)).executeTakeFirst() !== undefined
}

/** How often an old code may have gone on to another. */
const MOST_STEPS = 10

/** The one matter in which an old code ended up; null when it went nowhere, to several, or in a circle. */
export async function successorOf (db: Db, code: string): Promise<string | null> {
  const seen = new Set([code])
  for (let at = code; seen.size <= MOST_STEPS;) {
    const [next, second] = await listSuccessors(db, at)
    if (next === undefined) return at === code ? null : at
    if (second !== undefined || seen.has(next.code)) return null
    seen.add(next.code)
    at = next.code
    if (await isInForce(db, at)) return at
  }
  return null
}

const inForceOf = prepared((db, code: string) => db.selectFrom('matter').select('id').where('code', '=', code).where('status', '!=', 'repealed'))
const isInForce = async (db: Db, code: string): Promise<boolean> => (await inForceOf(db, code)).length > 0
