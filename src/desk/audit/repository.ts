import type { Db } from '../../db/schema.ts'

/** A line of the chain: who did what to which, and whether it was let through. */
export interface AuditLine { seq: number, at: string, actor: string | null, role: string, action: string, subject: string, result: string }

/** How many entries the chain has: its numbers have no gaps. */
export async function countAudit (db: Db): Promise<number> {
  return (await db.selectFrom('audit_entry').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst())?.seq ?? 0
}

/** The entries up to a number, newest first. */
export async function listAudit (db: Db, upTo: number, size: number): Promise<AuditLine[]> {
  return await db.selectFrom('audit_entry').leftJoin('account', 'account.id', 'audit_entry.actor_id').where('seq', '<=', upTo)
    .select(['seq', 'at', 'account.name as actor', 'audit_entry.role', 'action', 'subject', 'result']).orderBy('seq', 'desc').limit(size).execute()
}
