import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { siteAddress, type Config } from '../config.ts'
import { translate, type Values } from '../i18n/index.ts'
import { createPaths, readPath, type Locale, type Query, type RouteName } from '../paths.ts'

declare module 'fastify' {
  interface FastifyRequest {
    locale: Locale
    /** The words of the reader's language. */
    t: (key: string, values?: Values) => string
    /** An address in the reader's language. */
    path: (name: RouteName, params?: ReadonlyArray<string | number>, query?: Query) => string
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    /** A whole address, for what leaves the portal: files, feeds, letters. */
    address: (locale: Locale, name: RouteName, params?: ReadonlyArray<string | number>, query?: Query) => string
  }
}

declare module 'node:http' {
  interface IncomingMessage { locale?: Locale }
}

/** Strips base path and language from an address before routing; what lies outside matches no route. */
export function urlRewriter (basePath: string): (request: IncomingMessage) => string {
  return request => {
    const found = readPath(basePath, request.url ?? '/')
    request.locale = found?.locale ?? 'zh-CN'
    return found?.path ?? '/outside-the-base-path'
  }
}

/** Request ids are random: a counter would tell how much the portal is used. */
export function newRequestId (): string {
  return randomUUID() // drawn from a pool, so it costs next to nothing
}

/** Gives each request its language and its addresses. */
export default fp<{ config: Config }>(async (app, { config }) => {
  const pathTo = createPaths(config.SITE_BASE_PATH)
  const outside = createPaths(siteAddress(config))
  app.decorate('address', (locale: Locale, name: RouteName, params?: ReadonlyArray<string | number>, query?: Query) => outside(locale, name, params, query))
  app.decorateRequest('locale', 'zh-CN')
  app.decorateRequest('t', function (this: FastifyRequest, key: string, values?: Values) { return translate(this.locale, key, values) })
  app.decorateRequest('path', function (this: FastifyRequest, name: RouteName, params?: ReadonlyArray<string | number>, query?: Query) {
    return pathTo(this.locale, name, params, query)
  })
  app.addHook('onRequest', async request => { request.locale = request.raw.locale ?? 'zh-CN' })
}, { name: 'request' })
