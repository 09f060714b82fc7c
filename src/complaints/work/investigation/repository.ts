import { sql, type Selectable } from 'kysely'
import type { ChecklistTickTable, Db, PlanItemTable, RecordAdditionTable, RecordSheetTable } from '../../../db/schema.ts'
import { AppError } from '../../../errors.ts'

export type SheetRow = Selectable<RecordSheetTable>

/** The answers to the checklist of a complaint, with who gave them. */
export async function listTicks (db: Db, complaintId: string): Promise<Array<ChecklistTickTable & { by: string | null }>> {
  return await db.selectFrom('checklist_tick').leftJoin('account', 'account.id', 'checklist_tick.account_id').selectAll('checklist_tick').select('account.name as by')
    .where('complaint_id', '=', complaintId).orderBy('item').execute()
}

/** Keeps an answer; a new one takes the place of the old. */
export async function putTick (trx: Db, row: ChecklistTickTable): Promise<void> {
  const change = { answer: row.answer, reason_sealed: row.reason_sealed, account_id: row.account_id, at: row.at }
  await trx.insertInto('checklist_tick').values(row).onConflict(conflict => conflict.columns(['complaint_id', 'item']).doUpdateSet(change)).execute()
}

/** Takes an answer back. */
export async function deleteTick (trx: Db, complaintId: string, item: string): Promise<void> {
  await trx.deleteFrom('checklist_tick').where('complaint_id', '=', complaintId).where('item', '=', item).execute()
}

/** The plan of an examination, with who wrote and who did each measure. */
export async function listPlan (db: Db, complaintId: string): Promise<Array<PlanItemTable & { by: string | null, doneBy: string | null }>> {
  return await db.selectFrom('plan_item').leftJoin('account', 'account.id', 'plan_item.account_id').leftJoin('account as doer', 'doer.id', 'plan_item.done_by')
    .selectAll('plan_item').select(['account.name as by', 'doer.name as doneBy']).where('complaint_id', '=', complaintId).orderBy('no').execute()
}

/** The next number of a complaint's rows in a table; the caller holds the complaint's lock. */
export async function nextNo (trx: Db, table: 'plan_item' | 'record_sheet' | 'exhibit' | 'footage_request', complaintId: string): Promise<number> {
  const { last } = await trx.selectFrom(table).select(sql<number>`coalesce(max(no), 0)`.as('last')).where('complaint_id', '=', complaintId).executeTakeFirstOrThrow()
  return last + 1
}

/** Keeps a measure of the plan. */
export async function insertPlanItem (trx: Db, row: PlanItemTable): Promise<void> {
  await trx.insertInto('plan_item').values(row).execute()
}

/** Marks a measure as done; false when it was before. */
export async function finishPlanItem (trx: Db, complaintId: string, no: number, by: number, at: string): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('plan_item').set({ done_by: by, done_at: at }).where('complaint_id', '=', complaintId).where('no', '=', no).where('done_at', 'is', null).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** The records of a complaint by number. */
export async function listSheets (db: Db, complaintId: string): Promise<SheetRow[]> {
  return await db.selectFrom('record_sheet').selectAll().where('complaint_id', '=', complaintId).orderBy('no').execute()
}

/** One record of that complaint, else `not_found`. */
export async function findSheet (db: Db, complaintId: string, id: string): Promise<SheetRow> {
  return await db.selectFrom('record_sheet').selectAll().where('id', '=', id).where('complaint_id', '=', complaintId).executeTakeFirstOrThrow(() => new AppError('not_found', { id }))
}

/** Keeps a new record. */
export async function insertSheet (trx: Db, row: SheetRow): Promise<void> {
  await trx.insertInto('record_sheet').values(row).execute()
}

/** Changes a record that is still at `version`, else `stale_version`. */
export async function changeSheet (trx: Db, { id, version }: Pick<SheetRow, 'id' | 'version'>, change: Partial<SheetRow>): Promise<void> {
  const { numUpdatedRows } = await trx.updateTable('record_sheet').set({ ...change, version: version + 1 }).where('id', '=', id).where('version', '=', version).executeTakeFirst()
  if (numUpdatedRows === 0n) throw new AppError('stale_version', { id })
}

/** What was added to a record after it was signed. */
export async function listAdditions (db: Db, recordId: string): Promise<Array<RecordAdditionTable & { by: string | null }>> {
  return await db.selectFrom('record_addition').leftJoin('account', 'account.id', 'record_addition.account_id').selectAll('record_addition').select('account.name as by')
    .where('record_id', '=', recordId).orderBy('no').execute()
}

/** Keeps an addition. */
export async function insertAddition (trx: Db, row: RecordAdditionTable): Promise<void> {
  await trx.insertInto('record_addition').values(row).execute()
}
