import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { byField, fieldErrors, type Fault } from '../../../forms/field-errors.ts'
import { ROUTES, withBase } from '../../../paths.ts'
import { drawQr, type QrDrawing } from '../../../qr.ts'
import type { Frame } from '../../../views.ts'
import { findAccountById } from '../accounts/repository.ts'
import { ownPage, refusedTry } from '../../case/parts/entrance.ts'
import { totpAddress } from './codes.ts'
import { countRecovery } from './repository.ts'
import { CodeForm, CodeQuery } from './schema.ts'
import { codeOfFictional, confirm, enrol, newCodes, secretToEnrol } from './service.ts'

interface Asked { next: string, faults: Record<string, string> }

declare module '../../../views.ts' {
  interface Views {
    'desk/second-factor/code': Frame & Asked & { recovery: boolean, demoCode: string | null }
    'desk/second-factor/enrol': Frame & Asked & { qr: QrDrawing, secret: string[] }
    'desk/second-factor/codes': Frame & { codes: string[], next: string, home: string }
    'desk/second-factor/renew': Frame & { left: number, faults: Record<string, string> }
  }
}

const HALF = { permission: 'public', session: 'half' } as const
const OWN = { permission: 'account.own', session: 'staff' } as const

/** The second step of signing in: the code of the authenticator, its setting up, and recovery codes (security.md L-1). */
export async function secondFactorPages (app: App): Promise<void> {
  app.get(ROUTES.signInCode, { schema: { querystring: CodeQuery }, config: HALF }, async (request, reply) => {
    return await showCode(app, request, reply, request.query, [])
  })

  app.post(ROUTES.signInCode, { schema: { body: CodeForm }, config: { ...HALF, limit: 'sign_in' }, attachValidation: true }, async (request, reply) => {
    const asked = request.body ?? {}
    const faults = fieldErrors(request, 'second_factor')
    if (faults.length > 0) return await showCode(app, request, reply.code(422), asked, faults)
    try {
      await confirm(app, { id: subjectOf(request), code: asked.code }, { now: app.now(), requestId: request.id })
    } catch (error) {
      return await showCode(app, request, reply, asked, refusedTry(request, reply, error, { field: 'code', text: request.t('second_factor.wrong') }))
    }
    await signedIn(reply, subjectOf(request))
    return await reply.redirect(goOn(app, request, asked.next), 303)
  })

  app.get(ROUTES.signInEnrolment, { schema: { querystring: CodeQuery }, config: HALF }, async (request, reply) => {
    return await showEnrolment(app, request, reply, request.query.next, [])
  })

  app.post(ROUTES.signInEnrolment, { schema: { body: CodeForm }, config: { ...HALF, limit: 'sign_in' }, attachValidation: true }, async (request, reply) => {
    const { code, next } = request.body ?? {}
    const faults = fieldErrors(request, 'second_factor')
    if (faults.length > 0) return await showEnrolment(app, request, reply.code(422), next, faults)
    let codes: string[]
    try {
      codes = await enrol(app, { id: subjectOf(request), code }, { now: app.now(), requestId: request.id })
    } catch (error) {
      return await showEnrolment(app, request, reply, next, refusedTry(request, reply, error, { field: 'code', text: request.t('second_factor.wrong_first') }))
    }
    await signedIn(reply, subjectOf(request))
    return await showCodes(request, reply, codes, goOn(app, request, next))
  })

  app.get(ROUTES.recoveryCodes, { config: OWN }, async (request, reply) => await showRenewal(app, request, reply, []))

  app.post(ROUTES.recoveryCodes, { schema: { body: CodeForm }, config: { ...OWN, limit: 'sign_in' }, attachValidation: true }, async (request, reply) => {
    const faults = fieldErrors(request, 'second_factor')
    if (faults.length > 0) return await showRenewal(app, request, reply.code(422), faults)
    try {
      const codes = await newCodes(app, { id: request.actor?.id ?? 0, code: request.body.code }, { now: app.now(), requestId: request.id })
      return await showCodes(request, reply, codes, request.path('sessions'))
    } catch (error) {
      return await showRenewal(app, request, reply, refusedTry(request, reply, error, { field: 'code', text: request.t('second_factor.wrong') }))
    }
  })
}

function subjectOf (request: FastifyRequest): number {
  return Number(request.session?.subject ?? 0)
}

/** The half session ends, the whole one begins with a token of its own (security.md S-2). */
async function signedIn (reply: FastifyReply, id: number): Promise<void> {
  await reply.endSession('half')
  await reply.startSession('staff', String(id))
}

function goOn (app: App, request: FastifyRequest, next: string | undefined): string {
  return withBase(app.config.SITE_BASE_PATH, request.locale, ownPage(next) ?? ROUTES.desk)
}

async function showCode (app: App, request: FastifyRequest, reply: FastifyReply, { next, way }: { next?: string | undefined, way?: string | undefined }, errors: Fault[]): Promise<unknown> {
  const account = await findAccountById(app.db, subjectOf(request))
  if (account.totp_since === null) return await reply.redirect(request.path('signInEnrolment', [], { next: ownPage(next) }), 303)
  return await reply.page('desk/second-factor/code', {
    title: request.t('second_factor.title'), errors, faults: byField(errors), next: ownPage(next) ?? '', recovery: way === 'recovery', demoCode: codeOfFictional(app, account, app.now())
  })
}

async function showEnrolment (app: App, request: FastifyRequest, reply: FastifyReply, next: string | undefined, errors: Fault[]): Promise<unknown> {
  const enrolment = await secretToEnrol(app, subjectOf(request))
  if (enrolment === null) return await reply.redirect(request.path('signInCode', [], { next: ownPage(next) }), 303)
  const { secret, username } = enrolment
  return await reply.page('desk/second-factor/enrol', {
    title: request.t('second_factor.enrol_title'), errors, faults: byField(errors), next: ownPage(next) ?? '',
    qr: drawQr(totpAddress(secret, app.site[request.locale].name, username)), secret: secret.match(/.{1,4}/g) ?? []
  })
}

async function showCodes (request: FastifyRequest, reply: FastifyReply, codes: string[], next: string): Promise<string> {
  return await reply.page('desk/second-factor/codes', { title: request.t('second_factor.codes_title'), codes, next, home: request.path('desk') })
}

async function showRenewal (app: App, request: FastifyRequest, reply: FastifyReply, errors: Fault[]): Promise<string> {
  return await reply.page('desk/second-factor/renew', { title: request.t('second_factor.renew_title'), errors, faults: byField(errors), left: await countRecovery(app.db, request.actor?.id ?? 0) })
}
