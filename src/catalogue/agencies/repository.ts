import { sql } from 'kysely'
import { AppError } from '../../errors.ts'
import type { Db } from '../../db/schema.ts'
import { perRevision } from '../lists/engine/revision.ts'

export interface Named { name: string, name_en: string | null }

async function listAgencyRows (db: Db) {
  return await db.selectFrom('agency').leftJoin('division', 'division.code', 'agency.region_code')
    .select(['agency.id', 'agency.slug', 'agency.name', 'agency.name_en', 'agency.sector', 'agency.level', 'agency.region_code', 'agency.status', 'division.name as region', 'division.name_en as region_en'])
    .orderBy('agency.region_code').orderBy('agency.id').execute()
}
export type AgencyRow = Awaited<ReturnType<typeof listAgencyRows>>[number]

/** All agencies, and the names of agencies, divisions and trades by the value that stands in addresses. */
export const registerNames = perRevision(async db => {
  const agencies = await listAgencyRows(db)
  const industries = await db.selectFrom('industry').select(['slug', 'name', 'name_en']).execute()
  const divisions = await db.selectFrom('division').select(['code', 'name', 'name_en']).execute()
  return {
    agencies,
    bySlug: new Map<string, Named>(agencies.map(agency => [agency.slug, agency])),
    byRegion: new Map<string, Named>(divisions.map(division => [division.code, division])),
    byIndustry: new Map<string, Named>(industries.map(industry => [industry.slug, industry]))
  }
})

/** Other names under which source files know an agency. */
export async function listAliases (db: Db): Promise<Array<{ alias: string, agency_id: number }>> {
  return await db.selectFrom('agency_alias').select(['alias', 'agency_id']).execute()
}

/** One agency with its division, else `not_found`. */
export async function findAgency (db: Db, slug: string) {
  return await db.selectFrom('agency').leftJoin('division', 'division.code', 'agency.region_code').selectAll('agency')
    .select(['division.name as region', 'division.name_en as region_en']).where('agency.slug', '=', slug)
    .executeTakeFirstOrThrow(() => new AppError('not_found', { slug }))
}

/** How many matters of each category an agency has. */
export async function countMattersByCategory (db: Db, agencyId: number) {
  return await db.selectFrom('matter').select(['category', eb => eb.fn.countAll<number>().as('count')])
    .where('agency_id', '=', agencyId).groupBy('category').orderBy('category').execute()
}

/** How many officers an agency has; never who. */
export async function countOfficers (db: Db, agencyId: number): Promise<number> {
  const { count } = await db.selectFrom('officer').select(eb => eb.fn.countAll<number>().as('count')).where('agency_id', '=', agencyId).executeTakeFirstOrThrow()
  return count
}

/** Agencies after a slug, in the order of slugs, for the list in memory. */
export async function listAgencySlice (db: Db, after: string, limit: number) {
  return await db.selectFrom('agency').select(['id', 'slug', 'name', 'name_en', 'kind', 'sector', 'level', 'region_code', 'status']).where('slug', '>', after).orderBy('slug').limit(limit).execute()
}

/** What the public may have of agencies. */
export async function listPublicAgencies (db: Db, ids: number[]) {
  if (ids.length === 0) return []
  return await db.selectFrom('agency').leftJoin('division', 'division.code', 'agency.region_code').leftJoin('agency as superior', 'superior.id', 'agency.parent_id')
    .select(['agency.id', 'agency.slug', 'agency.name', 'agency.name_en', 'agency.kind', 'agency.level', 'agency.region_code', 'division.name as region', 'agency.sector', 'agency.duties', 'agency.address', 'agency.phone', 'agency.uscc', 'superior.name as superior', 'agency.vertical', 'agency.details', 'agency.verified', 'agency.status', 'agency.version'])
    .where('agency.id', 'in', ids).execute()
}
export type PublicAgency = Awaited<ReturnType<typeof listPublicAgencies>>[number]

/** How many matters in force each of some agencies has. */
export async function countMatters (db: Db, ids: number[]): Promise<Map<number, number>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('matter').select(['agency_id', eb => eb.fn.countAll<number>().as('count')]).where('agency_id', 'in', ids).where('status', '=', 'in_force').groupBy('agency_id').execute()
  return new Map(rows.map(row => [row.agency_id, row.count]))
}

/** The superior of an agency, and those below it. */
export async function listRelatives (db: Db, agency: { id: number, parent_id: number | null }) {
  const columns = ['slug', 'name', 'name_en'] as const
  const superior = agency.parent_id === null ? undefined : await db.selectFrom('agency').select(columns).where('id', '=', agency.parent_id).executeTakeFirst()
  const below = await db.selectFrom('agency').select(columns).where('parent_id', '=', agency.id).where('status', '=', 'in_force').orderBy('slug').limit(100).execute()
  return { superior, below }
}

/** Entrustments that an agency gave or took, those in force first. */
export async function listEntrustments (db: Db, agencyId: number) {
  return await db.selectFrom('entrustment').innerJoin('agency as principal', 'principal.id', 'entrustment.principal_id').leftJoin('agency as agent', 'agent.id', 'entrustment.agent_id')
    .select(['entrustment.code', 'principal_id', 'agent_id', 'agent_name', 'basis', 'matters', 'powers', 'valid_from', 'valid_to', 'notice_url', 'entrustment.status', 'entrustment.fictional', 'principal.name as principal', 'principal.name_en as principal_en', 'principal.slug as principal_slug', 'agent.slug as agent_slug'])
    .where(eb => eb.or([eb('principal_id', '=', agencyId), eb('agent_id', '=', agencyId)])).orderBy('entrustment.status').orderBy('valid_from', 'desc').orderBy('entrustment.id').limit(50).execute()
}

/** How many records of each kind the register has of an agency, and when the latest of them was published. */
export async function dataFreshness (db: Db, agencyId: number): Promise<Array<{ kind: 'agency' | 'matter' | 'officer' | 'decision', count: number, at: string | null }>> {
  const own = await db.selectFrom('record_version').select(sql<string | null>`max(recorded_at)`.as('at')).where('kind', '=', 'agency').where('record_id', '=', agencyId).executeTakeFirstOrThrow()
  const rest = await Promise.all((['matter', 'officer', 'decision'] as const).map(async kind => {
    const { count, at } = await db.selectFrom(kind).select(eb => [eb.fn.countAll<number>().as('count'), sql<string | null>`max(updated_at)`.as('at')]).where('agency_id', '=', agencyId).executeTakeFirstOrThrow()
    return { kind, count, at }
  }))
  return [{ kind: 'agency', count: 1, at: own.at }, ...rest]
}
