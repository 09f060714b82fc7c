import type { Selectable } from 'kysely'
import type { Db, DraftTable } from '../../../db/schema.ts'

export type EntryRow = Selectable<DraftTable>

/** Marks a draft as one that a member of staff writes for somebody. */
export async function markEntered (trx: Db, id: string, accountId: number, entry: { source: string, receivedOn: string }): Promise<void> {
  await trx.updateTable('draft').set({ entered_by: accountId, source: entry.source, received_on: entry.receivedOn }).where('id', '=', id).execute()
}

/** The unsent entries of a member of staff, the latest first. */
export async function listEntered (db: Db, accountId: number): Promise<EntryRow[]> {
  return await db.selectFrom('draft').selectAll().where('entered_by', '=', accountId).where('submitted_at', 'is', null).orderBy('saved_at', 'desc').limit(50).execute()
}

/** Whether an unsent entry is this person's own. */
export async function isEntryOf (db: Db, id: string, accountId: number): Promise<boolean> {
  return await db.selectFrom('draft').select('id').where('id', '=', id).where('entered_by', '=', accountId).where('submitted_at', 'is', null).executeTakeFirst() !== undefined
}

/** Who enters a draft, and where it comes from; undefined for what the public writes itself. */
export async function findEntry (db: Db, id: string): Promise<{ enteredBy: number, source: string, receivedOn: string } | undefined> {
  const row = await db.selectFrom('draft').select(['entered_by', 'source', 'received_on']).where('id', '=', id).where('entered_by', 'is not', null).executeTakeFirst()
  return row === undefined ? undefined : { enteredBy: row.entered_by as number, source: row.source as string, receivedOn: row.received_on as string }
}

/** The complaint that an item of a source became before. */
export async function findBySourceKey (db: Db, key: string): Promise<string | undefined> {
  const row = await db.selectFrom('complaint').select('ref').where('source_key', '=', key).executeTakeFirst()
  return row?.ref
}

/** Role of an account that may still act; undefined once it is disabled. */
export async function findRole (db: Db, accountId: number): Promise<string | undefined> {
  const row = await db.selectFrom('account').select('role').where('id', '=', accountId).where('disabled', '=', 0).executeTakeFirst()
  return row?.role
}
