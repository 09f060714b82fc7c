import { randomBytes } from 'node:crypto'
import type { Updateable } from 'kysely'
import { appendAudit } from '../../db/audit.ts'
import { endSessionsOf } from '../../db/sessions.ts'
import type { AccountTable, Db } from '../../db/schema.ts'
import { findAccount, insertAccount, removeRecovery, updateAccount } from '../../desk/account/accounts/repository.ts'
import { newPassword, type AccountParts } from '../../desk/account/accounts/service.ts'
import { ACT_ROWS, actBlock, REQUEST_HOURS, takesTwo, type AccountAct, type AccountBlock, type AccountChange } from '../../domain/staff/account-acts.ts'
import { AppError } from '../../errors.ts'
import { hashSecret } from '../../vault/passwords.ts'
import type { Keys } from '../../vault/keys.ts'
import { insertRequest, isPending } from '../account-requests/repository.ts'
import { bureausAbove, findAccountView, lockAdmins, type AccountView, type listAdmins } from './repository.ts'
import { changeOf, type Typed } from './wish.ts'

/** An administrator at work; `bureauIds` are the bureaus whose accounts are theirs to keep. */
export interface Admin { id: number, role: string, requestId: string, fictional: boolean, bureauIds: readonly number[] }
/** What an administrator wants done; `id` null for a new account, `version` as it was on the page. */
export interface Wish { act: AccountAct, id: number | null, version: number, typed: Typed }
/** What became of it: done, or waiting for a second administrator; a one-time password where there is one. */
export interface Outcome { waits: boolean, password: string | null }
/** A password that was made before the transaction: hashing in it would keep everybody waiting. */
export interface Secret { password: string, hash: string }

const AUDITED: Readonly<Record<AccountAct, string>> = {
  add: 'account.added', post: 'account.post_changed', details: 'account.details_changed', password: 'account.password_reset', totp: 'account.totp_reset', sessions: 'account.sessions_ended', disable: 'account.disabled', enable: 'account.enabled'
}

/** Does what an administrator may do alone, or asks a second one for the rest. Errors: `forbidden`, `not_found`, `stale_version`, `form_invalid`. */
export async function actOnAccount (parts: AccountParts, admin: Admin, wish: Wish, now: string): Promise<Outcome> {
  const { act, typed } = wish
  const secret = ACT_ROWS[act].two === true ? null : await secretFor(parts.keys, act)
  return await parts.db.transaction().execute(async trx => {
    const admins = await demandAdmin(trx, admin)
    const account = wish.id === null ? null : await demandAccount(trx, admin, wish.id, wish.version)
    const waits = takesTwo(act, hasFactor(account))
    const change = await changeOf(trx, act, typed, { bureauIds: admin.bureauIds, role: account?.role ?? '', two: waits })
    const username = account?.username ?? change.username ?? ''
    if (account === null) await demandFree(trx, username)
    const block = await blockOf(trx, { act, account, username, bureauId: change.bureau_id ?? 0 }, { admin, admins, now })
    if (block !== null) throw new AppError('form_invalid', { fields: { '': { key: `account_block.${block}` } } })
    if (waits) await ask(trx, parts.keys, admin, { act, account, username, change, reason: (typed.reason ?? '').trim() }, now)
    else await perform(trx, parts.keys, admin, { act, account, change, secret }, now)
    return { waits, password: waits ? null : secret?.password ?? null }
  })
}

async function demandFree (trx: Db, username: string): Promise<void> {
  if (await findAccount(trx, username) !== undefined) throw new AppError('form_invalid', { fields: { username: { key: 'account_fault.taken' } } })
}

/** Whether somebody who knows the password of an account still needs more to get in; a new account has nothing yet. */
export function hasFactor (account: AccountView | null): boolean {
  return account !== null && account.factorSince !== null
}

/** What an act would be done to: an account, or a new one of a bureau. */
export interface Subject { act: AccountAct, account: AccountView | null, username: string, bureauId: number }
export interface Asking { admin: Pick<Admin, 'id'>, admins: Awaited<ReturnType<typeof listAdmins>>, now: string }

/** Why an act cannot be begun; null where it can. */
export async function blockOf (db: Db, { act, account, username, bureauId }: Subject, { admin, admins, now }: Asking): Promise<AccountBlock | null> {
  const others = admins.filter(({ id }) => id !== account?.id)
  const bureaus = await bureausAbove(db, account?.bureauId ?? bureauId)
  return actBlock(act, {
    own: account?.id === admin.id,
    open: account?.disabled === false,
    admin: account?.role === 'admin',
    factor: hasFactor(account),
    others: others.length,
    seconds: others.filter(({ id, bureauId }) => id !== admin.id && bureaus.includes(bureauId)).length,
    pending: username !== '' && await isPending(db, { act, username }, now)
  })
}

/** The administrators, locked; whoever acts must still be one. */
export async function demandAdmin (trx: Db, { id }: Pick<Admin, 'id'>): Promise<Awaited<ReturnType<typeof lockAdmins>>> {
  const admins = await lockAdmins(trx)
  if (!admins.some(admin => admin.id === id)) throw new AppError('forbidden')
  return admins
}

async function demandAccount (trx: Db, { bureauIds }: Admin, id: number, version: number): Promise<AccountView> {
  const account = await findAccountView(trx, id, bureauIds)
  if (account === undefined) throw new AppError('not_found', { id })
  if (account.version !== version) throw new AppError('stale_version')
  return account
}

/** A one-time password for an act that leaves one. */
export async function secretFor (keys: Keys, act: AccountAct): Promise<Secret | null> {
  if (ACT_ROWS[act].secret !== true) return null
  const password = newPassword()
  return { password, hash: await hashSecret(password, keys.pepper) }
}

interface Asked { act: AccountAct, account: AccountView | null, username: string, change: AccountChange, reason: string }

async function ask (trx: Db, keys: Keys, admin: Admin, { act, account, username, change, reason }: Asked, now: string): Promise<void> {
  await insertRequest(trx, {
    id: randomBytes(12).toString('base64url'), act, account_id: account?.id ?? null, username, bureau_id: account?.bureauId ?? change.bureau_id ?? 0, version: account?.version ?? 0, change: JSON.stringify(change), reason, state: 'open',
    requested_by: admin.id, requested_at: now, expires_at: new Date(Date.parse(now) + REQUEST_HOURS * 3_600_000).toISOString(), decided_by: null, decided_at: null
  })
  await record(trx, keys, admin, { action: 'account.requested', subject: username }, now)
}

interface Deed { act: AccountAct, account: AccountView | null, change: AccountChange, secret: Secret | null }

/** Does an act, in the caller's transaction, with its audit entry: sessions that it ends are gone with the next request (security.md S-5). */
export async function perform (trx: Db, keys: Keys, admin: Admin, { act, account, change, secret }: Deed, now: string): Promise<void> {
  if (account === null) await add(trx, admin, change, secret, now)
  else {
    await updateAccount(trx, account.id, { ...columnsOf(act, change, secret), version: account.version + 1 })
    if (act === 'totp') await removeRecovery(trx, account.id)
    if (ACT_ROWS[act].ends === true) for (const kind of ['staff', 'half'] as const) await endSessionsOf(trx, kind, String(account.id))
  }
  await record(trx, keys, admin, { action: AUDITED[act], subject: account?.username ?? change.username ?? '' }, now)
}

async function add (trx: Db, { fictional }: Admin, { username = '', name = '', role = 'clerk', bureau_id: bureau = 0, agency_id: agency = null, card_no: card = null }: AccountChange, secret: Secret | null, now: string): Promise<void> {
  // Whoever is made up makes up others.
  await insertAccount(trx, { username, name, role, bureau_id: bureau, agency_id: agency, card_no: card, password_hash: secret?.hash ?? '', password_temporary: 1, fictional: fictional ? 1 : 0, created_at: now })
}

function columnsOf (act: AccountAct, change: AccountChange, secret: Secret | null): Updateable<AccountTable> {
  const unlocked = { failed_count: 0, failed_at: null }
  if (act === 'disable') return { disabled: 1 }
  if (act === 'enable') return { disabled: 0, ...unlocked }
  if (act === 'password') return { password_hash: secret?.hash ?? '', password_temporary: 1, ...unlocked }
  if (act === 'totp') return { totp_sealed: null, totp_since: null, totp_step: null, ...unlocked }
  return act === 'sessions' ? {} : change
}

/** Puts an entry about an account into the chain. */
export async function record (trx: Db, keys: Keys, admin: Admin, { action, subject }: { action: string, subject: string }, now: string): Promise<void> {
  await appendAudit(trx, keys.audit, { at: now, actorId: admin.id, role: admin.role, action, subject, result: 'done', requestId: admin.requestId })
}
