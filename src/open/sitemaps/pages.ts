import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { ErrorLevel, SitemapIndexStream, SitemapStream } from 'sitemap'
import Type from 'typebox'
import type { App } from '../../app.ts'
import { SETS, sizeOf, type PublicSet } from '../../catalogue/register/service.ts'
import { AppError } from '../../errors.ts'
import { ROUTES, type RouteName } from '../../paths.ts'

/** Addresses in one file; the protocol allows five times as many, but a file is read as a whole. */
const PER_FILE = 10_000

/** Not for search engines: officers have no set at all, and a decision may name a person. */
const KEPT_OUT = new Set(['decision', 'officer'])
const listed = SETS.filter(set => !KEPT_OUT.has(set.kind))

/** Pages that are no record. */
const PAGES: readonly RouteName[] = ['home', 'matters', 'agencies', 'law', 'prohibitions', 'verify', 'complain', 'data', 'api', 'corrections', 'about', 'privacy']

const config = { permission: 'public', limit: 'api', cache: 'none' } as const

/** What search engines may find: the pages and the records of the register, in files of 10,000 addresses. */
export async function sitemaps (app: App): Promise<void> {
  app.get(ROUTES.sitemap, { config, exposeHeadRoute: false }, async (_request, reply) => {
    const parts = [['pages', 1] as const, ...await Promise.all(listed.map(async set => [set.name, Math.ceil(await sizeOf(app.db, set) / PER_FILE)] as const))]
    const addresses = parts.flatMap(([name, count]) => Array.from({ length: count }, (_one, at) => ({ url: app.address('zh-CN', 'sitemapPart', [`${name}-${at + 1}.xml`]) })))
    return await reply.type('application/xml; charset=utf-8').send(Readable.from(addresses).pipe(new SitemapIndexStream()))
  })

  app.get(ROUTES.sitemapPart, { schema: { params: Type.Object({ part: Type.String({ pattern: '^[a-z0-9-]{1,60}-[1-9][0-9]{0,3}\\.xml$' }) }) }, config, exposeHeadRoute: false }, async (request, reply) => {
    const [, name = '', no = ''] = /^(.+)-(\d+)\.xml$/.exec(request.params.part) ?? []
    const set = listed.find(one => one.name === name)
    const pages = name === 'pages' && no === '1'
    if (!pages && (set === undefined || (Number(no) - 1) * PER_FILE >= await sizeOf(app.db, set))) throw new AppError('not_found')
    const source = Readable.from(pages ? PAGES.map(route => ({ url: app.address('zh-CN', route) })) : records(app, set as PublicSet, Number(no)))
    return await reply.type('application/xml; charset=utf-8').send(source.pipe(new SitemapStream({ level: ErrorLevel.SILENT, xmlns: { news: false, xhtml: false, image: false, video: false } })))
  })
}

/** The addresses of one file, in the order of codes. A file is cut by position: codes are counted, not looked up. */
async function * records (app: App, set: PublicSet, no: number): AsyncGenerator<{ url: string }> {
  let [after, seen] = ['', 0]
  for (;;) {
    const slice = await set.slice(app.db, after, 500)
    const last = slice.at(-1)
    if (last === undefined || seen >= no * PER_FILE) return
    for (const { code } of slice) {
      if (seen >= (no - 1) * PER_FILE && seen < no * PER_FILE) yield { url: app.address('zh-CN', set.record, [...set.params, code]) }
      seen++
    }
    after = last.code
    await setImmediate()
  }
}
