import { appendAudit } from '../../../db/audit.ts'
import { AppError } from '../../../errors.ts'
import { findAccount, updateAccount, type AccountRow } from '../accounts/repository.ts'
import type { AccountParts } from '../accounts/service.ts'
import { createStrangers, createTurns, oneMore, waitSeconds, type Failures } from './throttle.ts'

/** Where and when something was tried. */
export interface At { now: string, requestId: string }

const strangers = createStrangers()

/** Tries at one name one after the other, be it the password or the second factor. */
export const inTurn = createTurns()

/** Throws too_many_requests {seconds} while the next try at a name must wait. */
export function demandTurn (name: string, account: AccountRow | undefined, now: string): void {
  const seconds = waitSeconds(failuresOf(name, account), now)
  if (seconds > 0) throw new AppError('too_many_requests', { seconds })
}

function failuresOf (name: string, account: AccountRow | undefined): Failures {
  return account === undefined ? strangers.read(name) : { count: account.failed_count, at: account.failed_at }
}

/** Counts and audits a failure. The name is kept only when it is an account's: people type their password into the wrong field. */
export async function recordFailure (parts: AccountParts, { name, account }: { name: string, account: AccountRow | undefined }, { now, requestId }: At): Promise<void> {
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
