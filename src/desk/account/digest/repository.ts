import type { Db } from '../../../db/schema.ts'
import { PERMISSIONS } from '../../../domain/process/permissions.ts'

export interface Addressee { id: number, username: string, name: string, sealed: string, fictional: boolean }

/** People who want the morning letter, still handle cases and have not been thought of on a day. */
export async function listWaiting (db: Db, day: string, size: number): Promise<Addressee[]> {
  const rows = await db.selectFrom('account').select(['id', 'username', 'name', 'email_sealed', 'fictional']).where('disabled', '=', 0).where('digest', '=', 1).where('email_sealed', 'is not', null).where('role', 'in', PERMISSIONS['complaint.note'])
    .where(eb => eb.or([eb('digest_on', 'is', null), eb('digest_on', '<', day)])).orderBy('id').limit(size).execute()
  return rows.map(({ email_sealed: sealed, fictional, ...row }) => ({ ...row, sealed: sealed ?? '', fictional: fictional === 1 }))
}

/** Takes a person's day; false when another process has. */
export async function takeDay (trx: Db, id: number, day: string): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('account').set({ digest_on: day }).where('id', '=', id).where(eb => eb.or([eb('digest_on', 'is', null), eb('digest_on', '<', day)])).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Where somebody's letter goes, and whether they want it. */
export async function findWish (db: Db, id: number): Promise<{ username: string, sealed: string | null, wanted: boolean }> {
  const row = await db.selectFrom('account').select(['username', 'email_sealed', 'digest']).where('id', '=', id).executeTakeFirstOrThrow()
  return { username: row.username, sealed: row.email_sealed, wanted: row.digest === 1 }
}

/** Keeps it. */
export async function updateWish (trx: Db, id: number, { sealed, wanted }: { sealed: string | null, wanted: boolean }): Promise<void> {
  await trx.updateTable('account').set({ email_sealed: sealed, digest: wanted ? 1 : 0 }).where('id', '=', id).execute()
}
