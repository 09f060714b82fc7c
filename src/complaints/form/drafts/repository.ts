import type { Selectable } from 'kysely'
import type { Db, DraftTable } from '../../../db/schema.ts'

type Row = Selectable<DraftTable>

/** The unsent draft behind the hash of a code. */
export async function findByCode (db: Db, hash: string): Promise<Pick<Row, 'id' | 'saved_at' | 'own_device'> | undefined> {
  return await db.selectFrom('draft').select(['id', 'saved_at', 'own_device']).where('resume_hash', '=', hash).where('submitted_at', 'is', null).executeTakeFirst()
}

/** Gives an unsent draft the hash of its code; false when it is gone or sent. Making a code is a sign of life: the days count anew. */
export async function giveCode (db: Db, id: string, hash: string, now: string): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('draft').set({ resume_hash: hash, saved_at: now }).where('id', '=', id).where('submitted_at', 'is', null).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Writes down whether a browser of its writer's own remembers a draft. */
export async function markDevice (db: Db, id: string, own: boolean): Promise<void> {
  await db.updateTable('draft').set({ own_device: own ? 1 : 0 }).where('id', '=', id).where('submitted_at', 'is', null).execute()
}
