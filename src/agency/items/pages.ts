import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { acknowledge, askForTime, itemOf, itemsOf, saveAnswer, signAnswers, withdrawObjection, type AnswerView, type Item, type ItemLine } from '../../complaints/outcome/agency-answers/service.ts'
import { letterSheet, type LetterSheet } from '../../complaints/outcome/documents/service.ts'
import { STEP_TEXT_LIMIT } from '../../complaints/case/core/service.ts'
import { ITEM_TABS, type AnswerKind, type ItemTab } from '../../domain/supervision/answers.ts'
import { allows } from '../../domain/process/permissions.ts'
import { demanding, type LetterType } from '../../domain/supervision/letters.ts'
import { daysBetween, localDate } from '../../domain/time/calendar.ts'
import { AppError, type ErrorCode } from '../../errors.ts'
import { byField, inWords, type Fault, type FieldFaults } from '../../forms/field-errors.ts'
import { hasWord } from '../../i18n/index.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { AnswerForm, ItemParams, ItemQuery, ItemsQuery, SignForm, TimeForm } from './schema.ts'

type Person = Parameters<typeof itemsOf>[1]
interface Line extends ItemLine { name: string, href: string, late: boolean, state: 'overdue' | 'today' | 'soon' | 'calm' }
interface Visit { done?: string, faults?: Fault[], typed?: Record<string, string> }
/** A form for an answer: what stands in it, and whether its draft waits for a signature. */
interface AnswerBox { kind: AnswerKind, no: number, id: string, label: string, version: number, value: string, draft: AnswerView | null, sent: AnswerView[], writable: boolean }

declare module '../../views.ts' {
  interface Views {
    'agency/items/index': Frame & { tabs: Array<{ label: string, href: string, current: boolean, count: number }>, items: Line[], tab: ItemTab, late: number }
    'agency/items/show': Frame & {
      item: Item, name: string, sheet: LetterSheet | null, notice: string | null, boxes: { demands: Array<AnswerBox & { demand: Item['demands'][number] }>, explanation: AnswerBox | null, objection: AnswerBox | null }
      signs: boolean, limit: number, typed: Record<string, string>, faults: Record<string, string>
    }
  }
}

const item = { permission: 'agency.item', session: 'staff' } as const
const sign = { permission: 'agency.sign', session: 'staff' } as const

/** What was sent to an agency: its list, and each with everything that can be answered to it. */
export async function itemPages (app: App): Promise<void> {
  app.get(ROUTES.agencyItems, { schema: { querystring: ItemsQuery }, config: item }, async (request, reply) => await list(app, request, reply, request.query.tab ?? 'active'))

  app.get(ROUTES.agencyItem, { schema: { params: ItemParams, querystring: ItemQuery }, config: item }, async (request, reply) => await show(app, request, reply, request.query))

  app.post(ROUTES.agencyReceipts, { schema: { params: ItemParams }, config: item }, async (request, reply) => {
    return await act(app, request, reply, { done: 'received', work: async person => { await acknowledge(app, person, request.params.id, app.now()) } })
  })

  app.post(ROUTES.agencyAnswers, { schema: { params: ItemParams, body: AnswerForm }, config: item }, async (request, reply) => {
    const { kind, no, version, text = '' } = request.body
    const typed = { [`${kind}-${no}`]: text }
    return await act(app, request, reply, { done: 'saved', work: async person => { await saveAnswer(app, person, { id: request.params.id, kind, no, version, text }, app.now()) }, typed })
  })

  app.post(ROUTES.agencySignatures, { schema: { params: ItemParams, body: SignForm }, config: sign }, async (request, reply) => {
    return await act(app, request, reply, { done: 'signed', work: async person => { await signAnswers(app, person, { id: request.params.id, kind: request.body.kind }, app.now()) } })
  })

  app.post(ROUTES.agencyWithdrawals, { schema: { params: ItemParams }, config: sign }, async (request, reply) => {
    return await act(app, request, reply, { done: 'objection_withdrawn', work: async person => { await withdrawObjection(app, person, request.params.id, app.now()) } })
  })

  app.post(ROUTES.agencyExtensions, { schema: { params: ItemParams, body: TimeForm }, config: item }, async (request, reply) => {
    const { days = '', reason = '' } = request.body
    return await act(app, request, reply, { done: 'asked', work: async person => { await askForTime(app, person, { id: request.params.id, days: Number(days.normalize('NFKC').trim() || 'NaN'), reason }, app.now()) }, typed: { days, reason } })
  })
}

function personOf (request: FastifyRequest): Person {
  const { actor } = request
  if (actor === null) throw new AppError('not_signed_in', { kind: 'staff' })
  return { id: actor.id, role: actor.role, requestId: request.id }
}

interface Acting { done: string, work: (person: Person) => Promise<void>, typed?: Record<string, string> }

/** Does it and goes back to the item; what is refused is said there, with what was typed. */
async function act (app: App, request: FastifyRequest, reply: FastifyReply, { done, work, typed = {} }: Acting): Promise<unknown> {
  try {
    await work(personOf(request))
  } catch (error) {
    if (!(error instanceof AppError) || !MENDABLE.has(error.code)) throw error
    return await show(app, request, reply.code(error.status), { faults: faultsOf(request, error), typed })
  }
  return await reply.redirect(request.path('agencyItem', [(request.params as { id: string }).id], { done }), 303)
}

const MENDABLE: ReadonlySet<ErrorCode> = new Set(['form_invalid', 'stale_version', 'transition_refused'])

function faultsOf (request: FastifyRequest, { code, details }: AppError): Fault[] {
  if (code === 'form_invalid') return inWords(request, details['fields'] as FieldFaults | undefined ?? {})
  return [{ field: '', text: request.t(code === 'stale_version' ? 'agency.stale' : 'agency.closed') }]
}

async function list (app: App, request: FastifyRequest, reply: FastifyReply, tab: ItemTab): Promise<string> {
  const lines = await itemsOf(app, personOf(request))
  const items = lines.filter(line => line.tab === tab).map(line => lineOf(request, line, localDate(app.now()))).sort((a, b) => (a.dueOn ?? '9') < (b.dueOn ?? '9') ? -1 : 1)
  return await reply.page('agency/items/index', {
    title: request.t('agency.title'), section: 'agencyItems', noindex: true, tab, items, late: items.filter(({ late }) => late).length,
    tabs: ITEM_TABS.map(name => ({ label: request.t(`agency_tab.${name}`), href: request.path('agencyItems', [], { tab: name === 'active' ? undefined : name }), current: name === tab, count: lines.filter(line => line.tab === name).length }))
  })
}

function lineOf (request: FastifyRequest, line: ItemLine, today: string): Line {
  const left = line.dueOn === null ? 99 : daysBetween(today, line.dueOn)
  return { ...line, name: request.t(`document.${line.type}`), href: request.path('agencyItem', [line.id]), late: left < 0, state: left < 0 ? 'overdue' : left === 0 ? 'today' : left <= 5 ? 'soon' : 'calm' }
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { done, faults = [], typed = {} }: Visit): Promise<string> {
  const person = personOf(request)
  const found = await itemOf(app, person, (request.params as { id: string }).id, app.now())
  const name = request.t(`document.${found.type}`)
  const key = `agency_done.${done ?? ''}`
  const box = (kind: AnswerKind, no: number, answers: AnswerView[], writable: boolean): AnswerBox => boxOf(request, { kind, no, answers, writable, typed: typed[`${kind}-${no}`] })
  return await reply.page('agency/items/show', {
    title: `${name} ${found.number}`, section: 'agencyItems', noindex: true, back: { href: request.path('agencyItems', [], { tab: found.tab === 'active' ? undefined : found.tab }), label: request.t('agency.title') },
    errors: faults, faults: byField(faults), typed, name, item: found,
    sheet: demanding(found.type) ? letterSheet(request.locale, { type: found.type as LetterType, number: found.number, content: found.content }) : null,
    notice: done !== undefined && hasWord(request.locale, key) ? request.t(key) : null,
    boxes: {
      demands: found.demands.map(demand => ({ demand, ...box('demand', demand.no, demand.answers, found.may.demand && demand.open) })),
      explanation: found.type === 'agency_notice' ? box('explanation', 0, found.explanation, found.may.explanation) : null,
      objection: demanding(found.type) && (found.may.objection || found.objection.length > 0) ? box('objection', 0, found.objection, found.may.objection) : null
    },
    signs: allows(person.role, 'agency.sign'),
    limit: STEP_TEXT_LIMIT
  })
}

function boxOf (request: FastifyRequest, { kind, no, answers, writable, typed }: { kind: AnswerKind, no: number, answers: AnswerView[], writable: boolean, typed: string | undefined }): AnswerBox {
  const draft = answers.find(answer => answer.signedOn === null) ?? null
  return { kind, no, id: `${kind}-${no}`, label: request.t(kind === 'demand' ? 'agency.answer_demand' : `agency.answer_${kind}`, { no }), version: draft?.version ?? 0, value: typed ?? draft?.text ?? '', draft, sent: answers.filter(answer => answer.signedOn !== null), writable }
}
