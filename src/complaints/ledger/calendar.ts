import { sql } from 'kysely'
import type { Db } from '../../db/schema.ts'
import { createCalendar, type Calendar } from '../../domain/calendar.ts'
import type { BasisKind, Clock, ClockRule } from '../../domain/clocks.ts'

/** The lengths that this deployment uses. */
const PROFILE = 'cn-default'

export type Rules = ReadonlyMap<Clock, ClockRule>

/** What a transaction needs to reckon dates; read before it begins, so that it holds its locks shortly. */
export interface Reckoner { calendar: Calendar, rules: Rules }

let kept: { mark: string, calendar: Calendar } | undefined

/** The calendar and the lengths as they stand in the database. */
export async function loadReckoner (db: Db): Promise<Reckoner> {
  return { calendar: await loadCalendar(db), rules: await loadRules(db) }
}

/** The working calendar, built again only when a day was added or changed (the mark weighs each working day with its date). */
export async function loadCalendar (db: Db): Promise<Calendar> {
  const weight = sql<number>`sum(is_workday * cast(replace(date, '-', '') as integer))`
  const found = await db.selectFrom('calendar_day')
    .select(({ fn }) => [fn.countAll<number>().as('days'), fn.min('date').as('first'), fn.max('date').as('last'), weight.as('weight')]).executeTakeFirstOrThrow()
  const mark = JSON.stringify(found)
  if (kept?.mark === mark) return kept.calendar
  const rows = await db.selectFrom('calendar_day').select(['date', 'is_workday']).execute()
  const calendar = createCalendar(rows.map(row => ({ date: row.date, isWorkday: row.is_workday })))
  kept = { mark, calendar }
  return calendar
}

async function loadRules (db: Db): Promise<Rules> {
  const rows = await db.selectFrom('deadline_profile').selectAll().where('profile', '=', PROFILE).execute()
  return new Map(rows.map(row => [row.clock as Clock, {
    clock: row.clock as Clock, days: row.days, dayType: row.day_type, basis: row.basis, basisEn: row.basis_en, kind: row.kind as BasisKind
  }]))
}
