import { matchIds, queryRuns } from '../../db/text.ts'
import type { Db } from '../../db/schema.ts'
import { normaliseCertificate, plain } from '../../domain/records/codes.ts'

/** A public record that an answer may mean; `note` tells namesakes apart. */
export interface Candidate { id: number, name: string, note: string | null }

/** How many records a page offers to choose from. */
const OFFERED = 8
/** Names for the browser to suggest; more would make the page heavy. */
const SUGGESTED = 400

/** Names of agencies for the browser to offer while somebody types. */
export async function suggestedAgencies (db: Db): Promise<string[]> {
  const rows = await db.selectFrom('agency').select('name').where('status', '=', 'in_force').orderBy('level').orderBy('region_code').orderBy('id').limit(SUGGESTED).execute()
  return rows.map(row => row.name)
}

/** The matter of that code or name, else matters whose names contain the words. Those of `agencyId` come first. */
export async function mattersNamed (db: Db, text: string, agencyId: number | undefined): Promise<Candidate[]> {
  const base = db.selectFrom('matter').innerJoin('agency', 'agency.id', 'matter.agency_id').select(['matter.id', 'matter.name', 'agency.name as note', 'matter.agency_id'])
  const exact = await base.where(eb => eb.or([eb('matter.name', '=', text), eb('code', '=', plain(text))])).orderBy('matter.id').limit(OFFERED).execute()
  const own = exact.filter(row => row.agency_id === agencyId)
  if (own.length === 1) return own
  if (exact.length > 0) return exact
  const runs = queryRuns(text)
  if (runs.length === 0) return []
  return await base.where('matter.id', 'in', matchIds(db, 'matter_search', runs, 200, true))
    .orderBy(eb => eb.case().when('matter.agency_id', '=', agencyId ?? -1).then(0).else(1).end()).orderBy('matter.id').limit(OFFERED).execute()
}

/** The officer whose certificate number this is exactly; a description finds nobody. */
export async function officerNumbered (db: Db, text: string): Promise<Candidate | undefined> {
  const number = normaliseCertificate(text)
  if (number === null) return undefined
  return await db.selectFrom('officer').innerJoin('agency', 'agency.id', 'officer.agency_id')
    .select(['officer.id', 'certificate_no as name', 'agency.name as note']).where('certificate_no', '=', number).executeTakeFirst()
}

/** The published decision of exactly this number. */
export async function decisionNumbered (db: Db, text: string): Promise<Candidate | undefined> {
  return await db.selectFrom('decision').innerJoin('agency', 'agency.id', 'decision.agency_id')
    .select(['decision.id', 'number as name', 'agency.name as note']).where('number', '=', text).executeTakeFirst()
}

/** How the records of a target are called on the pages. A withheld officer is known by the certificate number alone. */
export async function labelsOf (db: Db, target: { agencyId?: number, officerId?: number, matterId?: number, decisionId?: number, prohibitionNo?: number }): Promise<Labels> {
  const [agency, officer, matter, decision, prohibition] = await Promise.all([
    db.selectFrom('agency').select('name').where('id', '=', target.agencyId ?? -1).executeTakeFirst(),
    db.selectFrom('officer').select(['name', 'certificate_no', 'withheld']).where('id', '=', target.officerId ?? -1).executeTakeFirst(),
    db.selectFrom('matter').select('name').where('id', '=', target.matterId ?? -1).executeTakeFirst(),
    db.selectFrom('decision').select('number').where('id', '=', target.decisionId ?? -1).executeTakeFirst(),
    db.selectFrom('prohibition').select(['no', 'title', 'title_en as titleEn']).where('no', '=', target.prohibitionNo ?? -1).executeTakeFirst()
  ])
  return {
    agency: agency?.name ?? null,
    officer: officer === undefined ? null : officer.withheld === 1 ? officer.certificate_no : `${officer.name} ${officer.certificate_no}`,
    matter: matter?.name ?? null,
    decision: decision?.number ?? null,
    prohibition: prohibition ?? null
  }
}

export interface Labels { agency: string | null, officer: string | null, matter: string | null, decision: string | null, prohibition: { no: number, title: string | null, titleEn: string | null } | null }

/** The agency of the officer, decision or matter that a target names. */
export async function recordAgency (db: Db, target: { officerId?: number, matterId?: number, decisionId?: number }): Promise<number | undefined> {
  for (const [table, id] of [['officer', target.officerId], ['decision', target.decisionId], ['matter', target.matterId]] as const) {
    const row = id === undefined ? undefined : await db.selectFrom(table).select('agency_id').where('id', '=', id).executeTakeFirst()
    if (row !== undefined) return row.agency_id
  }
  return undefined
}
