import type { CalendarChangeTable, Db, DueChangeTable } from '../../../db/schema.ts'
import type { ComplaintRow } from '../../case/core/repository.ts'

/** A due date that moved with a change of the calendar. */
export type Moved = Omit<DueChangeTable, 'change_id' | 'complaint_id'>

/** The next cases after a place that have a clock which has not stopped. */
export async function pageOfCases (db: Db, after: string, size: number): Promise<string[]> {
  const rows = await db.selectFrom('clock').select('complaint_id').distinct().where('stopped_on', 'is', null).where('complaint_id', '>', after).orderBy('complaint_id').limit(size).execute()
  return rows.map(row => row.complaint_id)
}

/** A complaint, locked until the transaction ends; nothing of it changes, not even when it was last worked on. */
export async function lockComplaint (trx: Db, id: string): Promise<ComplaintRow> {
  return await trx.updateTable('complaint').set(eb => ({ version: eb.ref('version') })).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
}

/** How far a recount has come, or that it is done. */
export async function markPlace (db: Db, id: string, place: Partial<Pick<CalendarChangeTable, 'cursor' | 'recounted_at'>>): Promise<void> {
  await db.updateTable('calendar_change').set(place).where('id', '=', id).execute()
}

/** Changes whose recount was begun before a moment and is not done. */
export async function listUnfinished (db: Db, before: string): Promise<Array<Pick<CalendarChangeTable, 'id' | 'cursor'>>> {
  return await db.selectFrom('calendar_change').select(['id', 'cursor']).where('recounted_at', 'is', null).where('at', '<', before).orderBy('at').execute()
}

/** Adds to the report of a change. */
export async function writeMoved (trx: Db, rows: readonly DueChangeTable[]): Promise<void> {
  if (rows.length > 0) await trx.insertInto('due_change').values([...rows]).onConflict(conflict => conflict.doNothing()).execute()
}

/** The due dates that moved with a change, and how many in all. */
export async function listMoved (db: Db, changeId: string, size: number): Promise<{ rows: Moved[], total: number }> {
  const { total } = await db.selectFrom('due_change').select(eb => eb.fn.countAll<number>().as('total')).where('change_id', '=', changeId).executeTakeFirstOrThrow()
  const rows = await db.selectFrom('due_change').select(['ref', 'clock', 'due_before', 'due_after', 'assured']).where('change_id', '=', changeId).orderBy('ref').orderBy('clock').limit(size).execute()
  return { rows, total: Number(total) }
}
