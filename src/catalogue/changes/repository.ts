import type { Db } from '../../db/schema.ts'
import { addDays, localDate, startOfDay } from '../../domain/time/calendar.ts'
import { perRevision } from '../lists/engine/revision.ts'

/** How many changes of a kind there were on a day in China. */
export interface DayCount { day: string, kind: string, change: string, count: number }

/** All changes counted by day, kind of record and kind of change, the newest day first; read once for each publication from the index alone. */
export const dayCounts = perRevision(async (db): Promise<DayCount[]> => {
  const rows = await db.selectFrom('record_version').select(eb => ['recorded_at', 'kind', 'change', eb.fn.countAll<number>().as('count')])
    .groupBy(['recorded_at', 'kind', 'change']).orderBy('recorded_at', 'desc').execute()
  const counts = new Map<string, DayCount>()
  for (const { recorded_at: at, ...row } of rows) {
    const day = localDate(at)
    const key = `${day} ${row.kind} ${row.change}`
    const known = counts.get(key)
    if (known === undefined) counts.set(key, { day, ...row })
    else known.count += row.count
  }
  return [...counts.values()]
})

export interface Changed { kind: string, recordId: number, version: number, change: string, at: string, reason: string }

/** One page of the changes of a day, the latest first. */
export async function listChanges (db: Db, day: string, { kinds, changes, limit, offset }: { kinds: string[], changes: string[], limit: number, offset: number }): Promise<Changed[]> {
  if (kinds.length === 0 || changes.length === 0) return []
  return await db.selectFrom('record_version').select(['kind', 'record_id as recordId', 'version', 'change', 'recorded_at as at', 'reason'])
    .where('recorded_at', '>=', startOfDay(day)).where('recorded_at', '<', startOfDay(addDays(day, 1))).where('kind', 'in', kinds).where('change', 'in', changes)
    .orderBy('recorded_at', 'desc').orderBy('kind', 'desc').orderBy('change', 'desc').orderBy('record_id', 'desc').orderBy('version', 'desc')
    .limit(limit).offset(offset).execute()
}
