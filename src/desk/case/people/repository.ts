import type { Db } from '../../../db/schema.ts'

/** Somebody who may open a case. */
export interface Reader { id: number, name: string, role: string, bureau: string, bureauEn: string, recused: boolean }

/** Everybody of the bureaus whose role may read cases, and who of them was recused from this one. */
export async function listReaders (db: Db, complaintId: string, bureauIds: readonly number[], roles: readonly string[]): Promise<Reader[]> {
  const rows = await db.selectFrom('account').innerJoin('bureau', 'bureau.id', 'account.bureau_id')
    .leftJoin('recusal', join => join.onRef('recusal.account_id', '=', 'account.id').on('recusal.complaint_id', '=', complaintId).on('recusal.status', '=', 'granted'))
    .select(['account.id', 'account.name', 'account.role', 'bureau.name as bureau', 'bureau.name_en as bureauEn', 'recusal.id as recusal'])
    .where('account.bureau_id', 'in', bureauIds).where('account.role', 'in', roles).where('account.disabled', '=', 0).where('account.agency_id', 'is', null)
    .orderBy('account.bureau_id').orderBy('account.username').execute()
  return [...new Map(rows.map(({ recusal, ...row }) => [row.id, { ...row, recused: recusal !== null }])).values()]
}
