import { sql, type SqlBool } from 'kysely'
import type { ClockTable, Db, ReminderTable } from '../../../db/schema.ts'
import { existsFor } from '../conflicts/repository.ts'
import { WINDOWS } from '../../../domain/time/clocks.ts'

/** A running clock with those who have to know how far it is. */
export type RunningClock = ClockTable & { handler_id: number | null, bureau_id: number, delegated_to: number | null }

/** The next running clocks after a place, in the order of their keys; no periods of the complainant's or an agency's. */
export async function pageOfClocks (db: Db, after: Pick<ClockTable, 'complaint_id' | 'clock'>, size: number): Promise<RunningClock[]> {
  return await db.selectFrom('clock').innerJoin('complaint', 'complaint.id', 'clock.complaint_id').selectAll('clock').select(['complaint.handler_id', 'complaint.bureau_id', 'complaint.delegated_to'])
    .where('clock.stopped_on', 'is', null).where('clock.paused_on', 'is', null).where('clock.clock', 'not in', [...WINDOWS])
    .where(eb => eb.or([eb('clock.complaint_id', '>', after.complaint_id), eb.and([eb('clock.complaint_id', '=', after.complaint_id), eb('clock.clock', '>', after.clock)])]))
    .orderBy('clock.complaint_id').orderBy('clock.clock').limit(size).execute()
}

/** People who can be reminded, by number: role and bureau; closed accounts and agencies' people are none. */
export async function listPeople (db: Db): Promise<Array<{ id: number, role: string, bureauId: number }>> {
  return await db.selectFrom('account').select(['id', 'role', 'bureau_id as bureauId']).where('disabled', '=', 0).where('agency_id', 'is', null).execute()
}

/** People who were recused from any of these complaints, or declared any tie: whoever is not among them needs no further look (security.md Z-4). */
export async function listSuspended (db: Db, complaintIds: readonly string[]): Promise<Set<number>> {
  const recused = await db.selectFrom('recusal').select('account_id').distinct().where('status', '=', 'granted').where('complaint_id', 'in', complaintIds).execute()
  const tied = await db.selectFrom('conflict_declaration').select('account_id').distinct().where('ended_at', 'is', null).execute()
  return new Set([...recused, ...tied].flatMap(row => row.account_id ?? []))
}

/** Which of these reminders are there already. */
export async function knownReminders (db: Db, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  return new Set((await db.selectFrom('reminder').select('id').where('id', 'in', ids).execute()).map(({ id }) => id))
}

/** Keeps reminders; one that another process has just made stays as it is. Gives how many are new. */
export async function insertReminders (trx: Db, rows: readonly ReminderTable[]): Promise<number> {
  if (rows.length === 0) return 0
  return (await trx.insertInto('reminder').values([...rows]).onConflict(conflict => conflict.column('id').doNothing()).returning('id').execute()).length
}

/** A higher level takes the place of lower ones that nobody has ticked off. */
export async function supersede (trx: Db, { complaint_id: complaintId, account_id: accountId, clock, run, level }: ReminderTable, now: string): Promise<void> {
  await trx.updateTable('reminder').set({ done_at: now }).where('complaint_id', '=', complaintId).where('account_id', '=', accountId).where('clock', '=', clock).where('run', '=', run)
    .where('level', '<', level).where('done_at', 'is', null).execute()
}

/** Takes back levels of a run that it is no longer at, so that it comes to them again. */
export async function deleteLevels (trx: Db, { complaint_id: complaintId, clock, started_at: run }: ClockTable, above: number): Promise<void> {
  await trx.deleteFrom('reminder').where('complaint_id', '=', complaintId).where('clock', '=', clock).where('run', '=', run).where('level', '>', above).execute()
}

/** What waits for a person: levels of clocks that still run, and tasks; the nearest first. Nothing of cases that one was recused from or has a tie with, or of bureaus that one has left. */
export async function listOpen (db: Db, accountId: number, size: number) {
  return await db.selectFrom('reminder').innerJoin('complaint', 'complaint.id', 'reminder.complaint_id')
    .leftJoin('clock', join => join.onRef('clock.complaint_id', '=', 'reminder.complaint_id').onRef('clock.clock', '=', 'reminder.clock').onRef('clock.started_at', '=', 'reminder.run').on('clock.stopped_on', 'is', null).on('clock.paused_on', 'is', null))
    .selectAll('reminder').select(['complaint.ref', 'complaint.wrapped_key', 'clock.due_on as clockDue'])
    .where('reminder.account_id', '=', accountId).where('reminder.done_at', 'is', null)
    .where(eb => eb.or([eb('reminder.kind', '=', 'task'), eb('clock.due_on', 'is not', null)]))
    .where(existsFor(accountId)).where(sql<SqlBool>`exists (select 1 from account inner join bureau on bureau.id = account.bureau_id or bureau.parent_id = account.bureau_id where account.id = ${accountId} and bureau.id in (complaint.bureau_id, complaint.delegated_to))`)
    .orderBy('reminder.due_on').orderBy('reminder.id').limit(size).execute()
}

/** Ticks off a reminder of one's own; false when there is none that is open. */
export async function settle (trx: Db, { id, accountId }: { id: string, accountId: number }, now: string): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('reminder').set({ done_at: now }).where('id', '=', id).where('account_id', '=', accountId).where('done_at', 'is', null).executeTakeFirst()
  return numUpdatedRows > 0n
}
