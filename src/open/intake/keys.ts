import { createHmac, randomBytes } from 'node:crypto'
import { appendAudit } from '../../db/audit.ts'
import type { Db } from '../../db/schema.ts'
import { inTransaction } from '../../db/open.ts'
import type { SourceCode } from '../../domain/process/sources.ts'
import type { Keys } from '../../vault/keys.ts'
import { endKey, findKey, insertKey, type KeyRow } from './repository.ts'

/** What a key may be for. */
export const SCOPE = 'complaint.submit'

interface Vault { db: Db, keys: Keys }

/** Keys are long and random, so a keyed hash is enough; the pepper lies outside the database. */
function hashOf ({ pepper }: Keys, secret: string): string {
  return createHmac('sha256', pepper).update(`api key|${secret}`).digest('base64url')
}

/** Issues a key to the system of one source. The secret is given here once and stored nowhere. */
export async function issueKey ({ db, keys }: Vault, { name, source, bureauId }: { name: string, source: SourceCode, bureauId: number }, now: string): Promise<{ id: string, secret: string }> {
  const id = randomBytes(6).toString('hex')
  const secret = `sunlit_${randomBytes(32).toString('base64url')}`
  await inTransaction(db, async trx => {
    await insertKey(trx, { id, name, scope: SCOPE, secret_hash: hashOf(keys, secret), source, bureau_id: bureauId, created_at: now, used_on: null, revoked_at: null })
    await appendAudit(trx, keys.audit, { at: now, actorId: null, role: 'system', action: 'api_key.issued', subject: id, result: 'done', requestId: 'npm run api-keys' })
  })
  return { id, secret }
}

/** Ends a key at once; false when no such key is in force. */
export async function revokeKey ({ db, keys }: Vault, id: string, now: string): Promise<boolean> {
  return await inTransaction(db, async trx => {
    if (!await endKey(trx, id, now)) return false
    await appendAudit(trx, keys.audit, { at: now, actorId: null, role: 'system', action: 'api_key.revoked', subject: id, result: 'done', requestId: 'npm run api-keys' })
    return true
  })
}

/** The key of an Authorization header; undefined when it is none, was revoked or is for something else. */
export async function keyOf ({ db, keys }: Vault, header: string | undefined): Promise<KeyRow | undefined> {
  const [, secret] = /^Bearer +(sunlit_[\w-]{43})$/i.exec(header ?? '') ?? []
  const found = secret === undefined ? undefined : await findKey(db, hashOf(keys, secret))
  return found?.scope === SCOPE ? found : undefined
}
