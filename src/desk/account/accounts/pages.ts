import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { SESSION_KINDS } from '../../../db/sessions.ts'
import { PASSWORD_PROFILE } from './password-policy.ts'
import { allows } from '../../../domain/process/permissions.ts'
import { AppError } from '../../../errors.ts'
import { byField, fieldErrors, inWords, type Fault, type FieldFaults } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { listSessions, removeOthers, removeSession, type SessionLine } from './repository.ts'
import { DoneQuery, PasswordForm, SessionEnding } from './schema.ts'
import { changePassword } from './service.ts'

declare module '../../../views.ts' {
  interface Views {
    'desk/accounts/sessions': Frame & { notice: string | null, sessions: Array<SessionLine & { own: boolean }>, reminded: boolean }
    'desk/accounts/password': Frame & { temporary: boolean, min: number, classes: number, faults: Record<string, string> }
  }
}

/** What a person of the bureau keeps for themselves: open sessions and the password (security.md S-6, L-6). */
export async function accountPages (app: App): Promise<void> {
  app.get(ROUTES.sessions, { schema: { querystring: DoneQuery }, config: { permission: 'account.own', session: 'staff' } }, async (request, reply) => {
    const now = app.now()
    const live = new Date(Date.parse(now) - SESSION_KINDS.staff.idle * 60_000).toISOString()
    const sessions = await listSessions(app.db, request.actor?.id ?? 0, now, live)
    const { done } = request.query
    return await reply.page('desk/accounts/sessions', {
      title: request.t('sessions.title'),
      notice: done === undefined ? null : request.t(`sessions.${done}`),
      reminded: allows(request.actor?.role ?? null, 'complaint.note'),
      sessions: sessions.map(session => ({ ...session, own: session.id === request.session?.id }))
    })
  })

  app.post(ROUTES.sessionEndings, { schema: { body: SessionEnding }, config: { permission: 'account.own', session: 'staff' } }, async (request, reply) => {
    await removeSession(app.db, request.actor?.id ?? 0, request.body.session)
    return await reply.redirect(request.path('sessions', [], { done: 'ended' }), 303)
  })

  // Being asked is all it takes: every request of a session is a use of it.
  app.post(ROUTES.sessionExtensions, { config: { permission: 'account.own', session: 'staff' } }, async (_request, reply) => await reply.code(204).send())

  app.post(ROUTES.sessionOthers, { config: { permission: 'account.own', session: 'staff' } }, async (request, reply) => {
    await removeOthers(app.db, request.actor?.id ?? 0, request.session?.id ?? '')
    return await reply.redirect(request.path('sessions', [], { done: 'others' }), 303)
  })

  app.get(ROUTES.password, { config: { permission: 'account.own', session: 'staff' } }, async (request, reply) => await showPassword(request, reply, []))

  app.post(ROUTES.password, { schema: { body: PasswordForm }, config: { permission: 'account.own', session: 'staff', limit: 'sign_in' }, attachValidation: true }, async (request, reply) => {
    const faults = fieldErrors(request, 'password')
    if (faults.length === 0 && request.body.password !== request.body.again) faults.push({ field: 'again', text: request.t('password.again.different') })
    if (faults.length > 0) return await showPassword(request, reply.code(422), faults)
    const id = request.actor?.id ?? 0
    try {
      await changePassword(app, id, request.body, { now: app.now(), requestId: request.id })
    } catch (error) {
      return await showPassword(request, reply.code(422), faultsOf(request, error))
    }
    await reply.startSession('staff', String(id)) // the old ones are gone, this one too
    return await reply.redirect(request.path('sessions', [], { done: 'password' }), 303)
  })
}

async function showPassword (request: FastifyRequest, reply: FastifyReply, errors: Fault[]): Promise<string> {
  return await reply.page('desk/accounts/password', {
    title: request.t('password.title'),
    temporary: request.actor?.passwordTemporary === true,
    min: PASSWORD_PROFILE.min,
    classes: PASSWORD_PROFILE.classes,
    errors,
    faults: byField(errors)
  })
}

function faultsOf (request: FastifyRequest, error: unknown): Fault[] {
  if (!(error instanceof AppError) || error.code !== 'form_invalid') throw error
  return inWords(request, error.details['fields'] as FieldFaults, PASSWORD_PROFILE)
}
