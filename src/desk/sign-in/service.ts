import { appendAudit } from '../../db/audit.ts'
import { AppError } from '../../errors.ts'
import { verifySecret } from '../../vault/passwords.ts'
import { findAccount, updateAccount, type AccountRow } from '../accounts/repository.ts'
import type { AccountParts } from '../accounts/service.ts'
import { createStrangers, createTurns, oneMore, waitSeconds, type Failures } from './throttle.ts'

export interface Attempt { username: string, password: string, requestId: string }

const strangers = createStrangers()
const inTurn = createTurns()

/**
 * Whose password this is. Unknown name, wrong password and closed account take the same work and give the same sign_in_failed;
 * after five failures too_many_requests {seconds} without looking at the password. Both are audited, and stay.
 */
export async function signIn (parts: AccountParts, { username, password, requestId }: Attempt, now: string): Promise<{ id: number }> {
  const name = username.normalize('NFKC').toLowerCase()
  return await inTurn(name, async () => await tryPassword(parts, { name, password, requestId }, now))
}

async function tryPassword (parts: AccountParts, { name, password, requestId }: { name: string, password: string, requestId: string }, now: string): Promise<{ id: number }> {
  const account = await findAccount(parts.db, name)
  const seconds = waitSeconds(failuresOf(name, account), now)
  if (seconds > 0) throw new AppError('too_many_requests', { seconds })
  const matches = await verifySecret(account?.password_hash ?? null, password, parts.keys.pepper)
  if (account === undefined || !matches || account.disabled === 1) {
    await recordFailure(parts, { name, account, requestId }, now)
    throw new AppError('sign_in_failed')
  }
  await recordSuccess(parts, account, { requestId, now })
  return { id: account.id }
}

/** Ends are audited too, so that the log shows how long somebody was there. */
export async function recordSignOut (parts: AccountParts, actor: { id: number, username: string, role: string }, { requestId, now }: { requestId: string, now: string }): Promise<void> {
  await parts.db.transaction().execute(async trx => {
    await appendAudit(trx, parts.keys.audit, { at: now, actorId: actor.id, role: actor.role, action: 'sign_in.ended', subject: actor.username, result: 'done', requestId })
  })
}

function failuresOf (name: string, account: AccountRow | undefined): Failures {
  return account === undefined ? strangers.read(name) : { count: account.failed_count, at: account.failed_at }
}

/** The name is kept only when it is an account's: people type their password into the wrong field. */
async function recordFailure (parts: AccountParts, { name, account, requestId }: { name: string, account: AccountRow | undefined, requestId: string }, now: string): Promise<void> {
  if (account === undefined) strangers.fail(name, now)
  await parts.db.transaction().execute(async trx => {
    if (account !== undefined) {
      const latest = await findAccount(trx, account.username) // another try may have been counted meanwhile
      const { count, at } = oneMore(failuresOf(name, latest), now)
      await updateAccount(trx, account.id, { failed_count: count, failed_at: at })
    }
    await appendAudit(trx, parts.keys.audit, { at: now, actorId: account?.id ?? null, role: account?.role ?? 'system', action: 'sign_in.failed', subject: account?.username ?? 'unknown', result: 'refused', requestId })
  })
}

async function recordSuccess (parts: AccountParts, account: AccountRow, { requestId, now }: { requestId: string, now: string }): Promise<void> {
  await parts.db.transaction().execute(async trx => {
    await updateAccount(trx, account.id, {
      failed_count: 0, failed_at: null, last_sign_in_at: now, previous_sign_in_at: account.last_sign_in_at, previous_failed_count: account.failed_count
    })
    await appendAudit(trx, parts.keys.audit, { at: now, actorId: account.id, role: account.role, action: 'sign_in.done', subject: account.username, result: 'done', requestId })
  })
}
