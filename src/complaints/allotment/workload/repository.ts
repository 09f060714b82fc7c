import { sql, type SqlBool } from 'kysely'
import type { Db } from '../../../db/schema.ts'
import { OPEN_STATUSES } from '../../../domain/process/workflow.ts'
import { addDays } from '../../../domain/time/calendar.ts'
import { existsFor } from '../../work/conflicts/repository.ts'

/** What somebody has in hand; `handlerId` null: nobody has. */
export interface Load { handlerId: number | null, open: number, week: number, overdue: number }

/** Open cases by handler, as far as they exist for the viewer, from the index alone. */
export async function listLoads (db: Db, viewer: { id: number, bureauIds: readonly number[] }, today: string): Promise<Load[]> {
  const sum = (condition: ReturnType<typeof sql<SqlBool>>): ReturnType<typeof sql<number>> => sql<number>`sum(case when ${condition} then 1 else 0 end)`
  const rows = await db.selectFrom('complaint').where('status', 'in', OPEN_STATUSES).where('bureau_id', 'in', viewer.bureauIds.length === 0 ? [-1] : viewer.bureauIds).where('suspect', '=', 0).where(existsFor(viewer.id)).groupBy('handler_id').select([
    'handler_id as handlerId', ({ fn }) => fn.countAll<number>().as('open'),
    sum(sql`sort_on >= ${today} and sort_on <= ${addDays(today, 7)}`).as('week'), sum(sql`sort_on < ${today}`).as('overdue')
  ]).execute()
  return rows.map(({ handlerId, open, week, overdue }) => ({ handlerId, open: Number(open), week: Number(week), overdue: Number(overdue) }))
}

/** A case that waits for a decision of somebody's, with the day until which. */
export interface Waiting { ref: string, on: string | null }
export type WaitingKind = 'extensions' | 'withdrawals' | 'suggested' | 'unrouted'

/** Cases that wait for a decision, as far as they exist for the viewer; at most so many. */
export async function listWaitingCases (db: Db, kind: WaitingKind, viewer: { id: number, bureauIds: readonly number[] }, most: number): Promise<Waiting[]> {
  const cases = db.selectFrom('complaint').where('complaint.closed_at', 'is', null).where('complaint.bureau_id', 'in', viewer.bureauIds.length === 0 ? [-1] : viewer.bureauIds).where(existsFor(viewer.id))
  if (kind === 'suggested') return await cases.where('suggested_id', '=', viewer.id).where('handler_id', 'is', null).select(['ref', 'due_on as on']).orderBy('ref').limit(most).execute()
  if (kind === 'unrouted') return await cases.where('routing_faults', '!=', '').where('handler_id', 'is', null).select(['ref', 'due_on as on']).orderBy('ref').limit(most).execute()
  if (kind === 'withdrawals') {
    return await db.selectFrom('withdrawal_task').innerJoin('complaint', 'complaint.id', 'withdrawal_task.complaint_id').where('withdrawal_task.state', '=', 'open').where('complaint.bureau_id', 'in', viewer.bureauIds).where(existsFor(viewer.id))
      .select(['complaint.ref', 'withdrawal_task.due_on as on']).orderBy('withdrawal_task.due_on').orderBy('complaint.ref').limit(most).execute()
  }
  return await cases.innerJoin('clock_extension', 'clock_extension.complaint_id', 'complaint.id').where('clock_extension.state', '=', 'requested')
    .where(eb => eb.or([eb('requested_by', 'is', null), eb('requested_by', '!=', viewer.id)])).select(['complaint.ref', 'clock_extension.due_before as on']).orderBy('requested_at').orderBy('complaint.ref').limit(most).execute()
}
