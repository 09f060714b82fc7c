import type { FastifyRequest } from 'fastify'
import type { Kysely } from 'kysely'
import { citing, type Cited } from '../../../catalogue/guide/service.ts'
import { loadCalendar } from '../../../db/reckoner.ts'
import type { Database } from '../../../db/schema.ts'
import { dueState, type DueState } from '../../../domain/time/clocks.ts'
import { ACTS, daysLeft, remediesOf, type Act, type ActKind, type Remedy } from '../../../domain/time/remedies.ts'
import type { Answers, ParallelAnswer } from '../core/types.ts'

/** What a clock runs from: `received` as the complainant says, `decided` the day of a published decision, which cannot have been received before. */
export interface ClockStart { act: ActKind, on: string, from: 'received' | 'decided', untold: boolean }
/** One last day as pages show it. */
export interface RemedyLine { rule: string, on: string, state: DueState, left: number, assured: boolean }
/** The last days of the remedies against one act. `first`: the articles by which reconsideration comes before the court. */
export interface RemedyClock extends ClockStart { lines: RemedyLine[], over: boolean, first: Cited[], href: string, calendar: string }

/** What can be lost by waiting for the end of a complaint; a fine that is due or a hearing is another matter. */
const LOST: ReadonlySet<string> = new Set(['reconsideration', 'reconsideration_untold', 'reconsideration_inaction', 'litigation', 'litigation_after'])

type Told = Pick<Answers, 'target' | 'parallel' | 'paper'>

/** Where the time to ask for a remedy begins, as far as the answers tell; null without a date, and where reconsideration or a court has it already. */
export async function clockStart (db: Kysely<Database>, { target, parallel, paper }: Told): Promise<ClockStart | null> {
  if (parallel?.kind === 'reconsideration' || parallel?.kind === 'litigation') return afterReconsideration(parallel)
  const { act = 'none', receivedOn, untold = false } = paper ?? {}
  if (act !== 'none' && receivedOn !== undefined) return { act, on: receivedOn, from: 'received', untold }
  if (target?.decisionId === undefined) return null
  const decision = await db.selectFrom('decision').select(['category', 'decided_on']).where('id', '=', target.decisionId).executeTakeFirst()
  return decision === undefined ? null : { act: act === 'none' ? actOf(decision.category) : act, on: decision.decided_on, from: 'decided', untold }
}

function afterReconsideration ({ kind, stage, decisionOn }: ParallelAnswer): ClockStart | null {
  if (kind !== 'reconsideration' || stage !== 'decided' || decisionOn === undefined) return null
  return { act: 'reconsidered', on: decisionOn, from: 'decided', untold: false }
}

function actOf (category: string): ActKind {
  return category === 'penalty' || category === 'coercion' || category === 'permit' ? category : 'other'
}

/** The last days to ask for a remedy, counted from what the answers of a form or the details of a complaint say; null when they say nothing. */
export async function remedyClock (db: Kysely<Database>, request: FastifyRequest, told: Told, today: string): Promise<RemedyClock | null> {
  const start = await clockStart(db, told)
  if (start === null) return null
  const { act, on, untold } = start
  const lines = (await remediesFrom(db, start)).map((remedy): RemedyLine => ({
    rule: remedy.rule, on: remedy.lastDay, state: dueState(remedy.lastDay, today, on), left: daysLeft(remedy, today), assured: remedy.assured
  }))
  const { first }: Act = ACTS[act]
  const cite = await citing(db, request)
  const query = { act, on, untold: untold ? '1' : undefined }
  return {
    ...start, lines, over: lines.every(line => line.left < 0), first: (first ?? []).map(cite),
    href: request.path('guideDeadlines', [], query), calendar: request.path('guideCalendar', [], query)
  }
}

async function remediesFrom (db: Kysely<Database>, { act, on, untold }: ClockStart): Promise<Remedy[]> {
  return remediesOf(act, on, await loadCalendar(db), untold).filter(remedy => LOST.has(remedy.rule))
}

/** What the handlers must know: last days that end before the complaint has to be, or have ended since it came. */
export interface Lapse { rule: string, on: string, over: boolean }

/** The last days that lapse while a complaint is open; `until` is the day by which it has to be answered. Empty for a closed one. */
export async function lapses (db: Kysely<Database>, told: Told, { from, until, today }: { from: string, until: string, today: string }): Promise<Lapse[]> {
  const start = await clockStart(db, told)
  if (start === null) return []
  return (await remediesFrom(db, start)).filter(({ lastDay }) => lastDay >= from && lastDay <= (until > today ? until : today))
    .map(({ rule, lastDay }) => ({ rule, on: lastDay, over: lastDay < today }))
}
