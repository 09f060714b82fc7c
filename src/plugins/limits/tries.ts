import { createHmac, randomBytes } from 'node:crypto'
import fp from 'fastify-plugin'
import type { Config } from '../../config.ts'
import { appendAudit } from '../../db/audit.ts'
import { clientOf } from '../rate-limit.ts'

/** One try at a query code: how long to wait instead of looking at it (0: look), and what to say when it was right. */
export interface Try { waitSeconds: number, succeed: () => void }

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Begins a try of a client at the query code of a receipt. It counts as failed until it succeeds, so that a hundred at once are heard no more often than one
     * after the other. While one has to wait nothing is looked at, the right secret neither.
     */
    tryCode: (subject: string, ip: string) => Try
  }
}

/** Tries that cost nothing, and how many seconds the next ones wait; never longer, or strangers could keep somebody out (features.md I17). */
const FREE_TRIES = 5
const WAITS = [5, 10, 20, 40, 60] as const
const HOUR = 3_600_000
/** So many tries of one client at one receipt in an hour (security.md R-5). */
const MOST_OF_ONE = 25
/** So many failures in so many minutes are an attack, of which the log of the house is told (security.md R-5). */
const ALARM = { failures: 200, minutes: 10 } as const

/** More subjects than this at once are an attack on memory: the oldest are forgotten. */
const MOST = 50_000

interface Failures { count: number, at: number }

/** Failures by name; what lies more than an hour back is forgotten. */
class Counts {
  readonly #known = new Map<string, Failures>()

  read (name: string, now: number): Failures {
    const known = this.#known.get(name)
    return known === undefined || now - known.at > HOUR ? { count: 0, at: 0 } : known
  }

  add (name: string, now: number): void {
    const { count } = this.read(name, now)
    this.#known.delete(name)
    this.#known.set(name, { count: count + 1, at: now })
    if (this.#known.size > MOST) this.#known.delete(this.#known.keys().next().value as string)
  }

  forget (name: string): void {
    this.#known.delete(name)
  }

  takeBack (name: string): void {
    const known = this.#known.get(name)
    if (known !== undefined) known.count--
  }
}

export default fp<{ config: Config }>(async (app, { config }) => {
  const rate = config.SUNLIT_RATE
  const key = randomBytes(32)
  const hidden = (name: string): string => createHmac('sha256', key).update(name).digest('base64url')
  const spans = new Map<string, { count: number, until: number }>()
  const failures = new Counts()
  const alarm = { count: 0, until: 0 }

  /** Seconds until a span of tries ends that are used up; 0 while some are left. Counts one. */
  function used (name: string, now: number): number {
    const known = spans.get(name)
    const span = known === undefined || known.until <= now ? { count: 0, until: now + HOUR } : known
    spans.delete(name)
    spans.set(name, span)
    if (spans.size > MOST) spans.delete(spans.keys().next().value as string)
    return ++span.count > MOST_OF_ONE * rate ? Math.ceil((span.until - now) / 1000) : 0
  }

  function waitOf (name: string, now: number): number {
    const { count, at } = failures.read(name, now)
    if (count < FREE_TRIES * rate) return 0
    const wait = WAITS[Math.min(count - FREE_TRIES * rate, WAITS.length - 1)] ?? 0
    return Math.max(0, Math.ceil(wait - (now - at) / 1000))
  }

  function ring (now: number): void {
    if (alarm.until <= now) Object.assign(alarm, { count: 0, until: now + ALARM.minutes * 60_000 })
    if (++alarm.count !== ALARM.failures * rate) return
    app.log.warn({ failures: alarm.count, minutes: ALARM.minutes }, 'many wrong query codes')
    app.db.transaction().execute(async trx => {
      await appendAudit(trx, app.keys.audit, { at: app.now(), actorId: null, role: 'system', action: 'receipt.attacked', subject: '', result: 'refused', requestId: '' })
    }).catch((error: Error) => { app.log.error({ err: { type: error.name, message: error.message } }, 'audit') })
  }

  app.decorate('tryCode', (subject, ip) => {
    const now = Date.parse(app.now())
    const [thing, client] = [hidden(`thing ${subject}`), hidden(`client ${clientOf(ip)}`)]
    const waitSeconds = Math.max(waitOf(thing, now), waitOf(client, now)) || used(hidden(`both ${subject} ${clientOf(ip)}`), now)
    if (waitSeconds > 0) return { waitSeconds, succeed: () => undefined }
    for (const name of [thing, client]) failures.add(name, now)
    ring(now)
    return { waitSeconds, succeed: () => { failures.forget(thing); failures.takeBack(client); alarm.count-- } }
  })
}, { name: 'tries' })
