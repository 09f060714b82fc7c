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

/** Makes and checks the links of the chain; the key lies outside the database (`vault/rings.ts`). */
export interface AuditKey { link: (text: string) => string, matches: (stored: string, text: string) => boolean }

const LOCK = 7_202_601

/** Until the transaction ends nobody else appends; SQLite writes one transaction at a time anyhow. */
export async function holdChain (trx: Db): Promise<void> {
  if (engineOf(trx) === 'postgres') await sql`select pg_advisory_xact_lock(${LOCK})`.execute(trx)
}

/**
 * Appends to the audit chain inside the caller's transaction: each row's hash covers the row before it, keyed, so that a change,
 * removal or insertion shows (security.md G-1).
 */
export async function appendAudit (trx: Db, key: AuditKey, entry: AuditEntry): Promise<void> {
  await holdChain(trx)
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
  await trx.insertInto('audit_entry').values({ ...row, hash: key.link(chainText(last?.hash ?? '', row)) }).execute()
}

/** What the link of one row covers, given the link of the row before it. */
export function chainText (previous: string, row: Omit<AuditEntryTable, 'hash'>): string {
  return `${previous}|${JSON.stringify([row.seq, row.at, row.actor_id, row.role, row.action, row.subject, row.result, row.request_id])}`
}
