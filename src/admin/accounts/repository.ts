import { sql, type SqlBool } from 'kysely'
import type { Db } from '../../db/schema.ts'

/** An account as administrators see it; never a hash, nothing of cases. */
export interface AccountView {
  id: number, username: string, name: string, role: string, bureauId: number, bureau: string, bureauEn: string | null, agencyId: number | null, agency: string | null, agencyEn: string | null, cardNo: string | null, disabled: boolean, fictional: boolean
  createdAt: string, lastSignInAt: string | null, failed: number, temporary: boolean, factorSince: string | null, version: number
}

/** Which accounts: a part of the username or name, a role, a state. */
export interface AccountFilter { bureauIds: readonly number[], q?: string, role?: string, state?: string }

/** States to filter by; words at `account_state.<state>`. */
export const STATES = ['open', 'disabled', 'no_factor', 'never'] as const

function views (db: Db) {
  return db.selectFrom('account').innerJoin('bureau', 'bureau.id', 'account.bureau_id').leftJoin('agency', 'agency.id', 'account.agency_id').select([
    'account.id', 'account.username', 'account.name', 'account.role', 'account.bureau_id as bureauId', 'bureau.name as bureau', 'bureau.name_en as bureauEn', 'account.agency_id as agencyId', 'agency.name as agency', 'agency.name_en as agencyEn', 'account.card_no as cardNo',
    'account.disabled', 'account.fictional', 'account.created_at as createdAt', 'account.last_sign_in_at as lastSignInAt', 'account.failed_count as failed', 'account.password_temporary as temporary', 'account.totp_since as factorSince', 'account.version'
  ])
}

type Row = Omit<AccountView, 'disabled' | 'fictional' | 'temporary'> & Record<'disabled' | 'fictional' | 'temporary', 0 | 1>
const viewOf = (row: Row): AccountView => ({ ...row, disabled: row.disabled === 1, fictional: row.fictional === 1, temporary: row.temporary === 1 })

function conditions (filter: AccountFilter) {
  const { bureauIds, q = '', role = '', state = '' } = filter
  const part = `%${q.trim().toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  return [
    sql<SqlBool>`account.bureau_id in (${sql.join(bureauIds.length === 0 ? [-1] : [...bureauIds])})`,
    ...q.trim() === '' ? [] : [sql<SqlBool>`(lower(account.username) like ${part} escape '\\' or lower(account.name) like ${part} escape '\\')`],
    ...role === '' ? [] : [sql<SqlBool>`account.role = ${role}`],
    ...state === 'open' ? [sql<SqlBool>`account.disabled = 0`] : [],
    ...state === 'disabled' ? [sql<SqlBool>`account.disabled = 1`] : [],
    ...state === 'no_factor' ? [sql<SqlBool>`account.totp_since is null`] : [],
    ...state === 'never' ? [sql<SqlBool>`account.last_sign_in_at is null`] : []
  ]
}

/** One page of the accounts, by username, and how many match. */
export async function pageOfAccounts (db: Db, filter: AccountFilter, { page, size }: { page: number, size: number }): Promise<{ rows: AccountView[], total: number, page: number, pages: number }> {
  const { total: count } = await db.selectFrom('account').where(eb => eb.and(conditions(filter))).select(eb => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const total = Number(count)
  const pages = Math.max(1, Math.ceil(total / size))
  const at = Math.min(page, pages)
  const rows = await views(db).where(eb => eb.and(conditions(filter))).orderBy('account.username').limit(size).offset((at - 1) * size).execute()
  return { rows: rows.map(viewOf), total, page: at, pages }
}

/** An account of these bureaus. */
export async function findAccountView (db: Db, id: number, bureauIds: readonly number[]): Promise<AccountView | undefined> {
  const row = await views(db).where('account.id', '=', id).where('account.bureau_id', 'in', bureauIds.length === 0 ? [-1] : bureauIds).executeTakeFirst()
  return row === undefined ? undefined : viewOf(row)
}

/** Everybody who administers and can be asked, locked until the transaction ends: two of them must not put each other out at once. */
export async function lockAdmins (trx: Db): Promise<Array<{ id: number, bureauId: number }>> {
  return await trx.updateTable('account').set(eb => ({ version: eb.ref('version') })).where('role', '=', 'admin').where('disabled', '=', 0).returning(['id', 'bureau_id as bureauId']).execute()
}

/** The same without a lock, for pages. */
export async function listAdmins (db: Db): Promise<Array<{ id: number, bureauId: number }>> {
  return await db.selectFrom('account').select(['id', 'bureau_id as bureauId']).where('role', '=', 'admin').where('disabled', '=', 0).orderBy('id').execute()
}

/** Bureaus to choose from. */
export async function listBureaus (db: Db, ids: readonly number[]): Promise<Array<{ id: number, name: string }>> {
  return await db.selectFrom('bureau').select(['id', 'name']).where('id', 'in', ids.length === 0 ? [-1] : ids).orderBy('id').execute()
}

/** The bureaus whose administrators keep the accounts of a bureau: it itself and the one above it. */
export async function bureausAbove (db: Db, id: number): Promise<number[]> {
  const row = await db.selectFrom('bureau').select('parent_id').where('id', '=', id).executeTakeFirst()
  return [id, ...row === undefined || row.parent_id === null ? [] : [row.parent_id]]
}

/** How many open cases somebody has in hand or examines; a number, nothing of them. */
export async function countInHand (db: Db, id: number): Promise<number> {
  const { held } = await db.selectFrom('complaint').where('status', '!=', 'closed')
    .where(eb => eb.or([eb('handler_id', '=', id), eb('id', 'in', eb.selectFrom('assignment').select('complaint_id').where('account_id', '=', id).where('ended_at', 'is', null))]))
    .select(eb => eb.fn.countAll<number>().as('held')).executeTakeFirstOrThrow()
  return Number(held)
}

export interface HistoryLine { seq: number, at: string, actor: string | null, role: string, action: string, result: string }

/** What the audit says of an account: what was done to it, and its signing in. */
export async function listHistory (db: Db, username: string, size: number): Promise<HistoryLine[]> {
  return await db.selectFrom('audit_entry').leftJoin('account', 'account.id', 'audit_entry.actor_id')
    .select(['seq', 'at', 'account.name as actor', 'audit_entry.role', 'action', 'result'])
    .where('subject', '=', username).where(eb => eb.or(['account.%', 'totp.%', 'sign_in.%'].map(pattern => eb('action', 'like', pattern))))
    .orderBy('seq', 'desc').limit(size).execute()
}
