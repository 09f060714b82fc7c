import rateLimit, { type FastifyRateLimitStore } from '@fastify/rate-limit'
import { createHmac, randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { isIPv6 } from 'node:net'
import type { Config } from '../config.ts'
import { localDate } from '../domain/time/calendar.ts'
import { AppError } from '../errors.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What this client has used of a limit that counts results, not requests: how far it is and in how many seconds the span ends. */
    usedOf: (limit: CountedName) => Used
    /** Counts one result. */
    countOne: (limit: CountedName) => void
  }
  interface FastifyContextConfig {
    /** At most `max` requests per client and `window` minutes; see LIMITS. */
    limit?: LimitName
  }
}

/** Requests per client and span (features.md D7, security.md L-3, R-5, F-6). Settings multiply them by SUNLIT_RATE. */
export const LIMITS = {
  lookup: { max: 60, minutes: 1 },
  search: { max: 240, minutes: 1 },
  api: { max: 60, minutes: 1 },
  export: { max: 30, minutes: 10 },
  sign_in: { max: 10, minutes: 1 },
  track: { max: 10, minutes: 1 },
  upload: { max: 60, minutes: 60 },
  draft: { max: 120, minutes: 60 },
  resume: { max: 20, minutes: 1 },
  message: { max: 30, minutes: 60 },
  subscribe: { max: 10, minutes: 60 },
  correction: { max: 10, minutes: 60 }
} as const satisfies Record<string, { max: number, minutes: number }>
export type LimitName = keyof typeof LIMITS

/**
 * Limits of what came of requests, counted by the route itself. A market hall, a service counter or a mobile carrier is one client:
 * beyond `usual` a complaint is kept apart for the clerk's eye, beyond `max` it has to wait. `everywhere`: of all clients together, which protects the database.
 */
const COUNTED = {
  submission: { usual: 5, max: 60, minutes: 60, everywhere: false },
  submissions: { usual: 1000, max: 3000, minutes: 60, everywhere: true },
  drafts: { usual: 5000, max: 20_000, minutes: 60, everywhere: true }
} as const
type CountedName = keyof typeof COUNTED
interface Used { unusual: boolean, full: boolean, seconds: number }

/** More clients than this at once are an attack on memory: those who came first are forgotten. */
const MOST = 50_000

/** One count for each limit and client; the plugin's own store counts each address of the portal apart, which multiplies a limit. */
class SharedStore implements FastifyRateLimitStore {
  readonly #spans = new Map<string, { current: number, until: number }>()

  incr (key: string, done: (error: Error | null, result?: { current: number, ttl: number }) => void, timeWindow = 60_000): void {
    const now = Date.now()
    const known = this.#spans.get(key)
    const span = known === undefined || known.until <= now ? { current: 0, until: now + timeWindow } : known
    span.current++
    if (span !== known) { this.#spans.delete(key); this.#spans.set(key, span) }
    if (this.#spans.size > MOST) this.#spans.delete(this.#spans.keys().next().value as string)
    done(null, { current: span.current, ttl: span.until - now })
  }

  /** How much a key has used, without counting. */
  used (key: string): { current: number, ttl: number } {
    const span = this.#spans.get(key)
    const now = Date.now()
    return span === undefined || span.until <= now ? { current: 0, ttl: 0 } : { current: span.current, ttl: span.until - now }
  }

  child (): FastifyRateLimitStore {
    return this
  }
}

/** Counts in memory under a keyed hash of the address: no address is kept, and a restart forgets all. */
export default fp<{ config: Config }>(async (app, { config }) => {
  const salt = { day: '', key: randomBytes(32) }
  // A salt for each day (security.md E-7): what is counted tonight cannot be tied to an address tomorrow.
  const nameOf = (limit: string, ip: string): string => {
    const day = localDate(app.now())
    if (day !== salt.day) Object.assign(salt, { day, key: randomBytes(32) })
    return createHmac('sha256', salt.key).update(`${limit} ${clientOf(ip)}`).digest('base64url')
  }
  const countedBy = (limit: CountedName, ip: string): string => nameOf(limit, COUNTED[limit].everywhere ? '' : ip)
  const results = new SharedStore()
  app.decorateRequest('usedOf', function (this: FastifyRequest, limit: CountedName) {
    const { current, ttl } = results.used(countedBy(limit, this.ip))
    const { usual, max } = COUNTED[limit]
    return { unusual: current >= usual * config.SUNLIT_RATE, full: current >= max * config.SUNLIT_RATE, seconds: Math.ceil(ttl / 1000) }
  })
  app.decorateRequest('countOne', function (this: FastifyRequest, limit: CountedName) {
    results.incr(countedBy(limit, this.ip), () => undefined, COUNTED[limit].minutes * 60_000)
  })
  // Before the plugin's own hook, which reads what this one sets.
  app.addHook('onRoute', route => {
    const limit = route.config?.limit
    if (limit === undefined) return
    const { max, minutes } = LIMITS[limit]
    route.config = { ...route.config, rateLimit: { max: max * config.SUNLIT_RATE, timeWindow: minutes * 60_000 } }
  })
  await app.register(rateLimit, {
    global: false,
    store: SharedStore,
    keyGenerator: request => nameOf(request.routeOptions.config.limit ?? '', request.ip),
    errorResponseBuilder: (_request, context) => new AppError('too_many_requests', { seconds: Math.ceil(context.ttl / 1000) })
  })
}, { name: 'rate-limit', dependencies: ['request'] })

/** One household or office behind IPv6 has a /64 of addresses: it counts as one client. */
export function clientOf (ip: string): string {
  if (!isIPv6(ip) || ip.includes('.')) return ip
  const [head = '', tail] = ip.split('::')
  const groups = head === '' ? [] : head.split(':')
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length)
  const all = [...groups, ...Array.from({ length: missing }, () => '0'), ...tail?.split(':') ?? []]
  return all.slice(0, 4).map(group => Number.parseInt(group, 16).toString(16)).join(':')
}
