import type { Clock } from '../../domain/time/clocks.ts'
import type { Db, DeadlineChangeTable, DeadlineProfileTable } from '../../db/schema.ts'

export type ChangeLine = DeadlineChangeTable & { by: string | null }

/** The rule of a clock in a profile; undefined when it has none. */
export async function findRule (db: Db, profile: string, clock: Clock): Promise<DeadlineProfileTable | undefined> {
  return await db.selectFrom('deadline_profile').selectAll().where('profile', '=', profile).where('clock', '=', clock).executeTakeFirst()
}

/** Changes of a profile, the newest first; of one clock where it is named. */
export async function listRuleChanges (db: Db, profile: string, clock?: Clock): Promise<ChangeLine[]> {
  return await db.selectFrom('deadline_change').leftJoin('account', 'account.id', 'deadline_change.actor_id').selectAll('deadline_change').select('account.name as by').where('profile', '=', profile)
    .$if(clock !== undefined, query => query.where('clock', '=', clock ?? '')).orderBy('deadline_change.at', 'desc').limit(50).execute()
}

/** Keeps a change until its day. */
export async function insertRuleChange (trx: Db, row: DeadlineChangeTable): Promise<void> {
  await trx.insertInto('deadline_change').values(row).execute()
}

/** Changes whose day has come, in the order in which they were decided. */
export async function listDue (db: Db, today: string): Promise<DeadlineChangeTable[]> {
  return await db.selectFrom('deadline_change').selectAll().where('applied_at', 'is', null).where('effective_on', '<=', today).orderBy('effective_on').orderBy('at').execute()
}

/** Marks a change as applied; false when another process was faster. */
export async function markApplied (trx: Db, id: string, now: string): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('deadline_change').set({ applied_at: now }).where('id', '=', id).where('applied_at', 'is', null).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Writes a rule; clocks that run keep theirs. */
export async function updateRule (trx: Db, { profile, clock, days, day_type: dayType, basis, basis_en: basisEn, kind }: DeadlineChangeTable): Promise<void> {
  await trx.updateTable('deadline_profile').set({ days, day_type: dayType, basis, basis_en: basisEn, kind }).where('profile', '=', profile).where('clock', '=', clock).execute()
}
