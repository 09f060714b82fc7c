import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { normaliseReference } from '../../domain/records/receipts.ts'
import { AppError } from '../../errors.ts'
import { byField, fieldErrors, type Fault } from '../../forms/field-errors.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { forgetNews } from '../contacts/repository.ts'
import { markMessagesRead } from '../correspondence/repository.ts'
import { authenticate, complainantMessage } from '../correspondence/service.ts'
import { withdraw } from '../core/service.ts'
import { TEXT_LIMIT } from '../filing/service.ts'
import { representedComplaint, trackSubject } from '../members/service.ts'
import { explain, openTracking } from './explain.ts'
import { Entrance, EntranceQuery, Message, RefParams, Withdrawal } from './schema.ts'
import { quiet, trackingPage, type TrackingPage } from './views.ts'

declare module '../../views.ts' {
  interface Views {
    'complaints/tracking/entrance': Frame & { expired: boolean, left: boolean, receipt: boolean, ref: string, faults: Record<string, string> }
    'complaints/tracking/show': Frame & TrackingPage
  }
}

const own = { permission: 'complaint.own', session: 'track' } as const

/** Following a complaint with its reference and query code; the session that they open belongs to that one complaint. */
export async function tracking (app: App): Promise<void> {
  app.get(ROUTES.track, { schema: { querystring: EntranceQuery }, config: { permission: 'public' } }, async (request, reply) =>
    await entrance(request, reply, '', [], request.query))

  app.post(ROUTES.track, { schema: { body: Entrance }, attachValidation: true, config: { permission: 'public', limit: 'track' } }, async (request, reply) => {
    const { ref, code } = request.body as Partial<typeof request.body>
    const faults = fieldErrors(request, 'track')
    if (faults.length > 0) return await entrance(request, reply.code(422), String(ref ?? ''), faults)
    const asked = normaliseReference(ref ?? '')
    if (asked !== null) app.countAttempt('receipt', asked)
    const opened = await authenticate(app, ref ?? '', code ?? '').catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'track_failed') return null
      throw error
    })
    // Unknown reference and wrong code are one answer (security.md R-4); the code is never sent back.
    if (opened === null) return await entrance(request, reply.code(404), ref ?? '', [{ field: 'ref', text: request.t('track.failed') }])
    await reply.startSession('track', trackSubject(opened))
    return await reply.redirect(request.path('tracking', [opened.ref]), 303)
  })

  app.post(ROUTES.trackExit, { config: own }, async (request, reply) => {
    await reply.endSession('track')
    return await reply.redirect(request.path('track', [], { left: 1 }), 303)
  })

  follow(app)
  explain(app)
}

/** The page of one complaint and what its complainant can do there. */
function follow (app: App): void {
  app.get(ROUTES.tracking, { schema: { params: RefParams }, config: own }, async (request, reply) => {
    const found = await openTracking(app, request, request.params.ref)
    await markMessagesRead(app.db, found.id, app.now())
    if (found.member === null) await forgetNews(app.db, found.id)
    return await reply.page('complaints/tracking/show', trackingPage(request, found, app.now(), {}))
  })

  app.post(ROUTES.trackMessages, { schema: { params: RefParams, body: Message }, config: { ...own, limit: 'message' } }, async (request, reply) => {
    const found = await openTracking(app, request, request.params.ref)
    const text = request.body.text ?? ''
    const fault = textFault(request, text, found.may.supply)
    if (fault !== null) return await reply.code(422).page('complaints/tracking/show', trackingPage(request, found, app.now(), { text, errors: [{ field: 'text', text: fault }] }))
    app.countAttempt('message', found.id)
    await complainantMessage(app, found.id, text, app.now(), { requestId: request.id, member: found.member })
    return await reply.redirect(`${request.path('tracking', [found.ref])}#messages`, 303)
  })

  app.post(ROUTES.trackWithdrawals, { schema: { params: RefParams, body: Withdrawal }, config: own }, async (request, reply) => {
    const found = await openTracking(app, request, request.params.ref)
    await representedComplaint(app, request, found.ref)
    const { confirm, reason = '' } = request.body
    const errors = withdrawalFaults(request, reason, confirm !== undefined)
    if (errors.length > 0) return await reply.code(422).page('complaints/tracking/show', trackingPage(request, found, app.now(), { reason, errors }))
    await withdraw(app, found.id, reason === '' ? undefined : reason, app.now(), request.id)
    return await reply.redirect(request.path('tracking', [found.ref]), 303)
  })
}

function textFault (request: FastifyRequest, text: string, supply: boolean): string | null {
  return text === '' ? request.t(supply ? 'tracking.error.supplement' : 'tracking.error.message') : lengthFault(request, text)
}

function lengthFault (request: FastifyRequest, text: string): string | null {
  const count = Array.from(text).length
  return count > TEXT_LIMIT ? request.t('tracking.error.long', { max: TEXT_LIMIT, count }) : null
}

function withdrawalFaults (request: FastifyRequest, reason: string, confirmed: boolean): Fault[] {
  const long = lengthFault(request, reason)
  return [...long === null ? [] : [{ field: 'reason', text: long }], ...confirmed ? [] : [{ field: 'confirm', text: request.t('tracking.error.confirm') }]]
}

async function entrance (request: FastifyRequest, reply: FastifyReply, ref: string, errors: Fault[], came: { expired?: string, left?: string, receipt?: string } = {}): Promise<unknown> {
  return await reply.page('complaints/tracking/entrance', {
    ...quiet,
    title: request.t('track.title'),
    expired: came.expired !== undefined,
    left: came.left !== undefined,
    receipt: came.receipt !== undefined,
    ref,
    faults: byField(errors),
    ...errors.length === 0 ? {} : { errors }
  })
}
