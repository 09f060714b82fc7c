import type { Db } from '../../../db/schema.ts'
import { hasConflict } from '../../work/conflicts/repository.ts'

const MINUTE = 60_000
/** Who opened a case within so many minutes may still be looking at it. */
export const PRESENT_MINUTES = 10

export interface Visitor { name: string, at: string }

/** Writes down that somebody opened a case, at most once a minute: reading must not cost a disk write each time. */
export async function markVisit (db: Db, complaintId: string, accountId: number, now: string): Promise<void> {
  const last = await db.selectFrom('case_visit').select('at').where('complaint_id', '=', complaintId).where('account_id', '=', accountId).executeTakeFirst()
  if (last !== undefined && Date.parse(now) - Date.parse(last.at) < MINUTE) return
  await db.insertInto('case_visit').values({ complaint_id: complaintId, account_id: accountId, at: now }).onConflict(conflict => conflict.columns(['complaint_id', 'account_id']).doUpdateSet({ at: now })).execute()
}

/** Who else opened a case just now, the latest first. Whoever was recused from it, or has a tie with it, is not named. */
export async function listVisitors (db: Db, complaintId: string, me: number, now: string): Promise<Visitor[]> {
  const since = new Date(Date.parse(now) - PRESENT_MINUTES * MINUTE).toISOString()
  const rows = await db.selectFrom('case_visit').innerJoin('account', 'account.id', 'case_visit.account_id').select(['account.id', 'account.name', 'case_visit.at'])
    .where('case_visit.complaint_id', '=', complaintId).where('case_visit.account_id', '!=', me).where('case_visit.at', '>', since).orderBy('case_visit.at', 'desc').orderBy('account.id').limit(5).execute()
  const visitors: Visitor[] = []
  for (const { id, name, at } of rows) if (!await hasConflict(db, id, complaintId)) visitors.push({ name, at })
  return visitors
}
