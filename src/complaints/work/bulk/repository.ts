import { sql, type Selectable } from 'kysely'
import type { BulkBatchTable, BulkItemTable, ComplaintTable, Db } from '../../../db/schema.ts'
import type { Role } from '../../../domain/process/permissions.ts'
import { AppError } from '../../../errors.ts'
import type { ComplaintRow } from '../../case/core/repository.ts'

export type BatchRow = Selectable<BulkBatchTable>
export type ItemRow = Selectable<BulkItemTable>

/** The number of a case's last event, for each of them. */
export async function listLastEvents (db: Db, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('event').select(['complaint_id as id', sql<number>`max(seq)`.as('seq')]).where('complaint_id', 'in', ids).groupBy('complaint_id').execute()
  return new Map(rows.map(({ id, seq }) => [id, Number(seq)]))
}

/** Somebody of these bureaus who may have cases in hand; undefined for anybody else. */
export async function findHandler (db: Db, id: number, roles: readonly Role[], bureauIds: readonly number[]): Promise<{ id: number, name: string } | undefined> {
  return await db.selectFrom('account').select(['id', 'name']).where('id', '=', id).where('disabled', '=', 0).where('role', 'in', roles).where('bureau_id', 'in', bureauIds).executeTakeFirst()
}

/** The id of a case by its reference, whoever may see it: who asks has looked already. */
export async function findCaseId (db: Db, ref: string): Promise<string> {
  return (await db.selectFrom('complaint').select('id').where('ref', '=', ref).executeTakeFirstOrThrow(() => new AppError('not_found', { ref }))).id
}

/** Puts a case into somebody's hands, or nobody's. */
export async function moveHandler (trx: Db, id: string, accountId: number | null): Promise<void> {
  await trx.updateTable('complaint').set({ handler_id: accountId }).where('id', '=', id).execute()
}

/** Puts a case before or behind others. */
export async function movePriority (trx: Db, id: string, priority: ComplaintRow['priority']): Promise<void> {
  await trx.updateTable('complaint').set({ priority }).where('id', '=', id).execute()
}

/** Puts a case apart, or back among the others. */
export async function moveQuarantine (trx: Db, id: string, change: Pick<ComplaintTable, 'quarantine'> & { suspect: 0 | 1 }): Promise<void> {
  await trx.updateTable('complaint').set(change).where('id', '=', id).execute()
}

/** Keeps a batch with what it is about; false when its form was sent before. */
export async function insertBatch (trx: Db, batch: BulkBatchTable, complaintIds: readonly string[]): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx.insertInto('bulk_batch').values(batch).onConflict(conflict => conflict.doNothing()).executeTakeFirst()
  if (numInsertedOrUpdatedRows !== 1n) return false
  if (complaintIds.length > 0) await trx.insertInto('bulk_item').values(complaintIds.map(id => ({ batch_id: batch.id, complaint_id: id, result: 'waiting', before: null, seq: null, undo: null }))).execute()
  return true
}

/** A batch of somebody; nobody else's exists. */
export async function findBatch (db: Db, id: string, accountId: number): Promise<BatchRow> {
  return await db.selectFrom('bulk_batch').selectAll().where('id', '=', id).where('account_id', '=', accountId).executeTakeFirstOrThrow(() => new AppError('not_found', { id }))
}

/** The cases of a batch with what became of each, by reference. */
export async function listItems (db: Db, batchId: string): Promise<Array<ItemRow & { ref: string }>> {
  return await db.selectFrom('bulk_item').innerJoin('complaint', 'complaint.id', 'bulk_item.complaint_id').selectAll('bulk_item').select('complaint.ref').where('batch_id', '=', batchId).orderBy('complaint.ref').execute()
}

/** Writes down what became of one case. */
export async function updateItem (trx: Db, item: Pick<ItemRow, 'batch_id' | 'complaint_id'>, change: Partial<Pick<ItemRow, 'result' | 'before' | 'seq' | 'undo'>>): Promise<void> {
  await trx.updateTable('bulk_item').set(change).where('batch_id', '=', item.batch_id).where('complaint_id', '=', item.complaint_id).execute()
}

/** How one case of a batch stands now; the caller holds the lock of the case. */
export async function findItem (trx: Db, item: Pick<ItemRow, 'batch_id' | 'complaint_id'>): Promise<ItemRow> {
  return await trx.selectFrom('bulk_item').selectAll().where('batch_id', '=', item.batch_id).where('complaint_id', '=', item.complaint_id).executeTakeFirstOrThrow()
}

/** Marks a batch as taken back. */
export async function markUndone (trx: Db, id: string, at: string): Promise<void> {
  await trx.updateTable('bulk_batch').set({ undone_at: at }).where('id', '=', id).where('undone_at', 'is', null).execute()
}
