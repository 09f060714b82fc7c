import type { Db } from '../../../db/schema.ts'
import type { Viewer } from '../../case/core/types.ts'
import { existsFor } from '../conflicts/repository.ts'

/** How cases belong together: `related` are about one event, `part_of` are led by another case; `retaliation` came of the earlier one. */
export const TIE_KINDS = ['related', 'part_of'] as const
export type TieKind = (typeof TIE_KINDS)[number]

export interface Neighbour { id: string, ref: string, caseNo: string | null, status: string, occurredOn: string | null, persons: number, dueOn: string | null }
export interface Tied extends Neighbour { kind: string, lead: boolean }
export interface Past extends Neighbour { matter: boolean, issues: Array<{ ground: string, finding: string | null, redress: string | null }> }

const COLUMNS = ['complaint.id', 'complaint.ref', 'complaint.case_no as caseNo', 'complaint.status', 'complaint.occurred_on as occurredOn', 'complaint.persons', 'complaint.due_on as dueOn'] as const

/** Complaints that exist for the viewer: of the own bureaus, and none that they were recused from or have a tie with (security.md Z-4). */
function visible (db: Db, { id, bureauIds = [] }: Viewer) {
  const own = bureauIds.length === 0 ? [-1] : bureauIds
  return db.selectFrom('complaint').where(eb => eb.or([eb('complaint.bureau_id', 'in', own), eb('complaint.delegated_to', 'in', own)]))
    .where(existsFor(id ?? -1))
}

/** What a case is tied to; `lead` where the other one leads this one, or came before it. */
export async function listTied (db: Db, complaintId: string, viewer: Viewer): Promise<Tied[]> {
  const up = await visible(db, viewer).innerJoin('complaint_tie', 'complaint_tie.earlier_id', 'complaint.id').select([...COLUMNS, 'complaint_tie.kind']).where('complaint_tie.complaint_id', '=', complaintId).orderBy('complaint.ref').execute()
  const down = await visible(db, viewer).innerJoin('complaint_tie', 'complaint_tie.complaint_id', 'complaint.id').select([...COLUMNS, 'complaint_tie.kind']).where('complaint_tie.earlier_id', '=', complaintId).orderBy('complaint.ref').execute()
  return [...up.map(row => ({ ...row, lead: true })), ...down.map(row => ({ ...row, lead: false }))]
}

/** Every tie of a complaint, whoever may see it. */
export async function listTies (db: Db, complaintId: string): Promise<Array<{ complaint_id: string, earlier_id: string, kind: string }>> {
  return await db.selectFrom('complaint_tie').select(['complaint_id', 'earlier_id', 'kind']).where(eb => eb.or([eb('complaint_id', '=', complaintId), eb('earlier_id', '=', complaintId)])).execute()
}

/** Complaints about the same agency within these days that nobody has tied to this one or put aside. */
export async function listNear (db: Db, { id, agencyId, from, to }: { id: string, agencyId: number, from: string, to: string }, viewer: Viewer): Promise<Neighbour[]> {
  return await visible(db, viewer).select([...COLUMNS]).where('complaint.agency_id', '=', agencyId).where('complaint.id', '!=', id).where('complaint.occurred_on', '>=', from).where('complaint.occurred_on', '<=', to)
    .where('complaint.id', 'not in', db.selectFrom('complaint_tie').select('earlier_id').where('complaint_id', '=', id))
    .where('complaint.id', 'not in', db.selectFrom('complaint_tie').select('complaint_id').where('earlier_id', '=', id))
    .where('complaint.id', 'not in', db.selectFrom('tie_refusal').select('other_id').where('complaint_id', '=', id))
    .where('complaint.id', 'not in', db.selectFrom('tie_refusal').select('complaint_id').where('other_id', '=', id))
    .orderBy('complaint.occurred_on').orderBy('complaint.ref').limit(20).execute()
}

/** Records of one kind that complaints are tied to. */
export async function listLinked (db: Db, kind: string, complaintIds: readonly string[]): Promise<Array<{ id: string, record: number }>> {
  if (complaintIds.length === 0) return []
  return await db.selectFrom('complaint_link').select(['complaint_id as id', 'record_id as record']).where('kind', '=', kind).where('complaint_id', 'in', complaintIds).execute()
}

/** Answered complaints with one of the grounds: about one of the matters first, then about the agency; the latest first. */
export async function listPast (db: Db, { id, grounds, matters, agencyId }: { id: string, grounds: readonly string[], matters: readonly number[], agencyId: number | null }, viewer: Viewer): Promise<Past[]> {
  if (grounds.length === 0) return []
  const answered = () => visible(db, viewer).select([...COLUMNS]).where('complaint.id', '!=', id).where('complaint.status', 'in', ['replied', 'closed', 'review']).orderBy('complaint.submitted_at', 'desc').limit(MOST)
    .where('complaint.id', 'in', db.selectFrom('complaint_issue').select('complaint_id').where('ground', 'in', grounds).where('finding', 'is not', null))
  const byMatter = matters.length === 0 ? [] : await answered().where('complaint.id', 'in', db.selectFrom('complaint_link').select('complaint_id').where('kind', '=', 'matter').where('record_id', 'in', matters)).execute()
  const byAgency = agencyId === null ? [] : await answered().where('complaint.agency_id', '=', agencyId).execute()
  const found = [...byMatter.map(row => ({ ...row, matter: true })), ...byAgency.filter(row => byMatter.every(other => other.id !== row.id)).map(row => ({ ...row, matter: false }))].slice(0, MOST)
  const issues = found.length === 0 ? [] : await db.selectFrom('complaint_issue').select(['complaint_id', 'ground', 'finding', 'redress']).where('complaint_id', 'in', found.map(row => row.id)).where('ground', 'in', grounds).orderBy('complaint_id').orderBy('no').execute()
  return found.map(row => ({ ...row, issues: issues.filter(issue => issue.complaint_id === row.id) }))
}

/** How many past cases are shown. */
const MOST = 10

/** Ties two complaints; false when they are tied already. */
export async function insertTie (trx: Db, row: { complaint_id: string, earlier_id: string, kind: string, at: string }): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx.insertInto('complaint_tie').values(row).onConflict(conflict => conflict.doNothing()).executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Unties two complaints that staff tied; false when they were not. */
export async function deleteTie (trx: Db, one: string, other: string): Promise<boolean> {
  const rows = await trx.deleteFrom('complaint_tie').where('kind', 'in', [...TIE_KINDS])
    .where(eb => eb.or([eb.and([eb('complaint_id', '=', one), eb('earlier_id', '=', other)]), eb.and([eb('complaint_id', '=', other), eb('earlier_id', '=', one)])])).returning('kind').execute()
  return rows.length > 0
}

/** Remembers that two complaints are not about the same. */
export async function insertRefusal (trx: Db, row: { complaint_id: string, other_id: string, account_id: number, at: string }): Promise<void> {
  await trx.insertInto('tie_refusal').values(row).onConflict(conflict => conflict.doNothing()).execute()
}
