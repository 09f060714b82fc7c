import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { byField, fieldErrors, type Fault } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { ownPage, refusedTry } from '../../case/parts/entrance.ts'
import { SignInForm, SignInQuery } from './schema.ts'
import { recordSignOut, signIn } from './service.ts'

interface SignInPage { username: string, next: string, notice: string | null }

declare module '../../../views.ts' {
  interface Views { 'desk/sign-in/show': Frame & SignInPage & { faults: Record<string, string> } }
}

/** Signing in and out. The entrance knows no session: an old cookie, even a closed account's, must not stand in the way. */
export async function signInPages (app: App): Promise<void> {
  app.get(ROUTES.signIn, { schema: { querystring: SignInQuery }, config: { permission: 'public' } }, async (request, reply) => {
    const { next, out } = request.query
    const notice = out !== undefined ? request.t('sign_in.out') : next !== undefined ? request.t('sign_in.needed') : null
    return await show(request, reply, { username: '', next: ownPage(next) ?? '', notice }, [])
  })

  app.post(ROUTES.signIn, { schema: { body: SignInForm }, config: { permission: 'public', limit: 'sign_in' }, attachValidation: true }, async (request, reply) => {
    const { username = '', password, next } = request.body ?? {}
    const kept = { username, next: ownPage(next) ?? '', notice: null }
    const faults = fieldErrors(request, 'sign_in')
    if (faults.length > 0) return await show(request, reply.code(422), kept, faults)
    try {
      const { id } = await signIn(app, { username, password, requestId: request.id }, app.now())
      await reply.startSession('half', String(id)) // opens nothing but the page of the second factor
    } catch (error) {
      return await show(request, reply, kept, refusedTry(request, reply, error, { field: 'username', text: request.t('error.sign_in_failed') }))
    }
    return await reply.redirect(request.path('signInCode', [], { next: ownPage(next) }), 303)
  })

  app.post(ROUTES.signOut, { config: { permission: 'account.own', session: 'staff' } }, async (request, reply) => {
    if (request.actor !== null) await recordSignOut(app, request.actor, { requestId: request.id, now: app.now() })
    await reply.endSession('staff')
    reply.header('clear-site-data', '"cache", "storage"')
    return await reply.redirect(request.path('signIn', [], { out: 1 }), 303)
  })
}

async function show (request: FastifyRequest, reply: FastifyReply, page: SignInPage, errors: Fault[]): Promise<string> {
  return await reply.page('desk/sign-in/show', { title: request.t('sign_in.title'), ...page, errors, faults: byField(errors) })
}
