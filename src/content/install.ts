import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { raiseRevision } from '../db/records.ts'
import type { Database, Db } from '../db/schema.ts'
import { installAgencies } from './agencies.ts'
import { installCalendar } from './calendar.ts'
import { installProhibitions } from './prohibitions.ts'
import { readPackFile, type CityPack } from './site.ts'

interface DeadlinePack { profile: string, clocks: Array<{ clock: string, days: number, dayType: 'working' | 'calendar', basis: string, basisEn: string, kind: string }> }
interface DivisionPack { code: string, name: string, nameEn: string, parent: string | null }

/** Puts a city pack into the database in one transaction: what is new or changed gets a version, the rest stays as it is. */
export async function installPack (db: Kysely<Database>, folder: string, now: string): Promise<void> {
  await db.transaction().execute(async trx => {
    const city = readPackFile<CityPack>(folder, 'city.json')
    const publication = { at: now, actor: 'pack', reason: city.pack, batchId: null }
    await installBureaus(trx, city)
    await installDivisions(trx, readPackFile<DivisionPack[]>(folder, 'divisions.json'))
    await installDeadlines(trx, readPackFile<DeadlinePack>(folder, 'deadlines.json'))
    await installCalendar(trx)
    await installAgencies(trx, folder, publication)
    await installProhibitions(trx, folder, publication)
    await trx.insertInto('setting').values({ name: 'ready_probe', value: now }).onConflict(conflict => conflict.column('name').doNothing()).execute()
    await raiseRevision(trx, 'register')
  })
}

/** The pack's own bureau first (it has no parent), then those of its districts. */
async function installBureaus (trx: Db, city: CityPack): Promise<void> {
  const top = { name: city.bureauName, name_en: city.bureauNameEn, region_code: city.regionCode, case_prefix: city.casePrefix, parent_id: null }
  const { id } = await trx.insertInto('bureau').values(top)
    .onConflict(conflict => conflict.column('region_code').doUpdateSet({ name: top.name, name_en: top.name_en, case_prefix: top.case_prefix })).returning('id').executeTakeFirstOrThrow()
  for (const bureau of city.districtBureaus) {
    const row = { name: bureau.name, name_en: bureau.nameEn, region_code: bureau.regionCode, case_prefix: city.casePrefix, parent_id: id }
    await trx.insertInto('bureau').values(row).onConflict(conflict => conflict.column('region_code').doUpdateSet({ name: row.name, name_en: row.name_en })).execute()
  }
}

async function installDivisions (trx: Db, divisions: DivisionPack[]): Promise<void> {
  await trx.insertInto('division').values(divisions.map(division => ({ code: division.code, name: division.name, name_en: division.nameEn, parent_code: division.parent })))
    .onConflict(conflict => conflict.column('code').doUpdateSet({ name: sql<string>`excluded.name`, name_en: sql<string>`excluded.name_en`, parent_code: sql<string | null>`excluded.parent_code` })).execute()
}

/** A rule that the bureau has changed since stays as it is: the pack only fills what is not there. */
async function installDeadlines (trx: Db, pack: DeadlinePack): Promise<void> {
  await trx.insertInto('deadline_profile').values(pack.clocks.map(rule => ({
    profile: pack.profile, clock: rule.clock, days: rule.days, day_type: rule.dayType, basis: rule.basis, basis_en: rule.basisEn, kind: rule.kind
  }))).onConflict(conflict => conflict.columns(['profile', 'clock']).doNothing()).execute()
}
