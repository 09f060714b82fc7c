import type { Insertable } from 'kysely'
import type { CorrectionTable, Db } from '../../db/schema.ts'

/** Keeps a report; null when the very same one is there already (a form that was sent twice). */
export async function keepCorrection (trx: Db, row: Insertable<CorrectionTable>): Promise<number | null> {
  const kept = await trx.insertInto('correction').values(row).onConflict(conflict => conflict.column('digest').doNothing()).returning('id').executeTakeFirst()
  return kept?.id ?? null
}

export async function findByDigest (db: Db, digest: string) {
  return await db.selectFrom('correction').select(['id', 'due_on']).where('digest', '=', digest).executeTakeFirst()
}

/** What the public sees of the reports, newest first: never what was written, nor by whom. */
export async function listPublicCorrections (db: Db, of: { status?: CorrectionTable['status'], set?: string, code?: string }, limit: number, offset: number) {
  let rows = db.selectFrom('correction').select(['id', 'set_name', 'code', 'record_name', 'field', 'status', 'note', 'created_at', 'due_on', 'assured', 'decided_at', 'fictional'])
  if (of.status !== undefined) rows = rows.where('status', '=', of.status)
  if (of.set !== undefined && of.code !== undefined) rows = rows.where('set_name', '=', of.set).where('code', '=', of.code)
  return await rows.orderBy('id', 'desc').limit(limit).offset(offset).execute()
}
export type PublicCorrection = Awaited<ReturnType<typeof listPublicCorrections>>[number]

/** How many reports there are of each status. */
export async function countCorrections (db: Db): Promise<Record<CorrectionTable['status'], number>> {
  const rows = await db.selectFrom('correction').select(eb => ['status', eb.fn.countAll<number>().as('count')]).groupBy('status').execute()
  const counts = { open: 0, fixed: 0, refused: 0 }
  for (const { status, count } of rows) counts[status] = count
  return counts
}

/** The queue of the bureau: open ones by due date, or the decided ones, newest first. */
export async function listQueue (db: Db, open: boolean, limit: number, offset: number) {
  const rows = db.selectFrom('correction').select(['id', 'set_name', 'code', 'record_name', 'field', 'status', 'created_at', 'due_on', 'decided_at'])
  return await (open ? rows.where('decided_at', 'is', null).orderBy('due_on').orderBy('id') : rows.where('decided_at', 'is not', null).orderBy('id', 'desc')).limit(limit).offset(offset).execute()
}
export type QueueRow = Awaited<ReturnType<typeof listQueue>>[number]

export async function findCorrection (db: Db, id: number) {
  return await db.selectFrom('correction').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Forgets how to reach the reporters of what was decided before `before`. Gives how many. */
export async function forgetContacts (db: Db, before: string): Promise<number> {
  const { numUpdatedRows } = await db.updateTable('correction').set({ contact_sealed: null }).where('contact_sealed', 'is not', null).where('decided_at', '<', before).executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Decides an open report; false when somebody else has. */
export async function decide (trx: Db, id: number, decision: Pick<CorrectionTable, 'status' | 'note' | 'decided_at' | 'decided_by'>): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('correction').set(decision).where('id', '=', id).where('decided_at', 'is', null).executeTakeFirst()
  return numUpdatedRows === 1n
}
