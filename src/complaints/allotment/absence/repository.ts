import type { Db } from '../../../db/schema.ts'
import type { Role } from '../../../domain/process/permissions.ts'

/** Who is away on a day, with who stands in; of several absences the one that was set last counts. */
export interface Away { id: string, accountId: number, name: string, from: string, to: string, deputyId: number | null, deputy: string | null }

/** Absences of these accounts that hold on a day, by account. */
export async function listAway (db: Db, accountIds: readonly number[], today: string): Promise<Map<number, Away>> {
  if (accountIds.length === 0) return new Map()
  const rows = await absences(db).where('absence.account_id', 'in', accountIds).where('from_on', '<=', today).where('to_on', '>=', today).where('absence.ended_at', 'is', null).execute()
  return new Map(rows.map(row => [row.accountId, row]))
}

/** For whom somebody stands in on a day. */
export async function listDeputised (db: Db, deputyId: number, today: string): Promise<Away[]> {
  return await absences(db).where('absence.deputy_id', '=', deputyId).where('to_on', '>=', today).where('from_on', '<=', today).where('absence.ended_at', 'is', null).where('account.disabled', '=', 0).execute()
}

function absences (db: Db) {
  return db.selectFrom('absence').innerJoin('account', 'account.id', 'absence.account_id').leftJoin('account as deputy', 'deputy.id', 'absence.deputy_id')
    .select(['absence.id', 'absence.account_id as accountId', 'account.name', 'from_on as from', 'to_on as to', 'deputy_id as deputyId', 'deputy.name as deputy']).orderBy('absence.set_at').orderBy('absence.id')
}

/** Roles of those for whom somebody stands in on a day. */
export async function listDeputisedRoles (db: Db, deputyId: number, today: string): Promise<Role[]> {
  const rows = await db.selectFrom('absence').innerJoin('account', 'account.id', 'absence.account_id').select('account.role').where('absence.deputy_id', '=', deputyId)
    .where('to_on', '>=', today).where('from_on', '<=', today).where('absence.ended_at', 'is', null).where('account.disabled', '=', 0).execute()
  return rows.map(({ role }) => role as Role)
}

/** Absences of people of these bureaus that are not over, the nearest first. */
export async function listAbsences (db: Db, bureauIds: readonly number[], today: string): Promise<Away[]> {
  return await absences(db).clearOrderBy().where('account.bureau_id', 'in', bureauIds.length === 0 ? [-1] : bureauIds).where('to_on', '>=', today).where('absence.ended_at', 'is', null).orderBy('from_on').orderBy('absence.id').limit(200).execute()
}

/** Somebody of the bureau's own people, open or closed; undefined for an agency's. */
export async function findPerson (db: Db, id: number): Promise<{ id: number, name: string, role: Role, bureauId: number, disabled: number } | undefined> {
  const row = await db.selectFrom('account').select(['id', 'name', 'role', 'bureau_id as bureauId', 'disabled']).where('id', '=', id).where('agency_id', 'is', null).executeTakeFirst()
  return row && { ...row, role: row.role as Role }
}

/** People of the bureaus with roles that handle cases, by bureau and name of account. */
export async function listPeople (db: Db, bureauIds: readonly number[], roles: readonly Role[]): Promise<Array<{ id: number, name: string, role: string, bureauId: number, bureau: string, bureauEn: string | null }>> {
  return await db.selectFrom('account').innerJoin('bureau', 'bureau.id', 'account.bureau_id').select(['account.id', 'account.name', 'account.role', 'account.bureau_id as bureauId', 'bureau.name as bureau', 'bureau.name_en as bureauEn'])
    .where('account.bureau_id', 'in', bureauIds.length === 0 ? [-1] : bureauIds).where('account.role', 'in', roles).where('account.disabled', '=', 0).where('account.agency_id', 'is', null).orderBy('account.bureau_id').orderBy('account.username').execute()
}

/** Open cases that somebody has in hand, the soonest due first. */
export async function listHeld (db: Db, handlerId: number): Promise<Array<{ id: string, ref: string }>> {
  return await db.selectFrom('complaint').select(['id', 'ref']).where('handler_id', '=', handlerId).where('closed_at', 'is', null).orderBy('sort_on').orderBy('ref').execute()
}
