import type { FastifyRequest } from 'fastify'
import { TIERS, type TierName } from '../../domain/records/benchmarks.ts'
import { parseYuan, yuanFault, type YuanFault } from '../../domain/records/money.ts'
import { isDate } from '../../domain/time/calendar.ts'
import type { Query } from '../../paths.ts'
import type { CheckQuery } from './schema.ts'

export const STEPS = ['matter', 'day', 'circumstances', 'amount', 'result'] as const
export type Step = (typeof STEPS)[number]

/** What was answered, as it was typed. Circumstances are places in the list of the benchmark, exemptions `<code>~<place>`. */
export interface Answers {
  step: Step, matter: string, year: string, month: string, day: string, benchmark: string, circumstances: string[], exemptions: string[], tier: TierName | '', fine: string, base: string
}

const MOST = 60
const text = (value: unknown, limit = 100): string => typeof value === 'string' ? value.slice(0, limit).normalize('NFKC').trim() : ''
const texts = (value: unknown, shape: RegExp): string[] => [...new Set([value ?? []].flat().slice(0, MOST).map(one => text(one, 110)).filter(one => shape.test(one)))]

/** Reads an address; what is odd counts as not answered. */
export function readAnswers (query: CheckQuery): Answers {
  const whole = text(query.on)
  const [year = '', month = '', day = ''] = isDate(whole) ? whole.split('-') : [query.on_year, query.on_month, query.on_day].map(part => text(part, 10))
  const tier = text(query.tier)
  const matter = text(query.matter)
  return {
    step: matter === '' ? 'matter' : STEPS.find(step => step === query.step) ?? 'day',
    matter,
    year,
    month,
    day,
    benchmark: text(query.benchmark),
    circumstances: texts(query.c, /^\d{1,2}$/),
    exemptions: texts(query.x, /^[\w.-]{1,100}~\d{1,2}$/),
    tier: Object.hasOwn(TIERS, tier) ? tier as TierName : '',
    fine: typeof query.fine === 'string' ? query.fine.slice(0, 60).trim() : '',
    base: typeof query.base === 'string' ? query.base.slice(0, 60).trim() : ''
  }
}

/** The answers as values of an address, under the names of the forms. */
export function answerQuery (answers: Answers): Query {
  const { year, month, day } = answers
  return { matter: answers.matter, on_year: year, on_month: month, on_day: day, benchmark: answers.benchmark, c: answers.circumstances, x: answers.exemptions, tier: answers.tier, fine: answers.fine, base: answers.base, step: answers.step }
}

/** The address of these answers, some changed. */
export function answerPath (request: FastifyRequest, answers: Answers, change: Partial<Answers>): string {
  return request.path('checkFine', [], answerQuery({ ...answers, ...change }))
}

/** The answers that a form carries along: all but those that it asks for itself. */
export function carried (answers: Answers, next: Step, asked: readonly string[]): Array<{ name: string, value: string }> {
  return Object.entries({ ...answerQuery(answers), step: next }).filter(([name]) => !asked.includes(name))
    .flatMap(([name, value]) => [value].flat().filter(one => String(one ?? '') !== '').map(one => ({ name, value: String(one) })))
}

export type DayFault = 'date' | 'future' | 'old'

/** Nobody keeps a benchmark older than the first Penalty Law, in force since this day. */
export const EARLIEST = '1996-10-01'

/** The day of the act: today where none was given; a fault for one that does not exist, lies ahead or too far back. */
export function dayOf ({ year, month, day }: Answers, today: string): { on: string, fault: DayFault | null, given: boolean } {
  if ([year, month, day].every(part => part === '')) return { on: today, fault: null, given: false }
  const on = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const fault = !isDate(on) ? 'date' : on > today ? 'future' : on < EARLIEST ? 'old' : null
  return { on: fault === null ? on : today, fault, given: true }
}

export type AmountFault = 'empty' | YuanFault

/** An amount that was typed, in fen. */
export function amountOf (typed: string, needed: boolean): { fen: number | null, fault: AmountFault | null } {
  if (typed === '') return { fen: null, fault: needed ? 'empty' : null }
  const fen = parseYuan(typed)
  return { fen, fault: fen === null ? yuanFault(typed) : null }
}
