import { matchIds, queryRuns } from '../../../db/text.ts'
import type { Db } from '../../../db/schema.ts'
import { normaliseCertificate, plain } from '../../../domain/records/codes.ts'
import type { Answers } from '../../case/core/types.ts'

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

/** Names of an agency's matters for the browser to offer while somebody types; none without an agency. */
export async function suggestedMatters (db: Db, agencyId: number | undefined): Promise<string[]> {
  if (agencyId === undefined) return []
  const rows = await db.selectFrom('matter').select('name').where('agency_id', '=', agencyId).where('status', '=', 'in_force').groupBy('name').orderBy('name').limit(SUGGESTED).execute()
  return rows.map(row => row.name)
}

/** The prohibitions by number; a title is null where none is verified. */
export async function listProhibitions (db: Db): Promise<Array<{ no: number, title: string | null, titleEn: string | null }>> {
  return await db.selectFrom('prohibition').select(['no', 'title', 'title_en as titleEn']).orderBy('no').execute()
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

/** What the records of the answers are called on the pages; null where there is none. A withheld officer is known by the certificate number alone. */
export interface Labels {
  agency: string | null
  officers: Array<{ id: number, label: string }>
  decision: string | null
  matter: string | null
  prohibition: { no: number, title: string | null, titleEn: string | null } | null
  benchmark: string | null
  exemption: string | null
}

/** Reads the names of the records that answers point to. */
export async function labelsOf (db: Db, { target = {}, rule = {} }: Pick<Answers, 'target' | 'rule'>): Promise<Labels> {
  const [agency, officers, decision, matter, prohibition, benchmark, exemption] = await Promise.all([
    nameOf(db.selectFrom('agency').select('name').where('id', '=', target.agencyId ?? -1)),
    officersOf(db, target.officerIds ?? []),
    nameOf(db.selectFrom('decision').select('number as name').where('id', '=', target.decisionId ?? -1)),
    nameOf(db.selectFrom('matter').select('name').where('id', '=', rule.matterId ?? -1)),
    db.selectFrom('prohibition').select(['no', 'title', 'title_en as titleEn']).where('no', '=', rule.prohibitionNo ?? -1).executeTakeFirst(),
    nameOf(db.selectFrom('benchmark').select('violation as name').where('id', '=', rule.benchmarkId ?? -1)),
    nameOf(db.selectFrom('exemption').select('violation as name').where('id', '=', rule.exemptionId ?? -1))
  ])
  return { agency, officers, decision, matter, prohibition: prohibition ?? null, benchmark, exemption }
}

async function nameOf (query: { executeTakeFirst: () => Promise<{ name: string } | undefined> }): Promise<string | null> {
  return (await query.executeTakeFirst())?.name ?? null
}

async function officersOf (db: Db, ids: number[]): Promise<Labels['officers']> {
  if (ids.length === 0) return []
  const rows = await db.selectFrom('officer').select(['id', 'name', 'certificate_no', 'withheld']).where('id', 'in', ids).execute()
  const labels = new Map(rows.map(row => [row.id, row.withheld === 1 ? row.certificate_no : `${row.name} ${row.certificate_no}`]))
  return ids.flatMap(id => { const label = labels.get(id); return label === undefined ? [] : [{ id, label }] })
}

/** The agency of the first record that the answers name: officers, decision, matter, benchmark. */
export async function recordAgency (db: Db, { target = {}, rule = {} }: Pick<Answers, 'target' | 'rule'>): Promise<number | undefined> {
  const named = [['officer', target.officerIds?.[0]], ['decision', target.decisionId], ['matter', rule.matterId], ['benchmark', rule.benchmarkId]] as const
  for (const [table, id] of named) {
    const row = id === undefined ? undefined : await db.selectFrom(table).select('agency_id').where('id', '=', id).executeTakeFirst()
    if (row !== undefined) return row.agency_id
  }
  return undefined
}
