import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../app.ts'
import { loadReckoner } from '../../db/reckoner.ts'
import { byField, type Fault } from '../../forms/field-errors.ts'
import { pageNumber, pagerOf, type Pager, type Span } from '../../pager.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { countCorrections, listPublicCorrections, type PublicCorrection } from './repository.ts'
import { CONTACT_KEPT, describeTarget, LIMITS, OTHER, report, targetOf, type Target } from './service.ts'

type Status = PublicCorrection['status']
interface Row extends PublicCorrection { fieldName: string, href: string | null }

declare module '../../views.ts' {
  interface Views {
    'catalogue/corrections/list': Frame & Span & { rows: Row[], tabs: Array<{ label: string, href: string, count: number, current: boolean }>, received: { id: number, dueOn: string } | null, pager: Pager, days: number, basis: string }
    'catalogue/corrections/new': Frame & { record: string, name: string, href: string, fields: Array<{ value: string, label: string }>, typed: Record<string, string>, faults: Record<string, string>, limits: typeof LIMITS, kept: number, days: number, basis: string }
  }
}

const Text = Type.Optional(Type.String())
const SIZE = 30
const STATUSES: readonly Status[] = ['open', 'fixed', 'refused']
const NAMES = ['record', 'field', 'wrong', 'right', 'source', 'contact', 'website'] as const
type Typed = Record<(typeof NAMES)[number], string>
const config = { permission: 'public', cache: 'none' } as const

/** Reporting an error in a record, and what became of every report. */
export async function corrections (app: App): Promise<void> {
  app.get(ROUTES.corrections, { schema: { querystring: Type.Object({ status: Text, page: Text, received: Text }) }, config }, async (request, reply) => await showList(app, request, reply, request.query))

  app.get(ROUTES.correctionNew, { schema: { querystring: Type.Object({ record: Text }) }, config }, async (request, reply) => {
    return await showForm(app, request, reply, await targetOf(app, request.query.record ?? ''), { typed: {}, errors: [] })
  })

  app.post(ROUTES.correctionNew, { schema: { body: Type.Object(Object.fromEntries(NAMES.map(name => [name, Text]))) }, attachValidation: true, config: { ...config, limit: 'correction' } }, async (request, reply) => {
    const typed = textsOf(request.body)
    const target = await targetOf(app, typed.record)
    const errors = faultsOf(request, target, typed)
    if (errors.length > 0) return await showForm(app, request, reply.code(422), target, { typed, errors })
    // What fills a field that nobody sees is no person; nothing of it is kept.
    if (typed.website !== '') return await reply.redirect(request.path('corrections'), 303)
    const { id } = await report(app, target, typed, app.now())
    return await reply.redirect(request.path('corrections', [], { received: id }), 303)
  })
}

async function showList (app: App, request: FastifyRequest, reply: FastifyReply, query: { status?: string, page?: string, received?: string }): Promise<string> {
  const counts = await countCorrections(app.db)
  const status = STATUSES.find(one => one === query.status)
  const total = status === undefined ? counts.open + counts.fixed + counts.refused : counts[status]
  const pages = Math.max(1, Math.ceil(total / SIZE))
  const page = Math.min(pageNumber(query.page), pages)
  const rows = await listPublicCorrections(app.db, status === undefined ? {} : { status }, SIZE, (page - 1) * SIZE)
  const mine = rows.find(row => String(row.id) === query.received)
  const { rules } = await loadReckoner(app.db)
  return await reply.page('catalogue/corrections/list', {
    title: request.t('corrections.title'),
    description: request.t('corrections.lead'),
    noindex: query.received !== undefined,
    rows: rows.map(row => rowOf(request, row)),
    tabs: [undefined, ...STATUSES].map(one => ({ label: request.t(`corrections.${one ?? 'all'}`), href: request.path('corrections', [], { status: one }), count: one === undefined ? counts.open + counts.fixed + counts.refused : counts[one], current: one === status })),
    received: mine === undefined ? null : { id: mine.id, dueOn: mine.due_on },
    total,
    from: (page - 1) * SIZE + 1,
    to: (page - 1) * SIZE + rows.length,
    pager: pagerOf(page, pages, to => request.path('corrections', [], { status, page: to === 1 ? '' : to })),
    ...periodOf(request, rules.get('correction'))
  })
}

function rowOf (request: FastifyRequest, row: PublicCorrection): Row {
  const { word, record } = describeTarget(row)
  return { ...row, fieldName: request.t(word), href: record === null ? null : request.path(record.route, record.params) }
}

function periodOf (request: FastifyRequest, rule: { days: number, basis: string, basisEn: string } | undefined): { days: number, basis: string } {
  return { days: rule?.days ?? 0, basis: (request.locale === 'en' ? rule?.basisEn : rule?.basis) ?? '' }
}

async function showForm (app: App, request: FastifyRequest, reply: FastifyReply, { set, code, name, fields }: Target, { typed, errors }: { typed: Partial<Typed>, errors: Fault[] }): Promise<string> {
  const href = request.path(set.record, [...set.params, code])
  const { rules } = await loadReckoner(app.db)
  return await reply.page('catalogue/corrections/new', {
    title: request.t('corrections.new'),
    self: request.path('correctionNew', [], { record: `${set.name}:${code}` }),
    noindex: true,
    hideSearch: true,
    back: { href },
    errors,
    faults: byField(errors),
    record: `${set.name}:${code}`,
    name: name ?? request.t('feed.unnamed', { code }),
    href,
    fields: [...fields.map(field => ({ value: field.key, label: request.t(field.label) })), { value: OTHER, label: request.t('corrections.other') }],
    typed,
    limits: LIMITS,
    kept: CONTACT_KEPT.days,
    ...periodOf(request, rules.get('correction'))
  })
}

/** Fields as one text each, whatever came. */
function textsOf (body: unknown): Typed {
  const given = (body ?? {}) as Record<string, unknown>
  return Object.fromEntries(NAMES.map(name => [name, typeof given[name] === 'string' ? given[name] : ''])) as Typed
}

function faultsOf (request: FastifyRequest, { fields }: Target, typed: Typed): Fault[] {
  const faults: Fault[] = []
  if (typed.field !== OTHER && !fields.some(field => field.key === typed.field)) faults.push({ field: 'field', text: request.t('corrections.field_missing') })
  if (typed.wrong === '') faults.push({ field: 'wrong', text: request.t('corrections.wrong_missing') })
  for (const name of ['wrong', 'right', 'source', 'contact'] as const) {
    const count = Array.from(typed[name]).length
    if (count > LIMITS[name]) faults.push({ field: name, text: request.t('corrections.too_long', { limit: LIMITS[name], count }) })
  }
  return faults
}
