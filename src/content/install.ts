import { sql, type Kysely } from 'kysely'
import { engineOf } from '../db/open.ts'
import { raiseRevision } from '../db/records.ts'
import type { Database, Db } from '../db/schema.ts'
import { translate } from '../i18n/index.ts'
import { installAgencies } from './agencies.ts'
import { installCalendar } from './calendar.ts'
import { PACK_ACTOR } from './digests.ts'
import { readPack } from './pack.ts'
import { installProhibitions } from './prohibitions.ts'
import type { City, Deadlines, Divisions, Industries, Publications } from './schema.ts'
import { installWords } from './words.ts'

const LOCK = 20_260_712

/**
 * Puts a city pack into the database in one transaction: what is new or changed gets a version, the rest stays as it is, and nothing
 * is taken out. Throws StartError pack_invalid before anything is written.
 */
export async function installPack (db: Kysely<Database>, folder: string, now: string): Promise<void> {
  const pack = readPack(folder)
  const publication = { at: now, actor: PACK_ACTOR, reason: translate('zh-CN', 'imports.pack_reason', { pack: pack.city.pack }), batchId: null }
  await db.transaction().execute(async trx => {
    // SQLite lets one writer in at a time by itself.
    if (engineOf(trx) === 'postgres') await sql`select pg_advisory_xact_lock(${LOCK})`.execute(trx)
    await installBureaus(trx, pack.city)
    await installDivisions(trx, pack.divisions)
    await installDeadlines(trx, pack.deadlines)
    await installPublicationRules(trx, pack.publications)
    await installCalendar(trx)
    await installIndustries(trx, pack.industries)
    const published = await installAgencies(trx, pack, publication) + await installProhibitions(trx, pack.prohibitions, publication) + await installWords(trx, pack.synonyms)
    await trx.insertInto('setting').values({ name: 'ready_probe', value: now }).onConflict(conflict => conflict.column('name').doNothing()).execute()
    if (published > 0) await raiseRevision(trx, 'register')
  })
}

/** The pack's own bureau first (it has no parent), then those of its districts. */
async function installBureaus (trx: Db, city: City): Promise<void> {
  const top = { name: city.bureauName, name_en: city.bureauNameEn, region_code: city.regionCode, case_prefix: city.casePrefix, parent_id: null }
  const { id } = await trx.insertInto('bureau').values(top)
    .onConflict(conflict => conflict.column('region_code').doUpdateSet({ name: top.name, name_en: top.name_en, case_prefix: top.case_prefix })).returning('id').executeTakeFirstOrThrow()
  for (const bureau of city.districtBureaus) {
    const row = { name: bureau.name, name_en: bureau.nameEn, region_code: bureau.regionCode, case_prefix: city.casePrefix, parent_id: id }
    await trx.insertInto('bureau').values(row).onConflict(conflict => conflict.column('region_code').doUpdateSet({ name: row.name, name_en: row.name_en })).execute()
  }
}

async function installDivisions (trx: Db, divisions: Divisions): Promise<void> {
  await trx.insertInto('division').values(divisions.map(division => ({ code: division.code, name: division.name, name_en: division.nameEn, parent_code: division.parent })))
    .onConflict(conflict => conflict.column('code').doUpdateSet({ name: sql<string>`excluded.name`, name_en: sql<string>`excluded.name_en`, parent_code: sql<string | null>`excluded.parent_code` })).execute()
}

/** A rule that the bureau has changed since stays as it is: the pack only fills what is not there. */
async function installDeadlines (trx: Db, pack: Deadlines): Promise<void> {
  await trx.insertInto('deadline_profile').values(pack.clocks.map(rule => ({
    profile: pack.profile, clock: rule.clock, days: rule.days, day_type: rule.dayType, basis: rule.basis, basis_en: rule.basisEn, kind: rule.kind
  }))).onConflict(conflict => conflict.columns(['profile', 'clock']).doNothing()).execute()
}

/** The trades of the pack in its order; one that the pack no longer has goes, as nothing public hangs on it but its own page. */
async function installIndustries (trx: Db, { industries }: Industries): Promise<void> {
  const rows = industries.map(({ slug, name, nameEn, intro, introEn, tags }, seq) => ({ slug, seq, name, name_en: nameEn, intro, intro_en: introEn, tags: tags.join(' ') }))
  await trx.deleteFrom('industry').where('slug', 'not in', ['', ...rows.map(row => row.slug)]).execute()
  for (const row of rows) await trx.insertInto('industry').values(row).onConflict(conflict => conflict.column('slug').doUpdateSet(row)).execute()
}

/** As with the deadlines: what the bureau has set stays. */
async function installPublicationRules (trx: Db, rules: Publications): Promise<void> {
  await trx.insertInto('publication_rule').values(rules.map(rule => ({
    rule: rule.rule, amount: rule.amount, unit: rule.unit, fine_person_fen: rule.finePersonFen, fine_organisation_fen: rule.fineOrganisationFen, basis: rule.basis, basis_en: rule.basisEn, kind: rule.kind
  }))).onConflict(conflict => conflict.column('rule').doNothing()).execute()
}
