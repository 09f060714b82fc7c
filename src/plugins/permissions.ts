import type { RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { allows, type Permission } from '../domain/process/permissions.ts'
import { AppError } from '../errors.ts'

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
    if (permission === 'complaint.own' && request.session !== null && request.session.kind !== 'staff') return
    if (!allows(request.actor?.role ?? null, permission)) throw new AppError(request.actor === null ? 'not_signed_in' : 'forbidden', { kind: 'staff' })
  })
}, { name: 'permissions', dependencies: ['sessions'] })

function rowsOf (route: RouteOptions): RouteRow[] {
  return [route.method].flat().map(method => ({ method, url: route.url, permission: route.config?.permission ?? 'public', session: route.config?.session ?? null }))
}
