import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { AppError } from '../../../errors.ts'
import type { Fault } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import { partsOf, MULTIPART, listReady, receive, UPLOAD_BYTES, type Received } from '../../form/evidence/service.ts'
import { fileFaults } from '../../form/evidence/views.ts'
import { reenter } from '../entrance/views.ts'
import { forgetNews } from '../contacts/repository.ts'
import { markMessagesRead } from '../../case/correspondence/repository.ts'
import { complainantMessage } from '../../case/correspondence/service.ts'
import { TEXT_LIMIT } from '../../form/filing/service.ts'
import { explain, openTracking, own } from './explain.ts'
import { Message, RefParams, TrackQuery } from './schema.ts'
import { showTracking } from './views.ts'

/** Following a complaint with its reference and query code; the session that they open belongs to that one complaint. */
export async function tracking (app: App): Promise<void> {
  await app.register(multipart, MULTIPART)

  app.get(ROUTES.tracking, { schema: { params: RefParams, querystring: TrackQuery }, config: own }, async (request, reply) => {
    const found = await openTracking(app, request, request.params.ref)
    await markMessagesRead(app.db, found.id, app.now())
    if (found.member === null) await forgetNews(app.db, found.id)
    return await showTracking(request, reply, found, { now: app.now(), notice: request.query.done })
  })

  app.post(ROUTES.trackMessages, {
    schema: { params: RefParams, body: Message }, bodyLimit: UPLOAD_BYTES, config: { ...own, sessionOptional: true, ownFormCheck: true, limit: 'message' }
  }, async (request, reply) => {
    const { ref } = request.params
    if (request.session === null) return await reenter(request, reply, ref, { to: 'messages', fields: { text: await typedIn(request) } })
    const found = await openTracking(app, request, ref)
    if (!found.may.message) throw new AppError('transition_refused', { status: found.status, action: 'message', failing: [] })
    const received = await receivedIn(app, request, found.id)
    const { text = '', once } = received.fields
    const faults = [...textFault(request, text, found.may.supply), ...fileFaults(request, received)]
    if (faults.length > 0) return await showTracking(request, reply.code(422), found, { now: app.now(), text, errors: faults, ready: await listReady(app, found.id, 'complainant') })
    app.countAttempt('message', found.id)
    await complainantMessage(app, found.id, text, app.now(), { requestId: request.id, nonce: once, member: found.member })
    return await reply.redirect(`${request.path('tracking', [found.ref], { done: 'message' })}#messages`, 303)
  })

  explain(app)
}

/** What was typed and which files came with it; a form without files is a plain one. The form's token holds before anything is kept. */
async function receivedIn (app: App, request: FastifyRequest, ownerId: string): Promise<Pick<Received, 'refused' | 'fields'>> {
  if (request.isMultipart()) {
    return await receive(app, app.files, partsOf(request), {
      ownerId, ownerKind: 'complaint', by: 'complainant', scanner: app.config.SUNLIT_SCANNER, checkToken: request.checkFormToken.bind(request), stale: fields => { request.body = fields }, now: app.now()
    })
  }
  const { _csrf: token, ...fields } = request.body as Record<string, string>
  request.checkFormToken(token)
  return { refused: [], fields }
}

/** The words of a form whose session has ended: they stand before its files, which are not read. */
async function typedIn (request: FastifyRequest): Promise<string> {
  if (!request.isMultipart()) return (request.body as { text?: string }).text ?? ''
  for await (const part of partsOf(request)) {
    if (part.type === 'file') break
    if (part.fieldname === 'text') return String(part.value).replace(/\r\n?/g, '\n').normalize('NFC').trim()
  }
  return ''
}

function textFault (request: FastifyRequest, text: string, supply: boolean): Fault[] {
  const count = Array.from(text).length
  const long = count > TEXT_LIMIT ? [request.t('tracking.error.long', { max: TEXT_LIMIT, count })] : []
  return [...text === '' ? [request.t(supply ? 'tracking.error.supplement' : 'tracking.error.message')] : [], ...long].map(text => ({ field: 'text', text }))
}
