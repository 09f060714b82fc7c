import type { Selectable } from 'kysely'
import type { Db, RedactionTable } from '../../../db/schema.ts'
import { AppError } from '../../../errors.ts'

export type RedactionRow = Selectable<RedactionTable>
type Key = Pick<RedactionRow, 'complaint_id' | 'target' | 'rendering'>

/** All redactions of a complaint, with who made and who released each. */
export async function listRedactions (db: Db, complaintId: string): Promise<Array<RedactionRow & { author: string | null, releaser: string | null }>> {
  return await db.selectFrom('redaction').leftJoin('account', 'account.id', 'redaction.author_id').leftJoin('account as releaser', 'releaser.id', 'redaction.released_by')
    .selectAll('redaction').select(['account.name as author', 'releaser.name as releaser']).where('complaint_id', '=', complaintId).orderBy('target').orderBy('rendering').execute()
}

/** One redaction; undefined where nobody has made it. */
export async function findRedaction (db: Db, { complaint_id: id, target, rendering }: Key): Promise<RedactionRow | undefined> {
  return await db.selectFrom('redaction').selectAll().where('complaint_id', '=', id).where('target', '=', target).where('rendering', '=', rendering).executeTakeFirst()
}

/** Keeps a redaction in place of the one before. */
export async function putRedaction (trx: Db, row: RedactionRow): Promise<void> {
  const { complaint_id: _id, target: _target, rendering: _rendering, ...change } = row
  await trx.insertInto('redaction').values(row).onConflict(conflict => conflict.columns(['complaint_id', 'target', 'rendering']).doUpdateSet(change)).execute()
}

/** Releases a redaction that still is what was looked at, else `stale_version`. */
export async function releaseRow (trx: Db, { complaint_id: id, target, rendering, at }: Pick<RedactionRow, 'at'> & Key, change: Partial<RedactionRow>): Promise<void> {
  const { numUpdatedRows } = await trx.updateTable('redaction').set({ ...change, state: 'released' }).where('complaint_id', '=', id).where('target', '=', target).where('rendering', '=', rendering)
    .where('at', '=', at).where('state', '=', 'draft').executeTakeFirst()
  if (numUpdatedRows === 0n) throw new AppError('stale_version', { target })
}
