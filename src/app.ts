import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyServerOptions, type RawReplyDefaultExpression, type RawRequestDefaultExpression, type RawServerDefault } from 'fastify'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { Kysely } from 'kysely'
import type { Config } from './config.ts'
import type { Site } from './content/site.ts'
import type { Database } from './db/schema.ts'
import type { FileStore } from './files/store.ts'
import type { Locale } from './paths.ts'
import type { Keys } from './vault/keys.ts'
import attempts from './plugins/limits/attempts.ts'
import tries from './plugins/limits/tries.ts'
import errors from './plugins/errors.ts'
import forms from './plugins/forms.ts'
import health from './plugins/health.ts'
import keptForms from './plugins/kept-forms.ts'
import load from './plugins/limits/load.ts'
import logging from './plugins/logging.ts'
import pageCache from './plugins/page-cache.ts'
import permissions from './plugins/permissions.ts'
import rateLimits from './plugins/rate-limit.ts'
import requests, { newRequestId, urlRewriter } from './plugins/request.ts'
import sameOrigin from './plugins/same-origin.ts'
import security from './plugins/security.ts'
import sessions from './plugins/sessions.ts'
import slowBodies from './plugins/limits/slow-bodies.ts'
import statics from './plugins/static.ts'
import views from './plugins/view.ts'
import { answerClientError, answerFrameworkError } from './plugins/raw-errors.ts'
import { admin } from './admin/index.ts'
import { agency } from './agency/index.ts'
import { catalogue } from './catalogue/index.ts'
import { endPublicationsDaily } from './catalogue/publication/daily.ts'
import { complaints } from './complaints/index.ts'
import { desk } from './desk/index.ts'
import { open } from './open/index.ts'

/** What the portal needs from outside; tests hand in the same things with their own database and clock. */
export interface AppParts {
  config: Config
  db: Kysely<Database>
  keys: Keys
  files: FileStore
  site: Record<Locale, Site>
  now: () => string
  logger?: FastifyServerOptions['logger']
  /** Who compiles the schemas; Fastify itself unless given. */
  schemaController?: FastifyServerOptions['schemaController']
}

declare module 'fastify' {
  interface FastifyInstance {
    db: Kysely<Database>
    keys: Keys
    files: FileStore
    site: Record<Locale, Site>
    config: Config
    /** The present, ISO UTC. */
    now: () => string
  }
}

export type App = FastifyInstance<RawServerDefault, RawRequestDefaultExpression, RawReplyDefaultExpression, FastifyBaseLogger, TypeBoxTypeProvider>

/** Composition root: decorations, plugins in reading order, then one scope per wing. */
export async function buildApp (parts: AppParts): Promise<App> {
  const { config } = parts
  const app = Fastify({
    logger: parts.logger ?? false,
    ...(parts.schemaController === undefined ? {} : { schemaController: parts.schemaController }),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: newRequestId,
    requestIdHeader: false,
    trustProxy: config.SUNLIT_PROXY.length > 0 ? [...config.SUNLIT_PROXY] : false,
    rewriteUrl: urlRewriter(config.SITE_BASE_PATH),
    bodyLimit: 262_144,
    requestTimeout: 1_200_000, // a recording over a slow telephone line; other bodies have 20 s (slow-bodies)
    connectionTimeout: 30_000,
    http: { connectionsCheckingInterval: 5000 }, // headers that never end are noticed 5 s after their time, not 30
    keepAliveTimeout: 15_000,
    forceCloseConnections: 'idle',
    return503OnClosing: false, // what still comes over an open connection is answered, not turned away with what was typed in it
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerClientError,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    ajv: { customOptions: { coerceTypes: 'array', removeAdditional: false, allErrors: true } }
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.server.headersTimeout = 15_000
  app.decorate('db', parts.db).decorate('keys', parts.keys).decorate('files', parts.files)
  app.decorate('site', parts.site).decorate('now', parts.now).decorate('config', config)
  for (const plugin of [pageCache, requests, security, logging, slowBodies, sameOrigin, load, attempts, tries, forms, sessions, permissions, rateLimits, views, keptForms, errors, statics, health]) await app.register(plugin, { config })
  endPublicationsDaily(app)
  await app.register(catalogue)
  await app.register(complaints)
  await app.register(desk)
  await app.register(agency)
  await app.register(admin)
  await app.register(open)
  return app
}
