import { createCalendar, localDate, type Calendar } from '../domain/time/calendar.ts'
import type { BasisKind, Clock, ClockRule } from '../domain/time/clocks.ts'
import { missingYear } from '../domain/time/notices.ts'
import { readRevision } from './records.ts'
import type { Db } from './schema.ts'

/** The lengths that this deployment uses. */
export const PROFILE = 'cn-default'

export type Rules = ReadonlyMap<Clock, ClockRule>

/** What a transaction needs to reckon dates; read before it begins, so that it holds its locks shortly. */
export interface Reckoner { calendar: Calendar, rules: Rules }

const kept = new WeakMap<object, { mark: string, calendar: Calendar }>()

/** The calendar and the lengths as they stand in the database. */
export async function loadReckoner (db: Db): Promise<Reckoner> {
  return { calendar: await loadCalendar(db), rules: await loadRules(db) }
}

/** The working calendar, kept for each database until a day is added or whoever changes a day raises the revision `calendar`. */
export async function loadCalendar (db: Db): Promise<Calendar> {
  const last = await db.selectFrom('calendar_day').select('date').orderBy('date', 'desc').limit(1).executeTakeFirst()
  const mark = `${last?.date ?? ''} ${await readRevision(db, 'calendar')}`
  const { adapter } = db.getExecutor() // a transaction shares its database's
  const known = kept.get(adapter)
  if (known?.mark === mark) return known.calendar
  const rows = await db.selectFrom('calendar_day').select(['date', 'is_workday']).execute()
  const calendar = createCalendar(rows.map(row => ({ date: row.date, isWorkday: row.is_workday })))
  kept.set(adapter, { mark, calendar })
  return calendar
}

async function loadRules (db: Db): Promise<Rules> {
  const rows = await db.selectFrom('deadline_profile').selectAll().where('profile', '=', PROFILE).execute()
  return new Map(rows.map(row => [row.clock as Clock, {
    clock: row.clock as Clock, days: row.days, dayType: row.day_type, basis: row.basis, basisEn: row.basis_en, kind: row.kind as BasisKind
  }]))
}

/** The year whose holidays should be in the calendar by now and are not, null when none is missing. */
export async function findMissingYear (db: Db, now: string): Promise<number | null> {
  return missingYear(localDate(now), (await loadCalendar(db)).covers)
}
