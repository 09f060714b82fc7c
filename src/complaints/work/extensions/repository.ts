import type { ClockExtensionTable, Db } from '../../../db/schema.ts'

export type ExtensionRow = ClockExtensionTable

/** What was asked for a complaint's clocks, oldest first, with who asked and who decided. */
export async function listRequests (db: Db, complaintId: string): Promise<Array<ExtensionRow & { by: string | null, decider: string | null }>> {
  return await db.selectFrom('clock_extension').leftJoin('account', 'account.id', 'clock_extension.requested_by').leftJoin('account as decider', 'decider.id', 'clock_extension.decided_by')
    .selectAll('clock_extension').select(['account.name as by', 'decider.name as decider'])
    .where('complaint_id', '=', complaintId).orderBy('requested_at').orderBy('clock_extension.id').execute()
}

/** Keeps a request. */
export async function insertRequest (trx: Db, row: ExtensionRow): Promise<void> {
  await trx.insertInto('clock_extension').values(row).execute()
}

export type Decided = Pick<ExtensionRow, 'state' | 'decided_by' | 'decided_at' | 'answer_sealed' | 'due_after' | 'document_id'>

/** Decides a request that waits; false when somebody else was faster. */
export async function decideRequest (trx: Db, id: string, decided: Decided): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('clock_extension').set(decided).where('id', '=', id).where('state', '=', 'requested').executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Demands that were due with the period of rectification are due with it again. */
export async function moveDemands (trx: Db, complaintId: string, { from, to }: { from: string, to: string }): Promise<void> {
  await trx.updateTable('demand').set({ due_on: to }).where('complaint_id', '=', complaintId).where('due_on', '=', from).execute()
}

/** The agency that somebody with an account of an agency works for. */
export async function agencyOf (db: Db, accountId: number): Promise<number | null> {
  return (await db.selectFrom('account').select('agency_id').where('id', '=', accountId).executeTakeFirst())?.agency_id ?? null
}

/** How many requests of these bureaus wait for a decision that is not this person's own request. */
export async function countRequests (db: Db, bureauIds: readonly number[], accountId: number): Promise<number> {
  const { waiting } = await db.selectFrom('clock_extension').innerJoin('complaint', 'complaint.id', 'clock_extension.complaint_id').select(eb => eb.fn.countAll<number>().as('waiting'))
    .where('clock_extension.state', '=', 'requested').where('complaint.bureau_id', 'in', bureauIds.length === 0 ? [-1] : bureauIds).where(eb => eb.or([eb('requested_by', 'is', null), eb('requested_by', '!=', accountId)]))
    .executeTakeFirstOrThrow()
  return Number(waiting)
}
