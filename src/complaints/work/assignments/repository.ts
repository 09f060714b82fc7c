import type { Db } from '../../../db/schema.ts'

/** A supervisor of a case: name, role and certificate. */
export interface Assigned { id: number, name: string, role: string, cardNo: string | null, at: string }

/** Who examines a case now, in the order in which it was assigned. */
export async function listAssigned (db: Db, complaintId: string): Promise<Assigned[]> {
  return await db.selectFrom('assignment').innerJoin('account', 'account.id', 'assignment.account_id')
    .select(['account.id', 'account.name', 'account.role', 'account.card_no as cardNo', 'assignment.at'])
    .where('assignment.complaint_id', '=', complaintId).where('assignment.ended_at', 'is', null).orderBy('assignment.at').orderBy('account.id').execute()
}

/** People of the bureaus who may examine: with a role that investigates, not closed, with their certificate's number. */
export async function listSupervisors (db: Db, bureauIds: readonly number[], roles: readonly string[]): Promise<Array<{ id: number, name: string, role: string, cardNo: string | null }>> {
  return await db.selectFrom('account').select(['id', 'name', 'role', 'card_no as cardNo']).where('bureau_id', 'in', bureauIds).where('role', 'in', roles)
    .where('disabled', '=', 0).where('agency_id', 'is', null).orderBy('username').execute()
}

/** The bureaus whose people may examine a case: its own, the one above it, and the district that it was handed to. */
export async function bureausOf (db: Db, { bureau_id: own, delegated_to: district }: { bureau_id: number, delegated_to: number | null }): Promise<number[]> {
  const { parent_id: above } = await db.selectFrom('bureau').select('parent_id').where('id', '=', own).executeTakeFirstOrThrow()
  return [own, above, district].filter(id => id !== null)
}

/** Puts somebody on a case; again after having left it counts from now. */
export async function upsertAssignment (trx: Db, row: { complaint_id: string, account_id: number, assigned_by: number | null, at: string }): Promise<void> {
  await trx.insertInto('assignment').values({ ...row, ended_at: null })
    .onConflict(conflict => conflict.columns(['complaint_id', 'account_id']).doUpdateSet({ assigned_by: row.assigned_by, at: row.at, ended_at: null })).execute()
}

/** Takes somebody off a case; false when nobody of that number is on it. */
export async function endAssignment (trx: Db, complaintId: string, accountId: number, at: string): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('assignment').set({ ended_at: at }).where('complaint_id', '=', complaintId).where('account_id', '=', accountId).where('ended_at', 'is', null).executeTakeFirst()
  return numUpdatedRows > 0n
}
