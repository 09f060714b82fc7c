import type { App } from '../../app.ts'
import type { FastifyRequest } from 'fastify'
import { ROUTES } from '../../paths.ts'
import { reenter } from '../entrance/views.ts'
import { forgetNews } from '../contacts/repository.ts'
import { markMessagesRead } from '../correspondence/repository.ts'
import { complainantMessage } from '../correspondence/service.ts'
import { TEXT_LIMIT } from '../filing/service.ts'
import { explain, openTracking, own } from './explain.ts'
import { Message, RefParams, TrackQuery } from './schema.ts'
import { showTracking } from './views.ts'

/** Following a complaint with its reference and query code; the session that they open belongs to that one complaint. */
export async function tracking (app: App): Promise<void> {
  app.get(ROUTES.tracking, { schema: { params: RefParams, querystring: TrackQuery }, config: own }, async (request, reply) => {
    const found = await openTracking(app, request, request.params.ref)
    await markMessagesRead(app.db, found.id, app.now())
    if (found.member === null) await forgetNews(app.db, found.id)
    return await showTracking(request, reply, found, { now: app.now(), notice: request.query.done })
  })

  app.post(ROUTES.trackMessages, { schema: { params: RefParams, body: Message }, config: { ...own, sessionOptional: true, limit: 'message' } }, async (request, reply) => {
    const { text = '', once } = request.body
    if (request.session === null) return await reenter(request, reply, request.params.ref, { to: 'messages', fields: { text } })
    const found = await openTracking(app, request, request.params.ref)
    const fault = textFault(request, text, found.may.supply)
    if (fault !== null) return await showTracking(request, reply.code(422), found, { now: app.now(), text, errors: [{ field: 'text', text: fault }] })
    app.countAttempt('message', found.id)
    await complainantMessage(app, found.id, text, app.now(), { requestId: request.id, nonce: once, member: found.member })
    return await reply.redirect(`${request.path('tracking', [found.ref], { done: 'message' })}#messages`, 303)
  })

  explain(app)
}

function textFault (request: FastifyRequest, text: string, supply: boolean): string | null {
  if (text === '') return request.t(supply ? 'tracking.error.supplement' : 'tracking.error.message')
  const count = Array.from(text).length
  return count > TEXT_LIMIT ? request.t('tracking.error.long', { max: TEXT_LIMIT, count }) : null
}
