import type { Db } from '../../db/schema.ts'

/** Periods of complaints that ended between two days: when they began and ended, and the stretches in which they did not run. Nothing of the complaint itself. */
export async function listEndedPeriods (db: Db, from: string, to: string) {
  return await db.selectFrom('clock').select(['clock', 'day_type', 'started_at', 'stopped_on', 'pauses']).where('stopped_on', '>=', from).where('stopped_on', '<=', to).execute()
}
export type EndedPeriod = Awaited<ReturnType<typeof listEndedPeriods>>[number]

/** The days for which the calendar has official entries; null when it has none. */
export async function findCoverage (db: Db): Promise<{ from: string, to: string } | null> {
  const row = await db.selectFrom('calendar_day').select(eb => [eb.fn.min('date').as('from'), eb.fn.max('date').as('to')]).executeTakeFirst()
  const { from, to } = row ?? {}
  return typeof from === 'string' && typeof to === 'string' ? { from, to } : null
}
