import { randomInt } from 'node:crypto'
import type { Kysely, Updateable } from 'kysely'
import { appendAudit } from '../../../db/audit.ts'
import { endSessionsOf } from '../../../db/sessions.ts'
import type { AccountTable, Database, Db } from '../../../db/schema.ts'
import { passwordFaults } from './password-policy.ts'
import { isAgencyRole } from '../../../domain/staff/account-acts.ts'
import { STAFF_ROLES, type StaffRole } from '../../../domain/process/permissions.ts'
import { AppError } from '../../../errors.ts'
import type { FieldFaults } from '../../../forms/field-errors.ts'
import { hashSecret, verifySecret } from '../../../vault/passwords.ts'
import type { Keys } from '../../../vault/keys.ts'
import { findAccount, findAccountById, findBureau, insertAccount, removeRecovery, updateAccount, type AccountRow } from './repository.ts'

export interface AccountParts { db: Kysely<Database>, keys: Keys }
/** `region` names the bureau (none: the top bureau); `temporary` forces a change at the first sign-in; a fictional one may have a plain password. */
export interface NewAccount { username: string, name: string, role: StaffRole, region?: string | undefined, password: string, temporary?: boolean, fictional?: boolean }
/** The administrator who does it; without one it is the command line. */
export interface By { actorId: number, role: string, requestId: string }
const USERNAME = /^[a-z][a-z0-9._-]{2,31}$/

/** Makes an account and its audit entry; returns its id. Throws form_invalid with `fields` (FieldFaults). */
export async function addAccount (parts: AccountParts, account: NewAccount, now: string): Promise<number> {
  const faults = accountFaults(account)
  const bureau = await findBureau(parts.db, account.region)
  if (bureau === undefined) faults['bureau'] = { key: 'account_fault.bureau' }
  if (await findAccount(parts.db, account.username) !== undefined) faults['username'] = { key: 'account_fault.taken' }
  if (Object.keys(faults).length > 0 || bureau === undefined) throw new AppError('form_invalid', { fields: faults })
  const hash = await hashSecret(account.password, parts.keys.pepper)
  return await parts.db.transaction().execute(async trx => {
    const id = await insertAccount(trx, {
      username: account.username, name: account.name, role: account.role, bureau_id: bureau.id, password_hash: hash,
      fictional: account.fictional === true ? 1 : 0, password_temporary: account.temporary === true ? 1 : 0, created_at: now
    })
    await record(parts, trx, { action: 'account.added', subject: account.username, at: now })
    return id
  })
}

/** What is wrong with a new account, by field. */
export function accountFaults (account: NewAccount): FieldFaults {
  const faults: FieldFaults = {}
  if (!USERNAME.test(account.username)) faults['username'] = { key: 'account_fault.username' }
  if (account.name.trim() === '') faults['name'] = { key: 'account_fault.name' }
  if (!STAFF_ROLES.includes(account.role)) faults['role'] = { key: 'account_fault.role' }
  const password = account.fictional === true ? undefined : passwordFaults(account.password, [account.username, account.name])[0]
  if (password !== undefined) faults['password'] = { key: `password_fault.${password}` }
  return faults
}

/** Closes or opens an account; closing ends its sessions at once. Throws not_found. */
export async function setDisabled (parts: AccountParts, username: string, disabled: boolean, now: string): Promise<void> {
  await change(parts, username, { disabled: disabled ? 1 : 0, failed_count: 0, failed_at: null }, { action: disabled ? 'account.disabled' : 'account.enabled', subject: username, at: now })
}

/** Gives an account a one-time password, set from outside; ends its sessions. Throws not_found or form_invalid. */
export async function resetPassword (parts: AccountParts, username: string, password: string, now: string): Promise<void> {
  const account = await findAccount(parts.db, username)
  if (account === undefined) throw new AppError('not_found', { username })
  demandGood(password, account)
  const hash = await hashSecret(password, parts.keys.pepper)
  await change(parts, username, { password_hash: hash, password_temporary: 1, failed_count: 0, failed_at: null }, { action: 'account.password_reset', subject: username, at: now })
}

/** The second factor must be set up anew at the next sign-in; recovery codes are void and sessions end. Throws not_found. */
export async function resetTotp (parts: AccountParts, username: string, { now, actor }: { now: string, actor?: By }): Promise<void> {
  await change(parts, username, { totp_sealed: null, totp_since: null, totp_step: null, failed_count: 0, failed_at: null }, { action: 'account.totp_reset', subject: username, at: now, ...actor })
}

/** Gives an account another role; ends its sessions. Throws not_found or form_invalid. */
export async function setRole (parts: AccountParts, username: string, role: string, now: string): Promise<void> {
  const account = await findAccount(parts.db, username)
  if (account === undefined) throw new AppError('not_found', { username })
  const known = STAFF_ROLES.find(one => one === role)
  // People of an agency have one, which only the pages ask for.
  if (known === undefined || isAgencyRole(known) !== (account.agency_id !== null)) throw new AppError('form_invalid', { fields: { role: { key: 'account_fault.role' } } })
  await change(parts, username, { role: known }, { action: 'account.post_changed', subject: username, at: now })
}

/** A person changes the own password; every session of the account ends. Throws form_invalid with `fields` for `current` or `password`. */
export async function changePassword (parts: AccountParts, id: number, { current, password }: { current: string, password: string }, { now, requestId }: { now: string, requestId: string }): Promise<void> {
  const account = await findAccountById(parts.db, id)
  if (!await verifySecret(account.password_hash, current, parts.keys.pepper)) throw new AppError('form_invalid', { fields: { current: { key: 'account_fault.current' } } })
  if (current === password) throw new AppError('form_invalid', { fields: { password: { key: 'account_fault.same' } } })
  demandGood(password, account)
  const hash = await hashSecret(password, parts.keys.pepper)
  await change(parts, account.username, { password_hash: hash, password_temporary: 0 }, { action: 'account.password_changed', subject: account.username, at: now, actorId: id, role: account.role, requestId })
}

/** A one-time password that the policy likes: four groups of four, without signs that look alike. About 90 bits. */
export function newPassword (): string {
  const signs = 'abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXYZ234679'
  const group = (): string => Array.from({ length: 4 }, () => signs[randomInt(signs.length)]).join('')
  const password = [group(), group(), group(), group()].join('-')
  return passwordFaults(password).length === 0 ? password : newPassword()
}

function demandGood (password: string, account: AccountRow): void {
  const fault = passwordFaults(password, [account.username, account.name])[0]
  if (fault !== undefined) throw new AppError('form_invalid', { fields: { password: { key: `password_fault.${fault}` } } })
}

interface Entry { action: string, subject: string, at: string, actorId?: number, role?: string, requestId?: string }

async function change (parts: AccountParts, username: string, values: Updateable<AccountTable>, entry: Entry): Promise<void> {
  await parts.db.transaction().execute(async trx => {
    const row = await findAccount(trx, username)
    if (row === undefined) throw new AppError('not_found', { username })
    // What the command line changes is another account than the one that an administrator has on the screen.
    await updateAccount(trx, row.id, entry.actorId === undefined ? { ...values, version: row.version + 1 } : values)
    for (const kind of ['staff', 'half'] as const) await endSessionsOf(trx, kind, String(row.id))
    if (values.totp_sealed === null) await removeRecovery(trx, row.id)
    await record(parts, trx, entry)
  })
}

/** What is done at the command line has no person in the system: it stands as the system's own. */
async function record (parts: AccountParts, trx: Db, entry: Entry): Promise<void> {
  await appendAudit(trx, parts.keys.audit, { at: entry.at, actorId: entry.actorId ?? null, role: entry.role ?? 'system', action: entry.action, subject: entry.subject, result: 'done', requestId: entry.requestId ?? 'cli' })
}
