import type { Insertable, Selectable, Updateable } from 'kysely'
import type { AccountTable, Db } from '../../../db/schema.ts'

export type AccountRow = Selectable<AccountTable>
/** How an account looks in a list; never the hash. */
export interface AccountLine { id: number, username: string, name: string, role: string, bureau: string, disabled: 0 | 1, fictional: 0 | 1, lastSignInAt: string | null }
/** An open session as its owner sees it; `id` is a hash that opens nothing. */
export interface SessionLine { id: string, createdAt: string, seenAt: string, expiresAt: string }

/** The account with a username, as it is written in the table: lower case. */
export async function findAccount (db: Db, username: string): Promise<AccountRow | undefined> {
  return await db.selectFrom('account').selectAll().where('username', '=', username).executeTakeFirst()
}

/** The account of somebody who is signed in. */
export async function findAccountById (db: Db, id: number): Promise<AccountRow> {
  return await db.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

/** Keeps a new account; gives its id. */
export async function insertAccount (db: Db, account: Insertable<AccountTable>): Promise<number> {
  return (await db.insertInto('account').values(account).returning('id').executeTakeFirstOrThrow()).id
}

/** Changes an account. */
export async function updateAccount (db: Db, id: number, change: Updateable<AccountTable>): Promise<void> {
  await db.updateTable('account').set(change).where('id', '=', id).execute()
}

/** Voids all recovery codes of an account. */
export async function removeRecovery (db: Db, id: number): Promise<void> {
  await db.deleteFrom('recovery_code').where('account_id', '=', id).execute()
}

/** All accounts, by username. */
export async function listAccounts (db: Db): Promise<AccountLine[]> {
  return await db.selectFrom('account').innerJoin('bureau', 'bureau.id', 'account.bureau_id')
    .select(['account.id', 'account.username', 'account.name', 'account.role', 'bureau.name as bureau', 'account.disabled', 'account.fictional', 'account.last_sign_in_at as lastSignInAt'])
    .orderBy('account.username').execute()
}

/** The bureau of a region; without one the bureau that has no parent. */
export async function findBureau (db: Db, region: string | undefined): Promise<{ id: number } | undefined> {
  const bureaus = db.selectFrom('bureau').select('id')
  return await (region === undefined ? bureaus.where('parent_id', 'is', null) : bureaus.where('region_code', '=', region)).orderBy('id').executeTakeFirst()
}

/** The open sessions of an account, the one used last first; `live` is the instant before which an idle one has ended. */
export async function listSessions (db: Db, account: number, now: string, live: string): Promise<SessionLine[]> {
  return await db.selectFrom('login_session').select(['id', 'created_at as createdAt', 'seen_at as seenAt', 'expires_at as expiresAt'])
    .where('kind', '=', 'staff').where('subject', '=', String(account)).where('expires_at', '>', now).where('seen_at', '>', live)
    .orderBy('seen_at', 'desc').orderBy('id').execute()
}

/** Ends all sessions of an account but one. */
export async function removeOthers (db: Db, account: number, kept: string): Promise<void> {
  await db.deleteFrom('login_session').where('kind', '=', 'staff').where('subject', '=', String(account)).where('id', '!=', kept).execute()
}

/** Ends one session of an account; somebody else's is left alone. Returns whether there was one. */
export async function removeSession (db: Db, account: number, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('login_session').where('kind', '=', 'staff').where('subject', '=', String(account)).where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}
