import cookie from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Config } from '../config.ts'
import type { Db } from '../db/schema.ts'
import type { StaffRole } from '../domain/process/permissions.ts'
import { endSession, findSession, openSession, sameToken, sessionId, type Life, type Session, type SessionKind } from '../db/sessions.ts'
import { AppError } from '../errors.ts'

/** A signed-in person of the bureau. */
export interface Actor { id: number, username: string, name: string, role: StaffRole, bureauId: number, unit: string, unitEn: string, fictional: boolean, passwordTemporary: boolean }

/** `label` tells several sessions of one kind in one browser apart, such as two complaints followed in two tabs; `life` where it is not that of its kind. */
export interface Opening { label?: string, life?: Life }

declare module 'fastify' {
  interface FastifyRequest {
    session: Session | null
    actor: Actor | null
    /** Refuses a form whose token is not this session's; called for url-encoded forms by the plugin, for uploads by their route. */
    checkFormToken: (token: unknown) => void
    /** This browser's session of a kind (and label), which need not be the route's own; null without one. */
    sessionOf: (kind: SessionKind, label?: string) => Promise<Session | null>
  }
  interface FastifyReply {
    /** Opens a session in this browser; the request goes on inside it. */
    startSession: (kind: SessionKind, subject: string, how?: Opening) => Promise<void>
    endSession: (kind: SessionKind, label?: string) => Promise<void>
    /** Ends all sessions of a kind in this browser, whatever their label. */
    endSessions: (kind: SessionKind) => Promise<void>
  }
  interface FastifyContextConfig {
    /** The kind of session a route needs; `optional` ones look for it and go on without. */
    session?: SessionKind
    sessionOptional?: true
    /** The route checks its form token itself, because its body is a stream. */
    ownFormCheck?: true
  }
}

/** What may stand in the name of a cookie; anything else is no label. */
const LABEL = /^[A-Z0-9]{1,20}$/
/** So many complaints can be followed at once in one browser; the one opened first gives way. */
const MOST_LABELS = 6
const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** Sessions in the database, one cookie per kind; every form inside a session carries its token (security.md F-1, S-1). */
export default fp<{ config: Config }>(async (app, { config }) => {
  const secure = config.SITE_ORIGIN.startsWith('https:')
  const cookieName = (kind: SessionKind, label = ''): string => `${secure ? '__Host-' : ''}sunlit-${kind}${LABEL.test(label) ? `-${label}` : ''}`
  const options = { path: '/', httpOnly: true, secure, sameSite: 'lax' as const }
  await app.register(cookie)
  app.decorateRequest('session', null)
  app.decorateRequest('actor', null)
  app.decorateRequest('checkFormToken', function (this: FastifyRequest, token: unknown) {
    if (this.session === null || !sameToken(token, this.session.formToken)) throw new AppError('form_expired')
  })
  app.decorateReply('startSession', async function (this: FastifyReply, kind: SessionKind, subject: string, { label, life }: Opening = {}) {
    await this.endSession(kind, label) // the one it replaces in this browser (security.md S-2)
    const labelled = Object.keys(this.request.cookies).filter(name => name.startsWith(`${cookieName(kind)}-`))
    for (const name of labelled.slice(0, Math.max(0, labelled.length - MOST_LABELS + 1))) await this.endSession(kind, name.slice(cookieName(kind).length + 1))
    const token = await openSession(app.db, kind, subject, app.now(), life)
    this.setCookie(cookieName(kind, label), token, life?.remembered === true ? { ...options, maxAge: life.absolute * 60 } : options)
    this.request.session = await findSession(app.db, kind, token, app.now(), app.keys.forms)
  })
  app.decorateRequest('sessionOf', async function (this: FastifyRequest, kind: SessionKind, label?: string) {
    const token = this.cookies[cookieName(kind, label)] ?? this.cookies[cookieName(kind)]
    return token === undefined ? null : await findSession(app.db, kind, token, app.now(), app.keys.forms)
  })
  app.decorateReply('endSession', async function (this: FastifyReply, kind: SessionKind, label?: string) {
    const token = this.request.cookies[cookieName(kind, label)]
    if (token !== undefined) await endSession(app.db, sessionId(token))
    this.clearCookie(cookieName(kind, label), options)
  })
  app.decorateReply('endSessions', async function (this: FastifyReply, kind: SessionKind) {
    const head = `${cookieName(kind)}-`
    for (const name of Object.keys(this.request.cookies).filter(name => name.startsWith(head))) await this.endSession(kind, name.slice(head.length))
    await this.endSession(kind)
  })
  app.addHook('onRequest', async request => {
    const { session: kind, sessionOptional } = request.routeOptions.config
    if (kind === undefined) return
    const session = await request.sessionOf(kind, kind === 'track' ? (request.params as { ref?: string }).ref : undefined) // one for each complaint followed
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
  const row = await db.selectFrom('account').innerJoin('bureau', 'bureau.id', 'account.bureau_id').leftJoin('agency', 'agency.id', 'account.agency_id')
    .select(['account.id', 'account.username', 'account.name', 'account.role', 'account.bureau_id', eb => eb.fn.coalesce('agency.name', 'bureau.name').as('unit'), eb => eb.fn.coalesce('agency.name_en', 'agency.name', 'bureau.name_en').as('unitEn'), 'account.fictional', 'account.password_temporary'])
    .where('account.id', '=', id).where('account.disabled', '=', 0).executeTakeFirst()
  if (row === undefined) return null
  return { id: row.id, username: row.username, name: row.name, role: row.role as StaffRole, bureauId: row.bureau_id, unit: row.unit, unitEn: row.unitEn, fictional: row.fictional === 1, passwordTemporary: row.password_temporary === 1 }
}
