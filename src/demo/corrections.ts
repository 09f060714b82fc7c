import type { Kysely } from 'kysely'
import { report, settle, targetOf } from '../catalogue/corrections/service.ts'
import type { Database } from '../db/schema.ts'
import type { Keys } from '../vault/keys.ts'
import type { DemoPack } from './schema.ts'

const DAY = 86_400_000

/** Fictional reports of errors in the register, some of them answered by the demo clerk. */
export async function fileCorrections (parts: { db: Kysely<Database>, keys: Keys }, { corrections, accounts }: DemoPack, now: string): Promise<void> {
  const { db } = parts
  const username = accounts.find(account => account.role === 'clerk')?.username ?? ''
  const clerk = await db.selectFrom('account').select(['id', 'role']).where('username', '=', username).executeTakeFirstOrThrow()
  for (const { record, field, wrong, right, source, days, answer } of corrections) {
    const reported = new Date(Date.parse(now) - days * DAY).toISOString()
    const { id } = await report(parts, await targetOf(parts, record), { field, wrong, right, source, contact: '' }, reported)
    await db.updateTable('correction').set({ fictional: 1 }).where('id', '=', id).execute()
    if (answer !== undefined) await settle(parts, id, { status: answer.status, note: answer.note, actor: clerk, requestId: 'demo' }, new Date(Date.parse(reported) + answer.after * DAY).toISOString())
  }
}
