import { sql } from 'kysely'
import type { Db } from '../../db/schema.ts'
import { namesAmount } from '../../domain/decisions/amounts.ts'
import { publicParty } from '../../domain/decisions/parties.ts'

/** Rows leave this file through here: whatever is stored, a natural person is not called by the full name. */
function covered<T extends { party_name: string, party_type: string }> (row: T): T {
  return { ...row, party_name: publicParty(row.party_name, row.party_type) }
}

function withParties (db: Db) {
  return db.selectFrom('decision').innerJoin('agency', 'agency.id', 'decision.agency_id').leftJoin('matter', 'matter.id', 'decision.matter_id').leftJoin('division', 'division.code', 'agency.region_code')
}

/** One decision by its code, in whatever state it is, with the agency and the matter as they are called now. */
export async function findDecision (db: Db, code: string) {
  const row = await withParties(db).selectAll('decision')
    .select(['agency.slug as agency_slug', 'agency.name as agency', 'agency.name_en as agency_en', 'matter.code as matter_code', 'matter.name as matter', 'matter.version as matter_now', 'division.name as region', 'division.name_en as region_en'])
    .where('decision.code', '=', code).executeTakeFirst()
  return row && covered(row)
}
export type DecisionRecord = NonNullable<Awaited<ReturnType<typeof findDecision>>>

/** The code of a number, and of no other text. */
export async function codeOfNumber (db: Db, number: string): Promise<string | undefined> {
  return (await db.selectFrom('decision').select('code').where('number', '=', number).executeTakeFirst())?.code
}

/** Shown decisions after a code, for the list in memory. */
export async function listDecisionSlice (db: Db, after: string, limit: number) {
  const rows = await db.selectFrom('decision').innerJoin('agency', 'agency.id', 'decision.agency_id').leftJoin('matter', 'matter.id', 'decision.matter_id')
    .select(['decision.id', 'decision.code', 'number', 'decision.category', 'party_name', 'party_type', 'decision.penalty_kinds', 'fine_fen', 'confiscated_fen', 'tier', 'decided_on', 'published_on', 'agency.slug as agency_slug', 'agency.region_code', 'matter.code as matter_code'])
    .where('decision.status', '=', 'in_force').where('decision.code', '>', after).orderBy('decision.code').limit(limit).execute()
  return rows.map(covered)
}

/** Shown decisions with everything that the public may have of them. */
export async function listPublicDecisions (db: Db, ids: number[]) {
  if (ids.length === 0) return []
  const rows = await withParties(db)
    .select(['decision.id', 'decision.code', 'number', 'decision.version', 'decision.category', 'party_name', 'party_type', 'party_uscc', 'violation', 'facts', 'basis', 'decision.penalty_kinds', 'content', 'fine_fen', 'confiscated_fen', 'benchmark_code', 'tier', 'decision.details', 'decided_on', 'published_on', 'public_until', 'decision.fictional', 'decision.updated_at'])
    .select(['agency.name as agency', 'agency.name_en as agency_en', 'agency.slug as agency_slug', 'matter.code as matter_code', 'matter.name as matter', 'matter_version', 'division.name as region'])
    .where('decision.id', 'in', ids).where('decision.status', '=', 'in_force').execute()
  return rows.map(covered)
}
export type PublicDecision = Awaited<ReturnType<typeof listPublicDecisions>>[number]

export type DecisionsOf = { matterId: number } | { agencyId: number }

/** The newest decisions that are shown on a day, and how many there are; the fine only where the content does not name it. */
export async function latestDecisions (db: Db, of: DecisionsOf, today: string) {
  const shown = db.selectFrom('decision').where('status', '=', 'in_force').where('public_until', '>=', today)
  const own = 'matterId' in of ? shown.where('matter_id', '=', of.matterId) : shown.where('agency_id', '=', of.agencyId)
  const rows = await own.select(['code', 'number', 'party_name', 'party_type', 'content', 'fine_fen', 'decided_on', 'fictional']).orderBy('decided_on', 'desc').orderBy('id', 'desc').limit(5).execute()
  const { total } = await own.select(eb => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  return { rows: rows.map(({ party_type: _, ...row }, at) => ({ ...row, fine_fen: row.fine_fen !== null && namesAmount(row.content, row.fine_fen) ? null : row.fine_fen, party_name: covered(rows[at] as { party_name: string, party_type: string }).party_name })), total }
}
export type DecisionLines = Awaited<ReturnType<typeof latestDecisions>>

/** How many decisions of each agency, or of one, were published on which day after which: what the figures are counted from. */
export async function countByDays (db: Db, agencyId?: number) {
  const all = db.selectFrom('decision').select(['agency_id', 'category', 'decided_on', 'published_on', 'status', eb => eb.fn.countAll<number>().as('count')])
    .groupBy(['agency_id', 'category', 'decided_on', 'published_on', 'status'])
  return await (agencyId === undefined ? all : all.where('agency_id', '=', agencyId)).execute()
}

/** Withdrawals, newest first: number, agency, ground and days, never who it was about. */
export async function listWithdrawn (db: Db, offset: number, limit: number) {
  return await db.selectFrom('decision').innerJoin('agency', 'agency.id', 'decision.agency_id')
    .select(['decision.code', 'number', 'withdrawn_on', 'overturned_on', 'withdrawal_ground', 'decision.fictional', 'agency.name as agency', 'agency.name_en as agency_en', 'agency.slug as agency_slug'])
    .where('decision.status', '=', 'withdrawn').orderBy('withdrawn_on', 'desc').orderBy('decision.id', 'desc').offset(offset).limit(limit).execute()
}

/** When each version was made and why; what the versions said is not public. */
export async function listDecisionVersions (db: Db, id: number) {
  return await db.selectFrom('record_version').select(['version', 'recorded_at', sql<string>`reason`.as('reason')]).where('kind', '=', 'decision').where('record_id', '=', id).orderBy('version', 'desc').limit(50).execute()
}
