import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../../app.ts'
import { countCorrections, listQueue, type QueueRow } from '../../../catalogue/corrections/repository.ts'
import { describeTarget, LIMITS, settle, showCorrection, type Opened } from '../../../catalogue/corrections/service.ts'
import { suspectPersonal } from '../../../domain/records/masking.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { dueState, type DueState } from '../../../domain/time/clocks.ts'
import { AppError } from '../../../errors.ts'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import { pageNumber, pagerOf, type Pager, type Span } from '../../../pager.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'

declare module '../../../views.ts' {
  interface Views {
    'desk/corrections/list': Frame & Span & { rows: Array<QueueRow & { fieldName: string, due: DueState | null }>, tabs: Array<{ label: string, href: string, count: number, current: boolean }>, pager: Pager, done: string | null }
    'desk/corrections/show': Frame & { item: Opened, fieldName: string, href: string | null, due: DueState | null, typed: { status: string, note: string }, faults: Record<string, string>, limit: number }
  }
}

const SIZE = 30
const Text = Type.Optional(Type.String())
const Params = Type.Object({ id: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }) })
const config = { permission: 'correction.decide', session: 'staff' } as const

/** Reported errors: what is open by due date, and one report with the form that ends it. */
export async function correctionDesk (app: App): Promise<void> {
  app.get(ROUTES.deskCorrections, { schema: { querystring: Type.Object({ view: Text, page: Text, done: Text }) }, config }, async (request, reply) => await showQueue(app, request, reply, request.query))

  app.get(ROUTES.deskCorrection, { schema: { params: Params }, config }, async (request, reply) => {
    return await show(app, request, reply, await opened(app, request, Number(request.params.id)), { typed: { status: '', note: '' }, errors: [] })
  })

  app.post(ROUTES.deskCorrection, { schema: { params: Params, body: Type.Object({ status: Text, note: Text }) }, attachValidation: true, config }, async (request, reply) => {
    const { actor } = request
    const id = Number(request.params.id)
    const typed = { status: String(request.body.status ?? ''), note: String(request.body.note ?? '') }
    const errors = faultsOf(request, typed)
    if (errors.length > 0 || actor === null) return await show(app, request, reply.code(422), await opened(app, request, id), { typed, errors })
    try {
      await settle(app, id, { status: typed.status === 'fixed' ? 'fixed' : 'refused', note: typed.note, actor, requestId: request.id }, app.now())
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'already_decided') throw error
      return await show(app, request, reply.code(409), await opened(app, request, id), { typed, errors: [{ field: '', text: request.t('error.already_decided') }] })
    }
    return await reply.redirect(request.path('deskCorrections', [], { done: id }), 303)
  })
}

async function opened (app: App, request: FastifyRequest, id: number): Promise<Opened> {
  if (request.actor === null) throw new AppError('not_signed_in')
  return await showCorrection(app, id, { actor: request.actor, requestId: request.id }, app.now())
}

async function showQueue (app: App, request: FastifyRequest, reply: FastifyReply, { view, page: asked, done }: { view?: string, page?: string, done?: string }): Promise<string> {
  const counts = await countCorrections(app.db)
  const open = view !== 'decided'
  const total = open ? counts.open : counts.fixed + counts.refused
  const pages = Math.max(1, Math.ceil(total / SIZE))
  const page = Math.min(pageNumber(asked), pages)
  const rows = await listQueue(app.db, open, SIZE, (page - 1) * SIZE)
  return await reply.page('desk/corrections/list', {
    title: request.t('nav.deskCorrections'),
    section: 'deskCorrections',
    rows: rows.map(row => ({ ...row, fieldName: request.t(describeTarget(row).word), due: dueOf(app, row) })),
    tabs: [{ label: request.t('desk_corrections.open'), href: request.path('deskCorrections'), count: counts.open, current: open }, { label: request.t('desk_corrections.decided'), href: request.path('deskCorrections', [], { view: 'decided' }), count: counts.fixed + counts.refused, current: !open }],
    total,
    from: (page - 1) * SIZE + 1,
    to: (page - 1) * SIZE + rows.length,
    pager: pagerOf(page, pages, to => request.path('deskCorrections', [], { view: open ? '' : 'decided', page: to === 1 ? '' : to })),
    done: done !== undefined && /^\d{1,9}$/.test(done) ? done : null
  })
}

interface Visit { typed: { status: string, note: string }, errors: Fault[] }

async function show (app: App, request: FastifyRequest, reply: FastifyReply, item: Opened, { typed, errors }: Visit): Promise<string> {
  const { word, record } = describeTarget(item)
  return await reply.page('desk/corrections/show', {
    title: request.t('desk_corrections.one', { no: item.id }),
    section: 'deskCorrections',
    back: { href: request.path('deskCorrections') },
    errors,
    faults: byField(errors),
    item,
    fieldName: request.t(word),
    href: record === null ? null : request.path(record.route, record.params),
    due: dueOf(app, item),
    typed,
    limit: LIMITS.note
  })
}

/** The answer is public: it must say something, and nothing that points to a person. */
function faultsOf (request: FastifyRequest, { status, note }: { status: string, note: string }): Fault[] {
  const faults: Fault[] = []
  if (status !== 'fixed' && status !== 'refused') faults.push({ field: 'status', text: request.t('desk_corrections.status_missing') })
  if (note === '') faults.push({ field: 'note', text: request.t('desk_corrections.note_missing') })
  else if (Array.from(note).length > LIMITS.note) faults.push({ field: 'note', text: request.t('corrections.too_long', { limit: LIMITS.note, count: Array.from(note).length }) })
  else if (suspectPersonal(note).size > 0) faults.push({ field: 'note', text: request.t('desk_corrections.note_personal') })
  return faults
}

function dueOf (app: App, { due_on: due, created_at: created, decided_at: decided }: Pick<QueueRow, 'due_on' | 'created_at' | 'decided_at'>): DueState | null {
  return decided === null ? dueState(due, localDate(app.now()), localDate(created)) : null
}
