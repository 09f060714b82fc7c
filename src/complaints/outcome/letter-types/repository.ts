import type { Db } from '../../../db/schema.ts'
import type { LocalUse } from '../../../domain/supervision/letters.ts'

/** What the bureau has said of a local letter, by whom and when. */
export interface LocalLetter { type: string, in_use: 0 | 1, basis: string, by: string | null, at: string }

/** Which local letters the bureau has put into use or out of it. */
export async function listLocalUse (db: Db): Promise<LocalUse> {
  const rows = await db.selectFrom('local_letter').select(['type', 'in_use']).execute()
  return new Map(rows.map(({ type, in_use: used }) => [type, used === 1]))
}

/** The same with basis, author and time. */
export async function listLocalLetters (db: Db): Promise<LocalLetter[]> {
  return await db.selectFrom('local_letter').leftJoin('account', 'account.id', 'local_letter.actor_id').select(['local_letter.type', 'local_letter.in_use', 'local_letter.basis', 'account.name as by', 'local_letter.at']).execute()
}

/** Keeps what the bureau says of a local letter. */
export async function keepLocalLetter (db: Db, row: { type: string, in_use: 0 | 1, basis: string, actor_id: number | null, at: string }): Promise<void> {
  await db.insertInto('local_letter').values(row).onConflict(conflict => conflict.column('type').doUpdateSet(({ in_use: row.in_use, basis: row.basis, actor_id: row.actor_id, at: row.at }))).execute()
}
