import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { engineOf } from './open.ts'
import type { AuditEntryTable, Db } from './schema.ts'

export interface AuditEntry {
  at: string
  actorId: number | null
  role: string
  /** noun.verb, e.g. `complaint.accept`, `identity.viewed`, `sign_in.failed` */
  action: string
  /** what it was done to: a reference, a username, an import batch; never content */
  subject: string
  result: 'done' | 'refused'
  requestId: string
}

const LOCK = 7_202_601

/**
 * Appends to the audit chain inside the caller's transaction: each row's hash covers the row before it, keyed, so that a change,
 * removal or insertion shows (security.md G-1).
 */
export async function appendAudit (trx: Db, key: Buffer, entry: AuditEntry): Promise<void> {
  if (engineOf(trx) === 'postgres') await sql`select pg_advisory_xact_lock(${LOCK})`.execute(trx)
  const last = await trx.selectFrom('audit_entry').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst()
  const row = {
    seq: (last?.seq ?? 0) + 1,
    at: entry.at,
    actor_id: entry.actorId,
    role: entry.role,
    action: entry.action,
    subject: entry.subject,
    result: entry.result,
    request_id: entry.requestId
  }
  await trx.insertInto('audit_entry').values({ ...row, hash: chainHash(key, last?.hash ?? '', row) }).execute()
}

/** The hash of one row given the hash of the row before it. */
export function chainHash (key: Buffer, previous: string, row: Omit<AuditEntryTable, 'hash'>): string {
  const canonical = JSON.stringify([row.seq, row.at, row.actor_id, row.role, row.action, row.subject, row.result, row.request_id])
  return createHmac('sha256', key).update(`${previous}|${canonical}`).digest('base64url')
}
