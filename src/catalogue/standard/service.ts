import type { Calendar } from '../../domain/time/calendar.ts'
import { daysBetween, localDate } from '../../domain/time/calendar.ts'
import { CLOCKS, type Clock, type Pause } from '../../domain/time/clocks.ts'
import { spreadOf, type Spread } from '../../domain/records/small-numbers.ts'
import type { EndedPeriod } from './repository.ts'

/** Who answers for a period being kept; words at `standard.who_<code>`. */
export const ACCOUNTABLE: Readonly<Record<Clock, 'bureau' | 'agency' | 'complainant'>> = {
  urgent: 'bureau',
  accept: 'bureau',
  supplement: 'complainant',
  transfer: 'bureau',
  agency_explanation: 'agency',
  delegation: 'bureau',
  investigation_plan: 'bureau',
  handle: 'bureau',
  handle_extension: 'bureau',
  rectify: 'agency',
  rectify_extension: 'agency',
  objection: 'agency',
  objection_answer: 'bureau',
  reply: 'bureau',
  review_window: 'complainant',
  review: 'bureau', verification: 'bureau', reopening: 'complainant', retaliation: 'complainant', message_reply: 'complainant',
  withdrawal: 'agency',
  correction: 'bureau'
}

export interface Quarter { year: number, no: number, from: string, to: string }

/** The last whole quarter before a day. */
export function quarterBefore (today: string): Quarter {
  const [year = 0, month = 0] = today.split('-').map(Number)
  const index = year * 4 + Math.ceil(month / 3) - 2
  const [which, no] = [Math.floor(index / 4), index % 4 + 1]
  return { year: which, no, from: dayOf(which, no * 3 - 2, 1), to: dayOf(which, no * 3 + 1, 0) }
}

/** How long each period really took, in the days in which it is measured; only what enough cases carry. */
export function spreads (periods: readonly EndedPeriod[], calendar: Calendar): Map<Clock, Spread> {
  const found = new Map<Clock, Spread>()
  for (const clock of CLOCKS) {
    const spread = spreadOf(periods.filter(period => period.clock === clock).map(period => daysOf(period, calendar)))
    if (spread !== null) found.set(clock, spread)
  }
  return found
}

function daysOf ({ started_at: startedAt, stopped_on: stoppedOn, day_type: dayType, pauses }: EndedPeriod, calendar: Calendar): number {
  const between = (from: string, to: string): number => dayType === 'working' ? calendar.workingDaysBetween(from, to) : Math.max(0, daysBetween(from, to))
  const end = stoppedOn ?? localDate(startedAt)
  const paused = (JSON.parse(pauses) as Pause[]).reduce((sum, { from, to }) => sum + between(from, to ?? end), 0)
  return Math.max(0, between(localDate(startedAt), end) - paused)
}

function dayOf (year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10)
}
