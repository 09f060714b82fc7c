import type { Db } from '../../../db/schema.ts'

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
