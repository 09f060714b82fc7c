import { appendAudit } from '../../../db/audit.ts'
import { AppError } from '../../../errors.ts'
import { verifySecret } from '../../../vault/passwords.ts'
import { findAccount } from '../accounts/repository.ts'
import type { AccountParts } from '../accounts/service.ts'
import { demandTurn, inTurn, recordFailure, type At } from './attempts.ts'

export interface Attempt { username: string, password: string, requestId: string }

/**
 * Whose password this is; nobody is signed in yet. Unknown name, wrong password and closed account take the same work and give the same
 * sign_in_failed; after five failures too_many_requests {seconds} without looking at the password. Both are audited, and stay.
 */
export async function signIn (parts: AccountParts, { username, password, requestId }: Attempt, now: string): Promise<{ id: number }> {
  const name = username.normalize('NFKC').toLowerCase()
  return await inTurn(name, async () => await tryPassword(parts, { name, password }, { now, requestId }))
}

async function tryPassword (parts: AccountParts, { name, password }: { name: string, password: string }, at: At): Promise<{ id: number }> {
  const account = await findAccount(parts.db, name)
  demandTurn(name, account, at.now)
  const matches = await verifySecret(account?.password_hash ?? null, password, parts.keys.pepper)
  if (account === undefined || !matches || account.disabled === 1) {
    await recordFailure(parts, { name, account }, at)
    throw new AppError('sign_in_failed')
  }
  return { id: account.id }
}

/** Ends are audited too, so that the log shows how long somebody was there. */
export async function recordSignOut (parts: AccountParts, actor: { id: number, username: string, role: string }, { requestId, now }: At): Promise<void> {
  await parts.db.transaction().execute(async trx => {
    await appendAudit(trx, parts.keys.audit, { at: now, actorId: actor.id, role: actor.role, action: 'sign_in.ended', subject: actor.username, result: 'done', requestId })
  })
}
