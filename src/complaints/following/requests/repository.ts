import { hasConflict, listTiedByOfficer } from '../../work/conflicts/repository.ts'
import type { Selectable } from 'kysely'
import type { CaseFlagTable, ConfirmationTable, Db, RatingTable, RecusalTable } from '../../../db/schema.ts'

/** What staff are to notice at once; words at `flag.<kind>`. */
export const FLAGS = ['pressure', 'retaliation'] as const
export type Flag = (typeof FLAGS)[number]

export type RecusalRow = Selectable<RecusalTable>

/** All requests for recusal of a complaint, oldest first. */
export async function listRecusals (db: Db, complaintId: string): Promise<RecusalRow[]> {
  return await db.selectFrom('recusal').selectAll().where('complaint_id', '=', complaintId).orderBy('id').execute()
}

/** Keeps a request; returns its number, to which its text is bound. */
export async function insertRecusal (trx: Db, complaintId: string, now: string): Promise<number> {
  const { id } = await trx.insertInto('recusal').values({ complaint_id: complaintId, sealed: '', status: 'open', account_id: null, asked_at: now, decided_at: null, decided_by: null }).returning('id').executeTakeFirstOrThrow()
  return id
}

/** Changes a request. */
export async function updateRecusal (trx: Db, id: number, change: Partial<RecusalRow>): Promise<void> {
  await trx.updateTable('recusal').set(change).where('id', '=', id).execute()
}

/** Complaints that a person of the bureau was recused from, or declared a tie with or with an officer they name; usually none. */
export async function listRecused (db: Db, accountId: number): Promise<string[]> {
  const rows = await db.selectFrom('recusal').select('complaint_id').where('account_id', '=', accountId).where('status', '=', 'granted').execute()
  const ties = await db.selectFrom('conflict_declaration').select('complaint_id').where('account_id', '=', accountId).where('ended_at', 'is', null).where('complaint_id', 'is not', null).execute()
  return [...[...rows, ...ties].map(row => row.complaint_id as string), ...await listTiedByOfficer(db, accountId)]
}

/** What the complainant said about the rectification, oldest first. */
export async function listConfirmations (db: Db, complaintId: string): Promise<ConfirmationTable[]> {
  return await db.selectFrom('confirmation').selectAll().where('complaint_id', '=', complaintId).orderBy('no').execute()
}

/** Keeps what the complainant said about the rectification. */
export async function insertConfirmation (trx: Db, row: ConfirmationTable): Promise<void> {
  await trx.insertInto('confirmation').values(row).execute()
}

/** The ratings of a complaint. */
export async function listRatings (db: Db, complaintId: string): Promise<RatingTable[]> {
  return await db.selectFrom('rating').selectAll().where('complaint_id', '=', complaintId).orderBy('at').execute()
}

/** Keeps a rating; false when one of that moment is there already. */
export async function insertRating (trx: Db, row: RatingTable): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx.insertInto('rating').values(row).onConflict(conflict => conflict.doNothing()).executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Ties a draft, and the complaint that it becomes, to an earlier complaint. */
export async function insertTie (trx: Db, tie: { complaint_id: string, earlier_id: string, kind: string, at: string }): Promise<void> {
  await trx.insertInto('complaint_tie').values(tie).execute()
}

export interface Tie { kind: string, ref: string, at: string, later: boolean }

/** Complaints tied to this one; `later` ones came after it. Drafts are none yet. */
export async function listTies (db: Db, complaintId: string, viewerId: number | null): Promise<Tie[]> {
  const later = await db.selectFrom('complaint_tie').innerJoin('complaint', 'complaint.id', 'complaint_tie.complaint_id').select(['complaint_tie.kind', 'ref', 'at', 'complaint.id'])
    .where('earlier_id', '=', complaintId).orderBy('at').execute()
  const earlier = await db.selectFrom('complaint_tie').innerJoin('complaint', 'complaint.id', 'complaint_tie.earlier_id').select(['complaint_tie.kind', 'ref', 'at', 'complaint.id'])
    .where('complaint_id', '=', complaintId).orderBy('at').execute()
  const ties = [...earlier.map(tie => ({ ...tie, later: false })), ...later.map(tie => ({ ...tie, later: true }))]
  const seen = await Promise.all(ties.map(async ({ id }) => viewerId === null || !await hasConflict(db, viewerId, id)))
  return ties.filter((_, at) => seen[at]).map(({ id: _id, ...tie }) => tie)
}

/** Raises a flag again or for the first time. */
export async function raiseFlag (trx: Db, complaintId: string, kind: Flag, now: string): Promise<void> {
  const row: CaseFlagTable = { complaint_id: complaintId, kind, raised_at: now, settled_at: null, settled_by: null }
  await trx.insertInto('case_flag').values(row).onConflict(conflict => conflict.columns(['complaint_id', 'kind']).doUpdateSet({ raised_at: now, settled_at: null, settled_by: null })).execute()
}

/** Takes a flag down; false when it was not up. */
export async function lowerFlag (trx: Db, complaintId: string, kind: Flag, by: number, now: string): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('case_flag').set({ settled_at: now, settled_by: by }).where('complaint_id', '=', complaintId).where('kind', '=', kind).where('settled_at', 'is', null).executeTakeFirst()
  return numUpdatedRows === 1n
}

/** The flags that are up, of these complaints. */
export async function listFlags (db: Db, complaintIds: readonly string[]): Promise<Array<{ complaintId: string, kind: Flag }>> {
  if (complaintIds.length === 0) return []
  const rows = await db.selectFrom('case_flag').select(['complaint_id as complaintId', 'kind']).where('complaint_id', 'in', complaintIds).where('settled_at', 'is', null).orderBy('kind').execute()
  return rows as Array<{ complaintId: string, kind: Flag }>
}
