import { appendAudit } from '../../../db/audit.ts'
import type { Db } from '../../../db/schema.ts'
import { AppError } from '../../../errors.ts'
import { openText, sealText } from '../../../vault/seal.ts'
import { findAccountById, updateAccount, type AccountRow } from '../accounts/repository.ts'
import type { AccountParts } from '../accounts/service.ts'
import { demandTurn, inTurn, recordFailure, type At } from '../sign-in/attempts.ts'
import { currentCode, newRecoveryCodes, newTotpSecret, plainCode, recoveryHash, stepOf } from './codes.ts'
import { replaceRecovery, useRecovery, useStep } from './repository.ts'

/** Whose code was typed. */
export interface Proof { id: number, code: string }

/** The secret that an account is to be set up with; made at the first look. Null once it is confirmed: nobody sees it again. */
export async function secretToEnrol (parts: AccountParts, id: number): Promise<{ secret: string, username: string } | null> {
  const account = await findAccountById(parts.db, id)
  if (account.totp_since !== null) return null
  const secret = secretOf(parts, account) ?? newTotpSecret()
  if (account.totp_sealed === null) await updateAccount(parts.db, id, { totp_sealed: seal(parts, account.username, secret) })
  return { secret, username: account.username }
}

/** The first code proves that the authenticator holds the secret: the person is signed in and gets recovery codes. Throws sign_in_failed or too_many_requests. */
export async function enrol (parts: AccountParts, proof: Proof, at: At): Promise<string[]> {
  return await prove(parts, proof, at, async (trx, account) => {
    if (account.totp_since !== null) throw new AppError('forbidden')
    if (!await takeCode(parts, trx, account, proof.code, at.now)) return null
    await updateAccount(trx, account.id, { totp_since: at.now })
    await record(parts, trx, account, 'totp.enrolled', at)
    await recordSuccess(parts, trx, account, at)
    return await renewCodes(parts, trx, account.id)
  })
}

/** The second factor, or a recovery code in its place: the person is signed in. Throws sign_in_failed or too_many_requests. */
export async function confirm (parts: AccountParts, proof: Proof, at: At): Promise<void> {
  await prove(parts, proof, at, async (trx, account) => {
    if (account.totp_since === null) return null
    const recovered = await takeRecovery(parts, trx, account, proof.code, at.now)
    if (!recovered && !await takeCode(parts, trx, account, proof.code, at.now)) return null
    if (recovered) await record(parts, trx, account, 'totp.recovered', at)
    await recordSuccess(parts, trx, account, at)
    return true
  })
}

/** New recovery codes for somebody who is signed in and holds the authenticator; the old ones are void. Throws sign_in_failed or too_many_requests. */
export async function newCodes (parts: AccountParts, proof: Proof, at: At): Promise<string[]> {
  return await prove(parts, proof, at, async (trx, account) => {
    if (!await takeCode(parts, trx, account, proof.code, at.now)) return null
    await record(parts, trx, account, 'totp.codes_renewed', at)
    return await renewCodes(parts, trx, account.id)
  })
}

/** Sets a known secret up for an account that is made up, as the demo city needs. */
export async function giveSecret (parts: AccountParts, db: Db, { id, username, secret }: { id: number, username: string, secret: string }, now: string): Promise<void> {
  await updateAccount(db, id, { totp_sealed: seal(parts, username, secret), totp_since: now, totp_step: null })
}

/** The code of this moment of an account that is made up; null for a real one, or one that is not set up. */
export function codeOfFictional (parts: AccountParts, account: AccountRow, now: string): string | null {
  const secret = account.fictional === 1 && account.totp_since !== null ? secretOf(parts, account) : null
  return secret === null ? null : currentCode(secret, now)
}

/** Runs a proof, in turn with the tries at the password of the same account; null counts as a failure. */
async function prove<T> (parts: AccountParts, { id }: Proof, at: At, work: (trx: Db, account: AccountRow) => Promise<T | null>): Promise<T> {
  const { username } = await findAccountById(parts.db, id)
  return await inTurn(username, async () => {
    const account = await findAccountById(parts.db, id)
    demandTurn(username, account, at.now)
    const result = account.disabled === 1 ? null : await parts.db.transaction().execute(async trx => await work(trx, account))
    if (result !== null) return result
    await recordFailure(parts, { name: username, account }, at)
    throw new AppError('sign_in_failed')
  })
}

async function takeCode (parts: AccountParts, trx: Db, account: AccountRow, code: string, now: string): Promise<boolean> {
  const secret = secretOf(parts, account)
  const step = secret === null ? null : stepOf(secret, plainCode(code), { now, last: account.totp_step })
  return step !== null && await useStep(trx, account.id, step)
}

async function takeRecovery (parts: AccountParts, trx: Db, { id }: AccountRow, code: string, now: string): Promise<boolean> {
  return await useRecovery(trx, id, recoveryHash(parts.keys.pepper, id, plainCode(code)), now)
}

async function renewCodes (parts: AccountParts, trx: Db, id: number): Promise<string[]> {
  const codes = newRecoveryCodes()
  await replaceRecovery(trx, id, codes.map(code => recoveryHash(parts.keys.pepper, id, plainCode(code))))
  return codes
}

async function recordSuccess (parts: AccountParts, trx: Db, account: AccountRow, at: At): Promise<void> {
  await updateAccount(trx, account.id, {
    failed_count: 0, failed_at: null, last_sign_in_at: at.now, previous_sign_in_at: account.last_sign_in_at, previous_failed_count: account.failed_count
  })
  await record(parts, trx, account, 'sign_in.done', at)
}

async function record (parts: AccountParts, trx: Db, account: AccountRow, action: string, { now, requestId }: At): Promise<void> {
  await appendAudit(trx, parts.keys.audit, { at: now, actorId: account.id, role: account.role, action, subject: account.username, result: 'done', requestId })
}

function seal (parts: AccountParts, username: string, secret: string): string {
  return sealText(parts.keys.identity, secret, `totp|${username}`)
}

function secretOf (parts: AccountParts, { totp_sealed: sealed, username }: AccountRow): string | null {
  return sealed === null ? null : openText(parts.keys.identity, sealed, `totp|${username}`)
}
