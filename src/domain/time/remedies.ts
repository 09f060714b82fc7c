import type { Citation } from '../records/laws.ts'
import { addDays, daysBetween, startOfDay, type Calendar, type Reckoning } from './calendar.ts'
import { explain, type Step } from './clocks.ts'

/** How a period is measured. Months and years end on the corresponding day, or on the last of a month that has none (民法典 202). */
export const UNITS = ['working', 'calendar', 'months', 'years'] as const
export type Unit = (typeof UNITS)[number]

/**
 * A period within which a person has to act. `waits` is a number of days that have to pass first, `limit` marks a last limit rather than a
 * period to use up; `silent` one that no paper begins. Words at `remedy_rule.<code>`.
 */
export interface RemedyRule { count: number, unit: Unit, waits?: number, limit?: true, silent?: true, basis: readonly Citation[] }

/** Every period of the remedies, each read in the statute's text. The articles on how to count stand in COUNTING. */
export const REMEDY_RULES = {
  hearing: { count: 5, unit: 'working', basis: [{ law: 'penalty', article: 64, item: 1 }, { law: 'penalty', article: 85 }] },
  payment: { count: 15, unit: 'calendar', basis: [{ law: 'penalty', article: 67, paragraph: 3 }] },
  reconsideration: { count: 60, unit: 'calendar', basis: [{ law: 'reconsideration', article: 20, paragraph: 1 }] },
  reconsideration_untold: { count: 1, unit: 'years', limit: true, basis: [{ law: 'reconsideration', article: 20, paragraph: 3 }] },
  reconsideration_inaction: { count: 60, unit: 'calendar', waits: 60, basis: [{ law: 'reconsideration', article: 20, paragraph: 1 }, { law: 'reconsideration_rules', article: 24, paragraph: 1, item: 2 }] },
  litigation: { count: 6, unit: 'months', basis: [{ law: 'litigation', article: 46, paragraph: 1 }] },
  litigation_after: { count: 15, unit: 'calendar', basis: [{ law: 'litigation', article: 45 }] },
  litigation_silence: { count: 15, unit: 'calendar', silent: true, basis: [{ law: 'litigation', article: 45 }, { law: 'reconsideration', article: 34 }] },
  petition_review: { count: 30, unit: 'calendar', basis: [{ law: 'petition', article: 35 }] },
  compensation: { count: 2, unit: 'years', basis: [{ law: 'compensation', article: 39, paragraph: 1 }] }
} as const satisfies Record<string, RemedyRule>
export type RemedyName = keyof typeof REMEDY_RULES

/** How days are counted: the first day is not, and a last day that is a rest day moves to the next working day. */
export const COUNTING = [
  { law: 'civil_procedure', article: 85 }, { law: 'reconsideration', article: 88 }, { law: 'litigation', article: 101 }, { law: 'civil_code', article: 201 }, { law: 'civil_code', article: 202 }, { law: 'civil_code', article: 203 }
] as const satisfies readonly Citation[]

/**
 * What a person may hold in their hands, and the periods that begin with it. `first`: reconsideration has to come before the court, by these
 * articles. `onPaper`: the paper had to name the remedies, so the longest limit is told where it did not. Words at `act.<code>`.
 */
export interface Act { remedies: readonly RemedyName[], first?: readonly Citation[], onPaper?: true }

export const ACTS = {
  notice: { remedies: ['hearing'] },
  penalty: { remedies: ['reconsideration', 'litigation', 'payment'], onPaper: true },
  on_the_spot: { remedies: ['reconsideration', 'payment'], first: [{ law: 'reconsideration', article: 23, paragraph: 1, item: 1 }], onPaper: true },
  coercion: { remedies: ['reconsideration', 'litigation'], onPaper: true },
  permit: { remedies: ['reconsideration', 'litigation'], onPaper: true },
  other: { remedies: ['reconsideration', 'litigation'], onPaper: true },
  disclosure: { remedies: ['reconsideration'], first: [{ law: 'reconsideration', article: 23, paragraph: 1, item: 4 }], onPaper: true },
  inaction: { remedies: ['reconsideration_inaction'], first: [{ law: 'reconsideration', article: 23, paragraph: 1, item: 3 }, { law: 'reconsideration_rules', article: 30 }] },
  reconsidered: { remedies: ['litigation_after'] },
  silence: { remedies: ['litigation_silence'] },
  petition: { remedies: ['petition_review'] },
  damage: { remedies: ['compensation'] }
} as const satisfies Record<string, Act>
export type ActKind = keyof typeof ACTS

/** The acts that the form of a complaint asks about; the others are not what a complaint begins with. */
export const PAPER_ACTS = ['penalty', 'on_the_spot', 'coercion', 'permit', 'disclosure', 'inaction', 'other'] as const satisfies readonly ActKind[]
export type PaperAct = (typeof PAPER_ACTS)[number]

/** One line of the arithmetic of a remedy: those of a clock, and what only longer periods need. Words at `due_step.<step>`. */
export type RemedyStep = Step
  | { step: 'months' | 'years', count: number, from: string }
  | { step: 'received' | 'month_end' | 'due_unrecorded', date: string }
  | { step: 'waited', days: number, from: string, date: string }

/** The last day of a period, with its arithmetic. `assured` is false where the calendar of that year is not yet official. */
export interface Remedy { rule: RemedyName, lastDay: string, assured: boolean, steps: RemedyStep[] }

/** The last day to act under a rule for somebody who received the paper, or knew, on a date. */
export function remedyDue (rule: RemedyName, on: string, calendar: Calendar): Remedy {
  const { count, unit, waits, silent }: RemedyRule = REMEDY_RULES[rule]
  const from = waits === undefined ? on : addDays(on, waits)
  const before: RemedyStep[] = waits === undefined ? [] : [{ step: 'waited', days: waits, from: on, date: from }]
  const counted = unit === 'months' || unit === 'years' ? byMonths(from, count, unit, calendar) : explain(startOfDay(from), { days: count, dayType: unit }, calendar)
  const last = counted.at(-1)
  if (last === undefined || !('date' in last)) throw new Error(`the arithmetic of ${rule} ends in no day`)
  const given = counted.map((step): RemedyStep => step.step === 'started' && waits === undefined && silent === undefined ? { step: 'received', date: step.date } : step)
  return { rule, lastDay: last.date, assured: last.step !== 'due_unassured', steps: [...before, ...given] }
}

/** Everything that a person may still do, in the order of the table; with the last limit where the paper did not name the remedies. */
export function remediesOf (act: ActKind, on: string, calendar: Calendar, untold = false): Remedy[] {
  const { remedies, onPaper }: Act = ACTS[act]
  const rules: RemedyName[] = untold && onPaper === true ? [...remedies, 'reconsideration_untold'] : [...remedies]
  return rules.map(rule => remedyDue(rule, on, calendar))
}

/** Days that are left: 0 on the last day itself, negative when it has passed. */
export function daysLeft (remedy: Remedy, today: string): number {
  return daysBetween(today, remedy.lastDay)
}

function byMonths (from: string, count: number, unit: 'months' | 'years', calendar: Calendar): RemedyStep[] {
  const end = addMonths(from, unit === 'years' ? count * 12 : count)
  const { date, assured, skipped, madeUp }: Reckoning = calendar.rollForward(end)
  const steps: RemedyStep[] = [{ step: 'started', date: from }, { step: unit, count, from }]
  if (end.slice(8) !== from.slice(8)) steps.push({ step: 'month_end', date: end })
  if (skipped.length > 0) steps.push({ step: 'rolled', days: skipped })
  if (madeUp.length > 0) steps.push({ step: 'made_up', dates: madeUp })
  return [...steps, { step: assured ? 'due' : 'due_unassured', date }]
}

/** The corresponding day so many months later; the last of the month where there is none: 31 August and six months is 28 February. */
export function addMonths (date: string, months: number): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0))
  return new Date(Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), Math.min(day, last.getUTCDate()))).toISOString().slice(0, 10)
}
