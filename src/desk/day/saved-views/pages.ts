import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { AppError } from '../../../errors.ts'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../../case/casework/actor.ts'
import { refusalOf } from '../../case/casework/faults.ts'
import { readList, writeList } from '../queue/schema.ts'
import { changeView, MOST_COUNTED, readView, readViews, removeView, saveView, type Keeper, type SavedView } from './service.ts'
import { MOST_VIEWS, NAME_LIMIT, ViewForm, ViewParams, ViewsQuery } from './schema.ts'

interface Kept { id: string, name: string, owner: string, own: boolean, shared: boolean, href: string, edit: string | null, count: string | null }

declare module '../../../views.ts' {
  interface Views {
    'desk/saved-views/list': Frame & { own: Kept[], others: Kept[], list: string | null, back: { href: string, label: string }, typed: { name: string, shared: boolean }, faults: Record<string, string>, done: string | null, most: number, limit: number }
    'desk/saved-views/edit': Frame & { view: Kept & { version: number, broken: boolean }, typed: { name: string, shared: boolean }, faults: Record<string, string>, limit: number, address: string, most: number }
  }
}

const config = { permission: 'complaint.list', session: 'staff' } as const

/** Lists of cases that people keep: for themselves, or for everybody of the bureau. */
export async function savedViewPages (app: App): Promise<void> {
  app.get(ROUTES.savedViews, { schema: { querystring: ViewsQuery }, config }, async (request, reply) => {
    const { list, done = null } = request.query
    if (list !== undefined && readList(list) === null) throw new AppError('bad_parameter', { field: 'list' })
    return await show(app, request, reply, { list: list ?? null, done, typed: { name: '', shared: false }, faults: [] })
  })

  app.post(ROUTES.savedViews, { schema: { body: ViewForm }, config }, async (request, reply) => {
    const { name = '', shared, list = '' } = request.body
    const typed = { name, shared: shared !== undefined }
    try {
      const id = await saveView(app, await keeperOf(app, request), { ...typed, list }, app.now())
      return await reply.redirect(request.path('savedView', [id]), 303)
    } catch (error) {
      const { status, faults } = refusalOf(request, error)
      return await show(app, request, reply.code(status), { list: readList(list) === null ? null : list, done: null, typed, faults })
    }
  })

  app.get(ROUTES.savedView, { schema: { params: ViewParams }, config }, async (request, reply) => {
    const { id, list } = await readView(app.db, await keeperOf(app, request), request.params.id)
    if (list === null) throw new AppError('view_outdated', { id })
    return await reply.redirect(request.path('queue', [], { ...list, saved: id }), 303)
  })

  app.get(ROUTES.savedViewEdit, { schema: { params: ViewParams }, config }, async (request, reply) => await edit(app, request, reply))

  app.post(ROUTES.savedViewEdit, { schema: { params: ViewParams, body: ViewForm }, config }, async (request, reply) => {
    const { name = '', shared, list, version = 0 } = request.body
    const typed = { name, shared: shared !== undefined }
    try {
      await changeView(app, await keeperOf(app, request), request.params.id, { ...typed, version, ...list === undefined ? {} : { list } }, app.now())
    } catch (error) {
      const { status, faults } = refusalOf(request, error)
      return await edit(app, request, reply.code(status), { typed, faults })
    }
    return await reply.redirect(list === undefined ? request.path('savedViews', [], { done: 'changed' }) : request.path('savedView', [request.params.id]), 303)
  })

  app.post(ROUTES.savedViewEndings, { schema: { params: ViewParams }, config }, async (request, reply) => {
    await removeView(app, await keeperOf(app, request), request.params.id, app.now())
    return await reply.redirect(request.path('savedViews', [], { done: 'removed' }), 303)
  })
}

async function keeperOf (app: App, request: FastifyRequest): Promise<Keeper> {
  return { ...await clerkOf(app, request), bureauId: request.actor?.bureauId ?? 0 }
}

interface Visit { list: string | null, done: string | null, typed: { name: string, shared: boolean }, faults: Fault[] }

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { list, done, typed, faults }: Visit): Promise<string> {
  const keeper = await keeperOf(app, request)
  const views = (await readViews(app, keeper, localDate(app.now()))).map(view => lineOf(request, view))
  return await reply.page('desk/saved-views/list', {
    title: request.t('saved_view.title'),
    section: 'queue',
    back: list === null ? { href: request.path('queue'), label: request.t('nav.queue') } : { href: request.path('queue', [], { ...readList(list) }), label: request.t('saved_view.back') },
    errors: faults,
    faults: byField(faults),
    own: views.filter(view => view.own),
    others: views.filter(view => !view.own),
    list: list === null ? null : writeList(readList(list) ?? {}),
    typed,
    done: done === null ? null : request.t(`saved_view_done.${done}`),
    most: MOST_VIEWS,
    limit: NAME_LIMIT
  })
}

async function edit (app: App, request: FastifyRequest, reply: FastifyReply, { typed, faults }: { typed?: Visit['typed'], faults: Fault[] } = { faults: [] }): Promise<string> {
  const { id } = request.params as { id: string }
  const view = await readView(app.db, await keeperOf(app, request), id)
  if (!view.editable) throw new AppError('forbidden', { permission: 'view.manage' })
  return await reply.page('desk/saved-views/edit', {
    title: request.t('saved_view.edit', { name: view.name }),
    section: 'queue',
    breadcrumbs: [{ text: request.t('nav.queue'), href: request.path('queue') }, { text: request.t('saved_view.title'), href: request.path('savedViews') }, { text: view.name, lang: 'zh-CN' }],
    errors: faults,
    faults: byField(faults),
    view: { ...lineOf(request, view), version: view.version, broken: view.list === null },
    typed: typed ?? { name: view.name, shared: view.shared },
    limit: NAME_LIMIT,
    address: app.config.SITE_ORIGIN + request.path('savedView', [id]),
    most: MOST_VIEWS
  })
}

function lineOf (request: FastifyRequest, { id, name, owner, own, shared, editable, list, count }: SavedView): Kept {
  return { id, name, owner, own, shared, href: request.path('savedView', [id]), edit: editable ? request.path('savedViewEdit', [id]) : null, count: list === null || count === null ? null : count < MOST_COUNTED ? String(count) : request.t('saved_view.many') }
}
