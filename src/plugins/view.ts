import fastifyView from '@fastify/view'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import Handlebars from 'handlebars'
import { globSync } from 'node:fs'
import path from 'node:path'
import { loadManifest } from '../assets/build.ts'
import { COMPILE_OPTIONS, usePrecompiled } from '../assets/templates.ts'
import { endOf, type Session } from '../db/sessions.ts'
import { readPath, withBase, type Locale } from '../paths.ts'
import { siteAddress, type Config } from '../config.ts'
import type { Views, ViewName } from '../views.ts'
import { navigationOf } from './navigation.ts'
import { viewHelpers } from './view-helpers.ts'

type Layout = 'public' | 'desk' | 'print' | 'door' | 'bundle'

declare module 'fastify' {
  interface FastifyRequest {
    /** What a member of staff enters for somebody in this form; null on all other pages. */
    entry: { source: string, receivedOn: string, complainant: boolean, handing: string } | null
  }
  interface FastifyReply {
    locals: Record<string, unknown>
    /** Renders a page of the portal in its wing's layout and the reader's language. */
    page: <Name extends ViewName>(name: Name, data: Views[Name], layout?: Layout) => Promise<string>
  }
}

const ROOT = path.join(import.meta.dirname, '..', '..')
const VIEWS = path.join(ROOT, 'views')

function partials (): Record<string, string> {
  const files = globSync('**/*.hbs', { cwd: path.join(VIEWS, 'partials') })
  return Object.fromEntries(files.map(file => [file.replace(/\.hbs$/, '').replaceAll(path.sep, '/'), `partials/${file}`]))
}

function layoutOf (name: string): Layout {
  return name.startsWith('desk/') || name.startsWith('agency/') || name.startsWith('admin/') ? 'desk' : 'public'
}

/**
 * The path without language at which a page that answers a form can be read again: what the page names itself, else the nearest address above
 * the form's that can be opened. Null for a page that was simply opened.
 */
function readAgain ({ method, url, routeOptions, server }: FastifyRequest, basePath: string, self: string | undefined): string | null {
  if (method === 'GET' || method === 'HEAD') return null
  const named = self === undefined ? null : readPath(basePath, self)
  if (named !== null) return named.path
  const pattern = routeOptions.url?.split('/') ?? []
  const asked = (url.split('?')[0] ?? '').split('/')
  for (let length = pattern.length; length > 1; length--) {
    if (server.hasRoute({ method: 'GET', url: pattern.slice(0, length).join('/') })) return asked.slice(0, length).join('/')
  }
  return '/'
}

/** When the session of a person at work ends, for the line that says so and the dialog that warns: minutes without a request, seconds since the last one, seconds that are left in all. */
function idleOf (session: Session, now: string): { minutes: number, unused: number, left: number, endsAt: string } {
  const seconds = (from: string, to: string): number => Math.floor((Date.parse(to) - Date.parse(from)) / 1000)
  return { minutes: session.idle, unused: seconds(session.seenAt, now), left: seconds(now, session.expiresAt), endsAt: endOf(session) }
}

/** Handlebars views with a layout per wing; request-wide values are data variables (`@locale`, `@actor`, …). */
export default fp<{ config: Config }>(async (app, { config }) => {
  const engine = Handlebars.create()
  engine.registerHelper(viewHelpers(config.SITE_BASE_PATH, await loadManifest(ROOT)))
  await usePrecompiled(engine, ROOT)
  await app.register(fastifyView, {
    engine: { handlebars: engine },
    root: VIEWS,
    viewExt: 'hbs',
    production: true,
    options: { partials: partials(), useDataVariables: true, compileOptions: COMPILE_OPTIONS }
  })
  app.decorateRequest('entry', null)
  app.decorateReply('page', async function <Name extends ViewName> (this: FastifyReply, name: Name, data: Views[Name], layout?: Layout) {
    const { request } = this
    const other: Locale = request.locale === 'en' ? 'zh-CN' : 'en'
    const [asked = '/', query = ''] = request.url.split(/\?(.*)/s)
    const sitePath = asked.replace(/^[/\\]+/, '/') // two slashes would begin the name of another host
    const site = app.site[request.locale]
    const { bar, more } = request.actor === null ? { bar: [], more: [] } : navigationOf(request.actor.role)
    this.locals = {
      locale: request.locale,
      lang: request.locale === 'en' ? 'en' : 'zh-CN',
      url: sitePath,
      altUrl: withBase(config.SITE_BASE_PATH, other, readAgain(request, config.SITE_BASE_PATH, data.self) ?? sitePath + (query === '' ? '' : `?${query}`)),
      address: withBase(siteAddress(config), request.locale, sitePath),
      actor: request.actor,
      entry: request.entry,
      nav: bar,
      more,
      lit: more.some(route => route === data.section) ? 'deskMore' : data.section, // the entry of the bar under which the page stands
      idle: request.session?.kind === 'staff' ? idleOf(request.session, app.now()) : null,
      csrf: request.session?.formToken ?? null,
      site
    }
    this.type('text/html; charset=utf-8')
    return await this.viewAsync(name, data, { layout: `layouts/${layout ?? layoutOf(name)}` })
  })
}, { name: 'view', dependencies: ['request'] })
