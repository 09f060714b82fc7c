import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { REQUEST_HOURS } from '../../domain/staff/account-acts.ts'
import { AppError } from '../../errors.ts'
import { inWords, type Fault, type FieldFaults } from '../../forms/field-errors.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { adminOf } from '../administrator.ts'
import { listOpen, listPast } from './repository.ts'
import { DecisionForm, DecisionParams, DoneQuery } from './schema.ts'
import { decideRequest } from './service.ts'
import { linesOf, type RequestView } from './views.ts'

declare module '../../views.ts' {
  interface Views {
    'admin/accounts/requests': Frame & { notice: string | null, waiting: RequestView[], past: RequestView[], hours: number }
  }
}

const config = { permission: 'account.manage', session: 'staff' } as const
const PAST = 50

/** What administrators asked for that takes two of them, and what became of it. */
export async function accountRequestPages (app: App): Promise<void> {
  app.get(ROUTES.adminAccountRequests, { schema: { querystring: DoneQuery }, config }, async (request, reply) => await show(app, request, reply, request.query))

  app.post(ROUTES.adminAccountDecisions, { schema: { params: DecisionParams, body: DecisionForm }, config }, async (request, reply) => {
    const { decision } = request.body
    try {
      const { request: asked, password } = await decideRequest(app, await adminOf(app, request), { id: request.params.id, decision }, app.now())
      if (password !== null) return await reply.page('admin/accounts/secret', { title: request.t('accounts.secret'), section: 'adminAccounts', username: asked.username, password, href: request.path('adminAccountRequests', [], { done: decision }) })
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'form_invalid') throw error
      return await show(app, request, reply.code(error.status), { errors: inWords(request, error.details['fields'] as FieldFaults, { hours: REQUEST_HOURS }) })
    }
    return await reply.redirect(request.path('adminAccountRequests', [], { done: decision }), 303)
  })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { done, errors = [] }: { done?: string | undefined, errors?: Fault[] }): Promise<string> {
  const admin = await adminOf(app, request)
  const now = app.now()
  const title = request.t('account_requests.title')
  return await reply.page('admin/accounts/requests', {
    title,
    section: 'adminAccounts',
    breadcrumbs: [{ text: request.t('nav.adminAccounts'), href: request.path('adminAccounts') }, { text: title }],
    errors,
    notice: done === undefined ? null : request.t(`account_done.${done}`, { hours: REQUEST_HOURS }),
    waiting: await linesOf(app.db, request, await listOpen(app.db, admin.bureauIds, now), { admin, now }),
    past: await linesOf(app.db, request, await listPast(app.db, admin.bureauIds, now, { size: PAST }), { admin, now }),
    hours: REQUEST_HOURS
  })
}
