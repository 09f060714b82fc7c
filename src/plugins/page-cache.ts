import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { readRevision } from '../db/records.ts'
import { localDate } from '../domain/time/calendar.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The publication counter when this page began to be rendered. */
    renderedFor: number
    /** This one answer of a public page is for its visitor alone: no cache keeps it. */
    unshared: boolean
  }
  interface FastifyContextConfig {
    /** `public`: the same bytes for everybody, so any cache may keep the page and so does this one. */
    cache?: 'public' | 'none'
  }
}

interface Kept { headers: Record<string, string>, etag: string, body: Buffer, packed: Buffer | null, hits: number }

/** All rendered pages together; the least recently used leave first. */
const MOST_BYTES = 48 * 1024 * 1024
/** Another process may publish too: its counter is read at most this often. */
const RECHECK_MS = 1000
const LEFT_OUT = new Set(['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding', 'set-cookie'])
const compress = promisify(brotliCompress)

class PageStore {
  readonly #pages = new Map<string, Kept>()
  #bytes = 0

  get (url: string): Kept | undefined {
    const page = this.#pages.get(url)
    if (page === undefined) return undefined
    this.#pages.delete(url)
    this.#pages.set(url, page)
    return page
  }

  set (url: string, page: Kept): void {
    this.#drop(url)
    this.#pages.set(url, page)
    this.#bytes += sizeOf(page)
    for (const oldest of this.#pages.keys()) {
      if (this.#bytes <= MOST_BYTES) return
      this.#drop(oldest)
    }
  }

  clear (): void {
    this.#pages.clear()
    this.#bytes = 0
  }

  #drop (url: string): void {
    const page = this.#pages.get(url)
    if (page === undefined) return
    this.#bytes -= sizeOf(page)
    this.#pages.delete(url)
  }
}

/** Both renderings are counted from the start, so that packing a page later never breaks the bound. */
function sizeOf (page: Kept): number {
  return page.body.length * 2 + 2048
}

/** Keeps finished public pages in memory, answers conditional requests, and forgets all with the next publication. */
export default fp(async app => {
  const store = new PageStore()
  let revision = -1
  let day = ''
  let checkedAt = 0

  async function refresh (): Promise<void> {
    checkedAt = Date.now()
    const now = await readRevision(app.db, 'register')
    const today = localDate(app.now())
    if (now === revision && today === day) return
    revision = now
    day = today // what is in force or public on a day is not on the next
    store.clear()
  }

  app.decorateRequest('renderedFor', -1)
  app.decorateRequest('unshared', false)
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.cache !== 'public' || request.method !== 'GET') { done(); return }
    if (Date.now() - checkedAt > RECHECK_MS) {
      refresh().then(() => { answerFromStore(request, reply, done) }, done)
    } else {
      answerFromStore(request, reply, done)
    }
  })

  function answerFromStore (request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    const page = store.get(request.originalUrl)
    request.renderedFor = revision
    if (page === undefined) { done(); return }
    page.hits++
    if (page.hits === 2) pack(page).catch(error => { request.log.warn({ err: error }, 'page not packed') })
    reply.hijack()
    if (request.headers['if-none-match'] === page.etag) {
      reply.raw.writeHead(304, page.headers).end()
      return
    }
    const packed = page.packed !== null && request.headers['accept-encoding']?.includes('br') === true
    if (packed) reply.raw.writeHead(200, { ...page.headers, 'content-encoding': 'br', 'content-length': (page.packed as Buffer).length }).end(page.packed)
    else reply.raw.writeHead(200, { ...page.headers, 'content-length': page.body.length }).end(page.body)
  }

  app.addHook('onSend', async (request, reply, payload) => {
    if (request.routeOptions.config.cache !== 'public' || request.method !== 'GET' || request.unshared || reply.statusCode !== 200 || typeof payload !== 'string') return payload
    const body = Buffer.from(payload)
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    reply.headers({ 'cache-control': 'public, max-age=60', vary: 'accept-encoding', etag })
    // A page that was being rendered while something was published may show the old state: it is sent, not kept.
    if (request.renderedFor === revision && request.originalUrl.length <= 400) store.set(request.originalUrl, { headers: headersOf(reply), etag, body, packed: null, hits: 0 })
    if (request.headers['if-none-match'] !== etag) return body
    reply.code(304)
    return null
  })
}, { name: 'page-cache' })

function headersOf (reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(Object.entries(reply.getHeaders()).filter(([name]) => !LEFT_OUT.has(name)).map(([name, value]) => [name, String(value)]))
}

/** Compressed off the main thread, and only what is asked for again. */
async function pack (page: Kept): Promise<void> {
  page.packed = await compress(page.body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: page.body.length } })
}
