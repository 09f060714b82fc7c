import { sql, type SqlBool } from 'kysely'
import { engineOf } from '../../../db/open.ts'
import type { Db } from '../../../db/schema.ts'

export interface LogLine { seq: number, at: string, actor: string | null, role: string, action: string, subject: string, result: string }

/** A case of many years has some hundreds. */
const MOST = 5000

/** What the audit log holds about a complaint and its files, oldest first. */
export async function listLog (db: Db, ref: string): Promise<LogLine[]> {
  const subject = engineOf(db) === 'postgres' ? sql`subject collate "C"` : sql`subject`
  return await db.selectFrom('audit_entry').leftJoin('account', 'account.id', 'audit_entry.actor_id')
    .where(sql<SqlBool>`${subject} >= ${ref} and ${subject} < ${`${ref}\u{10FFFF}`}`)
    .select(['seq', 'at', 'account.name as actor', 'audit_entry.role', 'action', 'subject', 'result']).orderBy('seq').limit(MOST).execute()
}

/** Whether an account has the case in hand or examines it. */
export async function handles (db: Db, complaintId: string, accountId: number): Promise<boolean> {
  const handler = await db.selectFrom('complaint').select('handler_id').where('id', '=', complaintId).executeTakeFirst()
  if (handler?.handler_id === accountId) return true
  return await db.selectFrom('assignment').select('account_id').where('complaint_id', '=', complaintId).where('account_id', '=', accountId).where('ended_at', 'is', null).executeTakeFirst() !== undefined
}
