import type { Selectable } from 'kysely'
import type { Db, OfficerMeasureTable, RecoveryTable, WithdrawalTaskTable } from '../../../db/schema.ts'

export type TaskRow = Selectable<WithdrawalTaskTable>

/** The published decisions that a complaint is about, by their numbers. */
export async function listDecisions (db: Db, complaintId: string): Promise<Array<{ id: number, number: string, code: string, status: string, decidedOn: string }>> {
  return await db.selectFrom('complaint_link').innerJoin('decision', 'decision.id', 'complaint_link.record_id').select(['decision.id', 'decision.number', 'decision.code', 'decision.status', 'decision.decided_on as decidedOn'])
    .where('complaint_id', '=', complaintId).where('kind', '=', 'decision').orderBy('decision.id').execute()
}

/** Decisions to be taken back in a case, in the order in which they came up. */
export async function listTasks (db: Db, complaintId: string): Promise<TaskRow[]> {
  return await db.selectFrom('withdrawal_task').selectAll().where('complaint_id', '=', complaintId).orderBy('no').execute()
}

/** Open ones of the bureaus, due soonest first. */
export async function listOpenTasks (db: Db, bureauIds: readonly number[]): Promise<Array<{ ref: string, dueOn: string, number: string | null }>> {
  return await db.selectFrom('withdrawal_task').innerJoin('complaint', 'complaint.id', 'withdrawal_task.complaint_id').leftJoin('decision', 'decision.id', 'withdrawal_task.decision_id')
    .select(['complaint.ref', 'withdrawal_task.due_on as dueOn', 'decision.number']).where('withdrawal_task.state', '=', 'open').where('complaint.bureau_id', 'in', bureauIds.length === 0 ? [-1] : bureauIds)
    .orderBy('withdrawal_task.due_on').orderBy('complaint.ref').execute()
}

/** Keeps a decision that has to be taken back. */
export async function insertTask (trx: Db, row: Omit<TaskRow, 'no' | 'state' | 'settled_at' | 'settled_by' | 'sealed'>): Promise<void> {
  const no = (await listTasks(trx, row.complaint_id)).length + 1
  await trx.insertInto('withdrawal_task').values({ ...row, no, state: 'open', settled_at: null, settled_by: null, sealed: null }).execute()
}

/** Settles one that is still open; false when somebody was faster. */
export async function settleTask (trx: Db, complaintId: string, no: number, change: { state: 'done' | 'dropped', settled_at: string, settled_by: number | null, sealed: string | null }): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('withdrawal_task').set(change).where('complaint_id', '=', complaintId).where('no', '=', no).where('state', '=', 'open').executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Measures proposed about officers in a case. */
export async function listMeasures (db: Db, complaintId: string): Promise<Array<Selectable<OfficerMeasureTable>>> {
  return await db.selectFrom('officer_measure').selectAll().where('complaint_id', '=', complaintId).orderBy('no').execute()
}

/** What was made good in a case. */
export async function listRecoveries (db: Db, complaintId: string): Promise<Array<Selectable<RecoveryTable>>> {
  return await db.selectFrom('recovery').selectAll().where('complaint_id', '=', complaintId).orderBy('no').execute()
}

/** What was made good in all cases of the bureaus since an instant, in fen. */
export async function sumRecovered (db: Db, bureauIds: readonly number[], since: string): Promise<number> {
  const { sum } = await db.selectFrom('recovery').innerJoin('complaint', 'complaint.id', 'recovery.complaint_id').select(eb => eb.fn.coalesce(eb.fn.sum<number>('amount_fen'), eb.lit(0)).as('sum'))
    .where('complaint.bureau_id', 'in', bureauIds.length === 0 ? [-1] : bureauIds).where('recovery.at', '>=', since).executeTakeFirstOrThrow()
  return Number(sum)
}
