import { createEvents, type EventAttributes } from 'ics'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { loadCalendar } from '../../db/reckoner.ts'
import type { Citation } from '../../domain/records/laws.ts'
import { ACTS, COUNTING, daysLeft, remediesOf, REMEDY_RULES, type Act, type ActKind, type Remedy, type RemedyStep } from '../../domain/time/remedies.ts'
import { addDays, isDate, localDate } from '../../domain/time/calendar.ts'
import { dueState, type DueState } from '../../domain/time/clocks.ts'
import { AppError } from '../../errors.ts'
import { byField, type Fault } from '../../forms/field-errors.ts'
import { formatDate } from '../../i18n/format.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { DeadlineQuery } from './schema.ts'
import { citing, madeUpDays, skippedDays, stepSentences, type Cited } from './service.ts'

/** What was typed, as it goes back into the form. */
interface Typed { act: string, year: string, month: string, day: string, untold: boolean }
export interface RemedyView { rule: string, on: string, state: DueState, left: number, assured: boolean, steps: string[], skipped: Array<{ on: string, reason: string }>, madeUp: string[], basis: Cited[], more: string }
interface Result { act: ActKind, on: string, remedies: RemedyView[], first: Cited[], untold: boolean, calendar: string, counting: Cited[] }

declare module '../../views.ts' {
  interface Views {
    'catalogue/guide/deadlines': Frame & { typed: Typed, acts: Array<{ value: string, label: string, hint: string }>, faults: Record<string, string>, result: Result | null, example: string }
  }
}

/** No remedy is older than the Administrative Litigation Law, in force since this day. */
const EARLIEST = '1990-10-01'

/** The last day to apply for reconsideration, to sue, to ask for a hearing: reckoned on the page, kept nowhere. */
export async function deadlines (app: App): Promise<void> {
  app.get(ROUTES.guideDeadlines, { schema: { querystring: DeadlineQuery }, config: { permission: 'public', cache: 'none' } }, async (request, reply) => {
    const typed = typedOf(request.query)
    const asked = read(request, typed, localDate(app.now()))
    if (asked.faults.length > 0) reply.code(422)
    return await show(app, request, reply, { typed, ...asked })
  })

  app.get(ROUTES.guideCalendar, { schema: { querystring: DeadlineQuery }, config: { permission: 'public', cache: 'none' } }, async (request, reply) => {
    const { act, on, typed } = { typed: typedOf(request.query), ...read(request, typedOf(request.query), localDate(app.now())) }
    if (act === null || on === null) throw new AppError('bad_request')
    const remedies = remediesOf(act, on, await loadCalendar(app.db), typed.untold)
    reply.header('content-type', 'text/calendar; charset=utf-8').header('content-disposition', `attachment; filename="sunlit-${act}-${on}.ics"`)
    return calendarFile(request, remedies, { host: request.host, now: app.now() })
  })
}

interface Asked { act: ActKind | null, on: string | null, faults: Fault[] }

const text = (value: unknown): string => typeof value === 'string' ? value.slice(0, 40).normalize('NFKC').trim() : ''

function typedOf (query: DeadlineQuery): Typed {
  const whole = text(query.on)
  const [year = '', month = '', day = ''] = isDate(whole) ? whole.split('-') : [query.on_year, query.on_month, query.on_day].map(text)
  return { act: text(query.act), year, month, day, untold: text(query.untold) === '1' }
}

/** What was asked, or what is wrong with it; nothing typed yet is no fault. */
function read (request: FastifyRequest, typed: Typed, today: string): Asked {
  const act = Object.hasOwn(ACTS, typed.act) ? typed.act as ActKind : null
  const blank = [typed.year, typed.month, typed.day].every(part => part === '')
  const on = `${typed.year}-${typed.month.padStart(2, '0')}-${typed.day.padStart(2, '0')}`
  if (blank && (request.query as DeadlineQuery).asked === undefined) return { act, on: null, faults: [] }
  const wrong = blank ? 'empty' : !isDate(on) ? 'date' : on > today ? 'future' : on < EARLIEST ? 'old' : null
  const faults = [
    ...act === null ? [{ field: 'act', text: request.t('deadlines.error_act') }] : [],
    ...wrong === null ? [] : [{ field: 'on', text: request.t(`deadlines.error_${wrong}`, { earliest: formatDate(request.locale, EARLIEST), example: formatDate(request.locale, addDays(today, -7)) }) }]
  ]
  return { act, on: wrong === null ? on : null, faults }
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { typed, act, on, faults }: Asked & { typed: Typed }): Promise<string> {
  const today = localDate(app.now())
  return await reply.page('catalogue/guide/deadlines', {
    title: request.t('deadlines.title'),
    description: request.t('deadlines.lead'),
    noindex: on !== null || faults.length > 0,
    breadcrumbs: [{ text: request.t('guide.trail'), href: request.path('guide') }, { text: request.t('deadlines.title') }],
    typed,
    acts: Object.keys(ACTS).map(value => ({ value, label: request.t(`act.${value}`), hint: request.t(`act_hint.${value}`) })),
    faults: byField(faults),
    result: act === null || on === null || faults.length > 0 ? null : await resultOf(app, request, { act, on, untold: typed.untold, today }),
    example: addDays(today, -7),
    ...faults.length === 0 ? {} : { errors: faults }
  })
}

async function resultOf (app: App, request: FastifyRequest, { act, on, untold, today }: { act: ActKind, on: string, untold: boolean, today: string }): Promise<Result> {
  const cite = await citing(app.db, request)
  const { first, onPaper }: Act = ACTS[act]
  return {
    act,
    on,
    remedies: remediesOf(act, on, await loadCalendar(app.db), untold).map(remedy => viewOf(request, remedy, { cite, on, today })),
    first: (first ?? []).map(cite),
    untold: untold && onPaper === true,
    calendar: request.path('guideCalendar', [], { act, on, untold: untold ? '1' : undefined }),
    counting: COUNTING.map(cite)
  }
}

function viewOf (request: FastifyRequest, remedy: Remedy, { cite, on, today }: { cite: (citation: Citation) => Cited, on: string, today: string }): RemedyView {
  const steps = remedy.steps.map((step): RemedyStep => step.step === 'due_unassured' && step.date < today ? { step: 'due_unrecorded', date: step.date } : step)
  return {
    rule: remedy.rule,
    on: remedy.lastDay,
    state: dueState(remedy.lastDay, today, on),
    left: daysLeft(remedy, today),
    assured: remedy.assured,
    steps: stepSentences(request, steps),
    skipped: skippedDays(request, steps),
    madeUp: madeUpDays(steps),
    basis: REMEDY_RULES[remedy.rule].basis.map(cite),
    more: request.path('dueDateRule', [remedy.rule])
  }
}

/** The last days as whole-day events with a reminder a week before; the words are the reader's, the arithmetic that of the page. */
function calendarFile (request: FastifyRequest, remedies: Remedy[], { host, now }: { host: string, now: string }): string {
  const stamp = { timestamp: Date.parse(now) } // the package knows it, its types do not
  const { error, value } = createEvents(remedies.map((remedy): EventAttributes => ({
    ...stamp,
    uid: `${remedy.rule}-${remedy.lastDay}@${host.replace(/[^\w.-]/g, '')}`,
    title: request.t('deadlines.event', { what: request.t(`remedy_rule.${remedy.rule}`) }),
    description: [...stepSentences(request, remedy.steps), request.t('rights.no_pause')].join('\n'),
    start: partsOf(remedy.lastDay),
    end: partsOf(addDays(remedy.lastDay, 1)),
    productId: 'sunlit',
    alarms: [{ action: 'display', description: request.t(`remedy_rule.${remedy.rule}`), trigger: { days: 7, before: true } }]
  })))
  if (typeof value !== 'string') throw error ?? new Error('no calendar was made')
  return value.replaceAll('\r\n\t', '').split('\r\n').map(folded).join('\r\n')
}

/** A line of a calendar file in pieces of at most 75 bytes (RFC 5545 3.1); the package counts characters, of which a Chinese one has three. */
function folded (line: string): string {
  const pieces = ['']
  for (const character of line) {
    const piece = pieces.at(-1) ?? ''
    if (Buffer.byteLength(piece + character) > 74) pieces.push(character)
    else pieces[pieces.length - 1] = piece + character
  }
  return pieces.join('\r\n ')
}

function partsOf (date: string): [number, number, number] {
  return date.split('-').map(Number) as [number, number, number]
}
