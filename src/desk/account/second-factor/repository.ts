import type { Db } from '../../../db/schema.ts'

/** Takes a step as used, unless this one or a later one was: of two requests with one code one wins, whichever process they reach. */
export async function useStep (trx: Db, account: number, step: number): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('account').set({ totp_step: step })
    .where('id', '=', account).where(eb => eb.or([eb('totp_step', 'is', null), eb('totp_step', '<', step)])).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Takes a recovery code as used; false where there is none such that is unused. */
export async function useRecovery (trx: Db, account: number, hash: string, now: string): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('recovery_code').set({ used_at: now })
    .where('account_id', '=', account).where('hash', '=', hash).where('used_at', 'is', null).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Puts new recovery codes in place of all old ones. */
export async function replaceRecovery (trx: Db, account: number, hashes: readonly string[]): Promise<void> {
  await trx.deleteFrom('recovery_code').where('account_id', '=', account).execute()
  if (hashes.length > 0) await trx.insertInto('recovery_code').values(hashes.map(hash => ({ account_id: account, hash, used_at: null }))).execute()
}

/** How many recovery codes of an account are left. */
export async function countRecovery (db: Db, account: number): Promise<number> {
  const { left } = await db.selectFrom('recovery_code').select(eb => eb.fn.countAll<number>().as('left')).where('account_id', '=', account).where('used_at', 'is', null).executeTakeFirstOrThrow()
  return Number(left)
}
