import { localDate } from '../../domain/time/calendar.ts'
import { appendAudit, holdChain, type AuditKey } from '../audit.ts'
import { inTransaction } from '../open.ts'
import type { AuditAnchorTable, Db } from '../schema.ts'

/** What an anchor is made with: the key of the chain, and the key whose public half everybody can have (`vault/rings.ts`). */
export interface AnchorKeys {
  audit: AuditKey
  signing: { sign: (text: string) => Buffer, currentId: () => string, verify: (id: string, text: string, signature: Buffer) => boolean }
}

/** How an anchor stands where it was published. */
export type Anchor = Pick<AuditAnchorTable, 'day' | 'seq' | 'hash'>

/** What the signature of an anchor covers. */
export function anchorText ({ day, seq, hash }: Anchor): string {
  return `sunlit-anchor|${day}|${seq}|${hash}`
}

/**
 * Fixes what the chain is at the first moment of a day, once: whoever shortens or rewrites it later must also change what was published
 * (security.md G-4). That it was made stands in the chain itself. Gives whether this call made it.
 */
export async function makeAnchor (db: Db, keys: AnchorKeys, now: string): Promise<boolean> {
  const day = localDate(now)
  if (await findAnchor(db, day) !== undefined) return false
  return await inTransaction(db, async trx => {
    await holdChain(trx)
    const last = await trx.selectFrom('audit_entry').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst()
    if (last === undefined || await findAnchor(trx, day) !== undefined) return false // another process was first, or there is nothing to hold
    const anchor = { day, ...last }
    await trx.insertInto('audit_anchor').values({ ...anchor, at: now, key_id: keys.signing.currentId(), signature: keys.signing.sign(anchorText(anchor)).toString('base64url') }).execute()
    await appendAudit(trx, keys.audit, { at: now, actorId: null, role: 'system', action: ANCHORED, subject: day, result: 'done', requestId: '' })
    return true
  })
}

/** The entry that tells of an anchor; its subject is the day. */
export const ANCHORED = 'audit.anchored'

async function findAnchor (db: Db, day: string): Promise<{ day: string } | undefined> {
  return await db.selectFrom('audit_anchor').select('day').where('day', '=', day).executeTakeFirst()
}

/** Anchors, the newest first. */
export async function listAnchors (db: Db, { limit, offset = 0 }: { limit: number, offset?: number }): Promise<AuditAnchorTable[]> {
  return await db.selectFrom('audit_anchor').selectAll().orderBy('day', 'desc').limit(limit).offset(offset).execute()
}

/** How many days are anchored. */
export async function countAnchors (db: Db): Promise<number> {
  return Number((await db.selectFrom('audit_anchor').select(({ fn }) => fn.countAll().as('count')).executeTakeFirstOrThrow()).count)
}
