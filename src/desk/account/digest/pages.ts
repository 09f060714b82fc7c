import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { DIGEST_HOURS } from '../../../domain/time/digests.ts'
import { AppError } from '../../../errors.ts'
import { byField, fieldErrors, inWords, type Fault, type FieldFaults } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../../case/casework/actor.ts'
import { DigestForm, DoneQuery } from './schema.ts'
import { readWish, saveWish, type Wish } from './service.ts'

declare module '../../../views.ts' {
  interface Views { 'desk/digest/show': Frame & Wish & { notice: string | null, from: string, faults: Record<string, string> } }
}

const config = { permission: 'complaint.note', session: 'staff' } as const // who handles cases has reminders

/** The morning letter: where it goes, and whether somebody wants it. */
export async function digestPages (app: App): Promise<void> {
  app.get(ROUTES.deskMail, { schema: { querystring: DoneQuery }, config }, async (request, reply) => {
    return await show(request, reply, { wish: await readWish(app, request.actor?.id ?? 0), done: request.query.done !== undefined })
  })

  app.post(ROUTES.deskMail, { schema: { body: DigestForm }, config, attachValidation: true }, async (request, reply) => {
    const { email = '', digest } = request.body
    const wish = { email, wanted: digest === 'yes' }
    const faults = fieldErrors(request, 'digest')
    if (faults.length > 0) return await show(request, reply.code(422), { wish, faults })
    try {
      await saveWish(app, await clerkOf(app, request), wish, app.now())
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'form_invalid') throw error
      return await show(request, reply.code(422), { wish, faults: inWords(request, error.details['fields'] as FieldFaults) })
    }
    return await reply.redirect(request.path('deskMail', [], { done: 'saved' }), 303)
  })
}

async function show (request: FastifyRequest, reply: FastifyReply, { wish, done = false, faults = [] }: { wish: Wish, done?: boolean, faults?: Fault[] }): Promise<string> {
  return await reply.page('desk/digest/show', { title: request.t('digest.title'), errors: faults, faults: byField(faults), notice: done ? request.t('digest.saved') : null, from: DIGEST_HOURS.from, ...wish })
}
