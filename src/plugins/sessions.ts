import cookie from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Config } from '../config.ts'
import type { Db } from '../db/schema.ts'
import type { StaffRole } from '../domain/process/permissions.ts'
import { endSession, findSession, openSession, sameToken, type Life, type Session, type SessionKind } from '../db/sessions.ts'
import { AppError } from '../errors.ts'

/** A signed-in person of the bureau. */
export interface Actor { id: number, username: string, name: string, role: StaffRole, bureauId: number, unit: string, unitEn: string, fictional: boolean, passwordTemporary: boolean }

declare module 'fastify' {
  interface FastifyRequest {
    session: Session | null
    actor: Actor | null
    /** Refuses a form whose token is not this session's; called for url-encoded forms by the plugin, for uploads by their route. */
    checkFormToken: (token: unknown) => void
    /** This browser's session of a kind, which need not be the route's own; null without one. */
    sessionOf: (kind: SessionKind) => Promise<Session | null>
  }
  interface FastifyReply {
    /** Opens a session in this browser; `life` where it is not that of its kind. */
    startSession: (kind: SessionKind, subject: string, life?: Life) => Promise<void>
    endSession: (kind: SessionKind) => Promise<void>
  }
  interface FastifyContextConfig {
    /** The kind of session a route needs; `optional` ones look for it and go on without. */
    session?: SessionKind
    sessionOptional?: true
    /** The route checks its form token itself, because its body is a stream. */
    ownFormCheck?: true
  }
}

const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** Sessions in the database, one cookie per kind; every form inside a session carries its token (security.md F-1, S-1). */
export default fp<{ config: Config }>(async (app, { config }) => {
  const secure = config.SITE_ORIGIN.startsWith('https:')
  const cookieName = (kind: SessionKind): string => `${secure ? '__Host-' : ''}sunlit-${kind}`
  const options = { path: '/', httpOnly: true, secure, sameSite: 'lax' as const }
  await app.register(cookie)
  app.decorateRequest('session', null)
  app.decorateRequest('actor', null)
  app.decorateRequest('checkFormToken', function (this: FastifyRequest, token: unknown) {
    if (this.session === null || !sameToken(token, this.session.formToken)) throw new AppError('form_expired')
  })
  app.decorateReply('startSession', async function (this: FastifyReply, kind: SessionKind, subject: string, life?: Life) {
    await this.endSession(kind) // the one it replaces in this browser (security.md S-2)
    const token = await openSession(app.db, kind, subject, app.now(), life)
    this.setCookie(cookieName(kind), token, life?.remembered === true ? { ...options, maxAge: life.absolute * 60 } : options)
  })
  app.decorateRequest('sessionOf', async function (this: FastifyRequest, kind: SessionKind) {
    const token = this.cookies[cookieName(kind)]
    return token === undefined ? null : await findSession(app.db, kind, token, app.now(), app.keys.forms)
  })
  app.decorateReply('endSession', async function (this: FastifyReply, kind: SessionKind) {
    const session = await this.request.sessionOf(kind)
    if (session !== null) await endSession(app.db, session.id)
    this.clearCookie(cookieName(kind), options)
  })
  app.addHook('onRequest', async request => {
    const { session: kind, sessionOptional } = request.routeOptions.config
    if (kind === undefined) return
    const session = await request.sessionOf(kind)
    if (session === null && sessionOptional !== true) throw new AppError('not_signed_in', { kind })
    request.session = session
    if (kind === 'staff' && session !== null) request.actor = await findActor(app.db, Number(session.subject))
    if (kind === 'staff' && session !== null && request.actor === null) throw new AppError('not_signed_in', { kind })
  })
  app.addHook('preValidation', async request => {
    if (request.session === null || !CHANGES.has(request.method) || request.routeOptions.config.ownFormCheck === true) return
    request.checkFormToken((request.body as { _csrf?: unknown } | undefined)?._csrf)
  })
}, { name: 'sessions', dependencies: ['forms'] })

/** The account behind a session; null once it is disabled, so that its sessions end with the next request. */
async function findActor (db: Db, id: number): Promise<Actor | null> {
  const row = await db.selectFrom('account').innerJoin('bureau', 'bureau.id', 'account.bureau_id')
    .select(['account.id', 'account.username', 'account.name', 'account.role', 'account.bureau_id', 'bureau.name as unit', 'bureau.name_en as unitEn', 'account.fictional', 'account.password_temporary'])
    .where('account.id', '=', id).where('account.disabled', '=', 0).executeTakeFirst()
  if (row === undefined) return null
  return { id: row.id, username: row.username, name: row.name, role: row.role as StaffRole, bureauId: row.bureau_id, unit: row.unit, unitEn: row.unitEn, fictional: row.fictional === 1, passwordTemporary: row.password_temporary === 1 }
}
