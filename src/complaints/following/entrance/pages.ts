import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { normaliseReference } from '../../../domain/records/receipts.ts'
import { AppError } from '../../../errors.ts'
import { fieldErrors } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import { showRequest } from '../actions/views.ts'
import { isRequestKind } from '../actions/schema.ts'
import { authenticate } from '../../case/correspondence/service.ts'
import { trackSubject } from '../../form/members/service.ts'
import { openTracking } from '../tracking/explain.ts'
import { showTracking } from '../tracking/views.ts'
import { Entrance, EntranceQuery, RefParams } from './schema.ts'
import { entrance, keptIn, slowed, type Kept } from './views.ts'

/** The way in: a reference and its query code. Wrong ones are slowed down, and are one answer whatever was wrong (security.md ). */
export async function entrances (app: App): Promise<void> {
  app.get(ROUTES.track, { schema: { querystring: EntranceQuery }, config: { permission: 'public' } }, async (request, reply) => {
    const { expired, left, receipt } = request.query
    return await entrance(request, reply, { expired: expired !== undefined, left: left !== undefined, receipt: receipt !== undefined })
  })

  app.post(ROUTES.track, { schema: { body: Entrance }, attachValidation: true, config: { permission: 'public', limit: 'track' } }, async (request, reply) => {
    const { ref, code, ...carried } = request.body as Partial<typeof request.body>
    const kept = keptIn(carried)
    const faults = fieldErrors(request, 'track')
    if (faults.length > 0) return await entrance(request, reply.code(422), { ref: String(ref ?? ''), errors: faults, kept })
    const turn = app.tryCode(normaliseReference(ref ?? '') ?? String(ref).trim().toLowerCase(), request.ip)
    if (turn.waitSeconds > 0) return await slowed(request, reply, turn.waitSeconds, { ref: ref ?? '', kept })
    const opened = await authenticate(app, ref ?? '', code ?? '').catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'track_failed') return null
      throw error
    })
    // Unknown reference and wrong code are one answer (security.md R-4); the code is never sent back.
    if (opened === null) return await entrance(request, reply.code(404), { ref: ref ?? '', errors: [{ field: 'ref', text: request.t('track.failed') }], kept })
    turn.succeed()
    await reply.startSession('track', trackSubject(opened), { label: opened.ref })
    if (kept !== null) return await goBack(app, request, reply, { ...kept, ref: opened.ref })
    return await reply.redirect(request.path('tracking', [opened.ref]), 303)
  })

  app.post(ROUTES.trackExit, { schema: { params: RefParams }, config: { permission: 'complaint.own', session: 'track' } }, async (request, reply) => {
    await reply.endSessions('track')
    await reply.endSessions('receipt') // whoever leaves leaves nothing open behind: the code stands on that page
    return await reply.redirect(request.path('track', [], { left: 1 }), 303)
  })
}

/** What was typed stands at its own form again; nothing of it was done. */
async function goBack (app: App, request: FastifyRequest, reply: FastifyReply, { ref, to, fields }: Kept & { ref: string }): Promise<unknown> {
  const found = await openTracking(app, request, ref)
  if (isRequestKind(to)) return await showRequest(request, reply, found, { kind: to, typed: fields })
  const demand = to === 'demands' ? { document: fields['document'] ?? '', no: Number(fields['no']), words: fields['words'] ?? '' } : undefined
  return await showTracking(request, reply, found, { now: app.now(), text: fields['text'] ?? '', notice: 'kept', demand })
}
