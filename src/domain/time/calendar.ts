// Dates are 'YYYY-MM-DD' in Asia/Shanghai, instants are ISO UTC text. China has had no summer time since 1991, so eight hours are always right.
const SHANGHAI = 8 * 3_600_000
const DAY = 86_400_000

/** One row of the calendar table: seeded from chinese-days, then from each year's State Council notice. */
export interface CalendarDay { date: string, isWorkday: boolean | number }

/** A day that did not count, and why: an ordinary weekend or a public holiday on a weekday. */
export interface SkippedDay { date: string, reason: 'weekend' | 'holiday' }

/**
 * The answer to "which day is it?", with what the due-date page needs to show the arithmetic. `assured` is false when the count
 * touched a day without official data: such days are taken as Monday to Friday, and the date may still move.
 */
export interface Reckoning { date: string, assured: boolean, skipped: SkippedDay[], madeUp: string[] }

export interface Calendar {
  /** Whether people work that day; Monday to Friday where the calendar has no row. */
  isWorkday: (date: string) => boolean
  /** Whether there is an official row for that day. */
  covers: (date: string) => boolean
  /** The n-th working day after `start`, which itself is not counted (民法典 201). Zero rolls forward. */
  addWorkingDays: (start: string, days: number) => Reckoning
  /** The day itself, or the next working day when it is a rest day (民法典 203). */
  rollForward: (date: string) => Reckoning
  /** Working days after `from` up to and including `to`; 0 when `to` is not later. */
  workingDaysBetween: (from: string, to: string) => number
}

/** A calendar over these rows; days without a row count as Monday to Friday and are not assured. */
export function createCalendar (days: Iterable<CalendarDay>): Calendar {
  const rows = new Map([...days].map(day => [day.date, Boolean(day.isWorkday)]))
  const covers = (date: string): boolean => rows.has(date)
  const isWorkday = (date: string): boolean => rows.get(date) ?? !isWeekend(date)
  const walk = (first: string, days: number): Reckoning => {
    const found: Reckoning = { date: first, assured: true, skipped: [], madeUp: [] }
    for (let left = days; ; found.date = addDays(found.date, 1)) {
      if (!covers(found.date)) found.assured = false
      if (!isWorkday(found.date)) found.skipped.push({ date: found.date, reason: isWeekend(found.date) ? 'weekend' : 'holiday' })
      else {
        if (isWeekend(found.date)) found.madeUp.push(found.date)
        if (--left === 0) return found
      }
    }
  }
  const rollForward = (date: string): Reckoning => walk(date, 1)
  return {
    isWorkday,
    covers,
    rollForward,
    addWorkingDays: (start, days) => countOf(days) === 0 ? rollForward(start) : walk(addDays(start, 1), days),
    workingDaysBetween: (from, to) => {
      let count = 0
      for (let date = addDays(from, 1); date <= to; date = addDays(date, 1)) if (isWorkday(date)) count++
      return count
    }
  }
}

/** The date on the wall in China at an instant. */
export function localDate (instant: string): string {
  return new Date(Date.parse(instant) + SHANGHAI).toISOString().slice(0, 10)
}

/** The instant at which a date begins in China. */
export function startOfDay (date: string): string {
  return new Date(Date.parse(date) - SHANGHAI).toISOString()
}

/** The date so many calendar days later, or earlier. */
export function addDays (date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10)
}

/** Calendar days from one date to another; negative when the second is earlier. */
export function daysBetween (from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY)
}

/** Whether a text is a date that exists: 2026-02-30 does not. */
export function isDate (text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && addDays(text, 0) === text
}

function isWeekend (date: string): boolean {
  const day = new Date(date).getUTCDay()
  return day === 0 || day === 6
}

function countOf (days: number): number {
  if (!Number.isInteger(days) || days < 0) throw new RangeError(`a number of days is a whole number from 0, not ${days}`)
  return days
}
