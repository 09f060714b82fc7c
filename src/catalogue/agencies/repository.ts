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
