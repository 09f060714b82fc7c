import type { CalendarChangeTable, CalendarDayTable, Db } from '../../db/schema.ts'

export interface YearLine { year: number, days: number, rest: number, sources: string[] }

/** The years of the calendar: days, rest days among them, and where they come from. */
export async function listYears (db: Db): Promise<YearLine[]> {
  const rows = await db.selectFrom('calendar_day').select(['date', 'is_workday', 'source']).orderBy('date').execute()
  const years = new Map<number, YearLine>()
  for (const { date, is_workday: works, source } of rows) {
    const year = Number(date.slice(0, 4))
    const line = years.get(year) ?? { year, days: 0, rest: 0, sources: [] }
    years.set(year, { year, days: line.days + 1, rest: line.rest + (works === 0 ? 1 : 0), sources: line.sources.includes(source) ? line.sources : [...line.sources, source] })
  }
  return [...years.values()].reverse()
}

/** The days between two dates as they stand. */
export async function listDays (db: Db, from: string, to: string): Promise<CalendarDayTable[]> {
  return await db.selectFrom('calendar_day').selectAll().where('date', '>=', from).where('date', '<=', to).execute()
}

/** Writes days over what stood there. */
export async function upsertDays (trx: Db, days: readonly CalendarDayTable[]): Promise<void> {
  for (const { date, ...day } of days) await trx.insertInto('calendar_day').values({ date, ...day }).onConflict(conflict => conflict.column('date').doUpdateSet(day)).execute()
}

/** Keeps a change of the calendar. */
export async function insertChange (trx: Db, row: CalendarChangeTable): Promise<void> {
  await trx.insertInto('calendar_change').values(row).execute()
}

export type ChangeLine = CalendarChangeTable & { by: string | null }

/** The last changes of the calendar, the newest first; one of them by its id. */
export async function listChanges (db: Db, id?: string): Promise<ChangeLine[]> {
  return await db.selectFrom('calendar_change').leftJoin('account', 'account.id', 'calendar_change.actor_id').selectAll('calendar_change').select('account.name as by')
    .$if(id !== undefined, query => query.where('calendar_change.id', '=', id ?? '')).orderBy('at', 'desc').limit(20).execute()
}
