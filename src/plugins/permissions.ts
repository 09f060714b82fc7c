import type { RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { allows, type Permission } from '../domain/process/permissions.ts'
import { appendAudit } from '../db/audit.ts'
import { AppError } from '../errors.ts'
import type { Actor } from './sessions.ts'

export interface RouteRow { method: string, url: string, permission: Permission, session: string | null }

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may: a key of PERMISSIONS. A route without one is refused when the application is built. */
    permission?: Permission
  }
  interface FastifyInstance {
    /** Every address with its method and permission, for the house test and the rights page. */
    readonly routeTable: RouteRow[]
  }
}

/** Deny by default (security.md Z-1): each route declares its permission, checked before anything of the request is parsed. */
export default fp(async app => {
  const routes: RouteOptions[] = []
  app.decorate('routeTable', { getter: () => routes.flatMap(rowsOf) })
  app.addHook('onRoute', route => { routes.push(route) })
  app.addHook('onReady', async () => {
    const open = routes.find(route => route.config?.permission === undefined)
    if (open !== undefined) throw new Error(`route ${String(open.method)} ${open.url} names no permission`)
  })
  app.addHook('onRequest', async request => {
    const permission = request.routeOptions.config.permission
    if (permission === undefined || permission === 'public') return
    // Such a route answers a session that ended itself, so that what was typed is not lost; it does nothing without one.
    if (permission === 'complaint.own' && request.session === null && request.routeOptions.config.sessionOptional === true) return
    if ((permission === 'complaint.own' || permission === 'visit.own') && request.session !== null && request.session.kind !== 'staff') return
    if (allows(request.actor?.role ?? null, permission)) return
    if (request.actor === null) throw new AppError('not_signed_in', { kind: 'staff' })
    await recordRefusal(request.actor, permission, request.id)
    throw new AppError('forbidden')
  })

  /** Who tried what without the right (security.md G-3). A database that takes no entry must not turn the refusal into something else. */
  async function recordRefusal (actor: Actor, permission: Permission, requestId: string): Promise<void> {
    await app.db.transaction().execute(async trx => {
      await appendAudit(trx, app.keys.audit, { at: app.now(), actorId: actor.id, role: actor.role, action: 'access.refused', subject: permission, result: 'refused', requestId })
    }).catch((error: Error) => { app.log.error({ err: { type: error.name, message: error.message } }, 'audit') })
  }
}, { name: 'permissions', dependencies: ['sessions'] })

function rowsOf (route: RouteOptions): RouteRow[] {
  return [route.method].flat().map(method => ({ method, url: route.url, permission: route.config?.permission ?? 'public', session: route.config?.session ?? null }))
}
