import type { PauseReason } from '../supervision/suspensions.ts'
import { addDays, daysBetween, localDate, type Calendar, type Reckoning, type SkippedDay } from './calendar.ts'

/** Every clock that can run; how long each runs stands in the deadline profile, never here. */
export const CLOCKS = [
  'urgent', 'accept', 'supplement', 'transfer', 'agency_explanation', 'delegation', 'investigation_plan', 'handle', 'handle_extension', 'rectify', 'rectify_extension', 'objection', 'objection_answer',
  'reply', 'review_window', 'review', 'verification', 'reopening', 'retaliation', 'message_reply', 'withdrawal', 'correction'
] as const
export type Clock = (typeof CLOCKS)[number]

/** Periods in which the complainant or the agency may do something: nobody is late when one ends, so none of them makes a complaint due. */
export const WINDOWS: readonly Clock[] = ['review_window', 'reopening', 'retaliation', 'message_reply', 'objection']

export const DAY_TYPES = ['working', 'calendar'] as const
export type DayType = (typeof DAY_TYPES)[number]

/** Where a length comes from: a statute, a policy document of the State Council, a local rule, or the bureau's own choice. It is shown beside every due date. */
export const BASIS_KINDS = ['law', 'policy', 'local_rule', 'our_default'] as const
export type BasisKind = (typeof BASIS_KINDS)[number]

/** One row of a deadline profile. `basis` and `basisEn` are data, shown as they stand. */
export interface ClockRule { clock: Clock, days: number, dayType: DayType, basis: string, basisEn: string, kind: BasisKind }

/**
 * A clock at work. Two numbers decide the due date: the day from which it counts and the days it still has. Anchor and `daysLeft`
 * are kept, the due date is always reckoned again from them, also when a new year's calendar arrives.
 */
export interface ClockState { anchorOn: string, daysLeft: number, dueOn: string, assured: boolean, pausedOn: string | null }

/** Reckons a due date. The first day is not counted; a last day that is a rest day moves to the next working day (民法典 201, 203). */
export function reckon (anchorOn: string, days: number, dayType: DayType, calendar: Calendar): Reckoning {
  return dayType === 'working' ? calendar.addWorkingDays(anchorOn, days) : calendar.rollForward(addDays(anchorOn, days))
}

/** The due date of a rule that starts at an instant (UTC). */
export function dueOn (startIso: string, rule: Pick<ClockRule, 'days' | 'dayType'>, calendar: Calendar): Reckoning {
  return reckon(localDate(startIso), rule.days, rule.dayType, calendar)
}

/** A clock that begins at an instant (UTC). */
export function startClock (startIso: string, rule: Pick<ClockRule, 'days' | 'dayType'>, calendar: Calendar): ClockState {
  return anchored(localDate(startIso), rule.days, rule.dayType, calendar)
}

/**
 * Stops the count. The day of the pause is still used up, so what is left is the rule's days minus those from the anchor up to and
 * including that day. A clock that is already overdue cannot be paused: waiting for somebody does not heal lateness. Neither can a paused one.
 */
export function pauseClock (state: ClockState, atIso: string, dayType: DayType, calendar: Calendar): ClockState {
  const on = localDate(atIso)
  if (state.pausedOn !== null || on > state.dueOn) return state
  const used = dayType === 'working' ? calendar.workingDaysBetween(state.anchorOn, on) : daysBetween(state.anchorOn, on)
  return { ...state, anchorOn: on, daysLeft: Math.max(0, state.daysLeft - used), pausedOn: on }
}

/**
 * Counts on. The day of resuming is a new first day, so it is not counted: pausing and resuming on one day changes nothing, and the
 * due date moves by exactly the days after the pause up to and including the day of resuming. Those days are the complainant's, not the bureau's.
 */
export function resumeClock (state: ClockState, atIso: string, dayType: DayType, calendar: Calendar): ClockState {
  return state.pausedOn === null ? state : anchored(localDate(atIso), state.daysLeft, dayType, calendar)
}

/** Adds days that were granted (延长): the due date moves by exactly those. A clock that waits has them when it goes on. */
export function extendClock (state: ClockState, days: number, dayType: DayType, calendar: Calendar): ClockState {
  return { ...anchored(state.anchorOn, state.daysLeft + days, dayType, calendar), pausedOn: state.pausedOn }
}

/** Days of a clock that are used up on a date, of all it has. On the last day, and after it, none is left. */
export function usedOf (state: ClockState, total: number, { dayType, today }: { dayType: DayType, today: string }, calendar: Calendar): { used: number, total: number } {
  const left = dayType === 'working' ? calendar.workingDaysBetween(today, state.dueOn) : Math.max(0, daysBetween(today, state.dueOn))
  return { used: Math.max(0, total - left), total }
}

/** How near a due date is; words at `ui.due_<state>`. */
export type DueState = 'calm' | 'soon' | 'today' | 'overdue'

/** The colour of a due chip: `soon` when less than a quarter of the time is left, or only one day. All three are dates in China. */
export function dueState (dueOn: string, today: string, startedOn: string): DueState {
  const left = daysBetween(today, dueOn)
  if (left < 0) return 'overdue'
  if (left === 0) return 'today'
  return left === 1 || left / daysBetween(startedOn, dueOn) < 0.25 ? 'soon' : 'calm'
}

/** A stretch during which a clock did not run, as two dates; `to` is null while it lasts. Without `why` the complainant was waited for. */
export interface Pause { from: string, to: string | null, why?: PauseReason }
/** Days that were granted on a date. */
export interface Extension { on: string, days: number }
/** What happened to a clock since it began. */
export interface Course { pauses?: readonly Pause[], extensions?: readonly Extension[] }

/** One line of the arithmetic on the due-date page; the words stand at `due_step.<step>`. */
export type Step =
  | { step: 'started', date: string }
  | { step: 'working' | 'calendar', days: number, from: string }
  | { step: 'paused', from: string, to: string, why: PauseReason }
  | { step: 'waiting', from: string, why: PauseReason }
  | { step: 'extended', date: string, days: number }
  | { step: 'skipped' | 'rolled', days: SkippedDay[] }
  | { step: 'made_up', dates: string[] }
  | { step: 'due' | 'due_unassured', date: string }

/** The arithmetic of a due date, step by step, from the very start through every pause and extension. */
export function explain (startIso: string, rule: Pick<ClockRule, 'days' | 'dayType'>, calendar: Calendar, course: Course = {}): Step[] {
  const { state, steps } = retrace(startIso, rule, calendar, course)
  return state.pausedOn === null ? [...steps, ...count(state, rule.dayType, calendar)] : steps
}

/** The clock as it stands after all that happened to it, reckoned anew from its start; for a calendar that has changed. */
export function replayClock (startIso: string, rule: Pick<ClockRule, 'days' | 'dayType'>, calendar: Calendar, course: Course = {}): ClockState {
  return retrace(startIso, rule, calendar, course).state
}

function retrace (startIso: string, { days, dayType }: Pick<ClockRule, 'days' | 'dayType'>, calendar: Calendar, course: Course): { state: ClockState, steps: Step[] } {
  let state = startClock(startIso, { days, dayType }, calendar)
  const steps: Step[] = [{ step: 'started', date: state.anchorOn }]
  for (const turn of turnsOf(course)) {
    if ('days' in turn) {
      state = extendClock(state, turn.days, dayType, calendar)
      steps.push({ step: 'extended', date: turn.on, days: turn.days })
    } else if (turn.ends) {
      if (state.pausedOn === null) continue
      steps.push({ step: 'paused', from: turn.pause.from, to: turn.on, why: turn.pause.why ?? 'complainant' })
      state = resumeClock(state, noon(turn.on), dayType, calendar)
    } else state = pauseClock(state, noon(turn.on), dayType, calendar)
  }
  const open = course.pauses?.find(({ from, to }) => to === null && from === state.pausedOn)
  if (open !== undefined) steps.push({ step: 'waiting', from: open.from, why: open.why ?? 'complainant' })
  return { state, steps }
}

type Turn = Extension | { on: string, pause: Pause, ends: boolean }

/** In the order of the dates; what was granted on a day counts before a pause that began on it. */
function turnsOf ({ pauses = [], extensions = [] }: Course): Turn[] {
  const stretches = pauses.flatMap((pause): Turn[] => [{ on: pause.from, pause, ends: false }, ...pause.to === null ? [] : [{ on: pause.to, pause, ends: true }]])
  return [...extensions, ...stretches].sort((a, b) => a.on < b.on ? -1 : a.on > b.on ? 1 : 0)
}

function count (state: ClockState, dayType: DayType, calendar: Calendar): Step[] {
  const { date, assured, skipped, madeUp } = reckon(state.anchorOn, state.daysLeft, dayType, calendar)
  const steps: Step[] = [{ step: dayType, days: state.daysLeft, from: state.anchorOn }]
  if (skipped.length > 0) steps.push({ step: dayType === 'working' ? 'skipped' : 'rolled', days: skipped })
  if (madeUp.length > 0) steps.push({ step: 'made_up', dates: madeUp })
  return [...steps, { step: assured ? 'due' : 'due_unassured', date }]
}

function anchored (anchorOn: string, daysLeft: number, dayType: DayType, calendar: Calendar): ClockState {
  const { date, assured } = reckon(anchorOn, daysLeft, dayType, calendar)
  return { anchorOn, daysLeft, dueOn: date, assured, pausedOn: null }
}

function noon (date: string): string {
  return `${date}T04:00:00.000Z` // midday in China, so that the date cannot slip
}
