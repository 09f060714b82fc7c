import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { hasComplainant, SOURCES, type SourceCode } from '../../../domain/process/sources.ts'
import { AppError } from '../../../errors.ts'
import { findEntry } from './repository.ts'

/**
 * Tells the pages of the form and the receipt that staff fill it in for somebody, and keeps them closed to everybody but the person who began it and is still
 * signed in. Where nobody complains, the page that asks who complains is passed over.
 */
export function guardEntries (app: App): void {
  app.addHook('onRequest', async (request, reply) => {
    const { session, sessionOptional } = request.routeOptions.config
    if ((session !== 'draft' && session !== 'receipt') || request.session === null) return
    const found = await findEntry(app.db, request.session.subject)
    if (found === undefined) return
    const staff = await request.sessionOf('staff')
    if (staff === null && sessionOptional === true) { request.session = null; return } // a page for everybody: at a counter the next person sits down
    if (staff === null || Number(staff.subject) !== found.enteredBy) throw new AppError('not_signed_in', { kind: 'staff' })
    request.entry = { source: found.source, receivedOn: found.receivedOn, complainant: hasComplainant(found.source), handing: SOURCES[found.source as SourceCode].handing }
    if (!request.entry.complainant) return await passOver(request, reply)
  })
}

async function passOver (request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { step } = request.params as { step?: string }
  return step === 'you' ? await reply.redirect(request.path('complainStep', ['check']), 303) : undefined
}
