import { createHmac, randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Config } from '../../config.ts'
import { AppError } from '../../errors.ts'
import { clientOf } from '../rate-limit.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Counts one try at something that belongs to `subject`, wherever it comes from; throws too_many_requests. */
    countAttempt: (kind: AttemptKind, subject: string) => void
  }
  interface FastifyRequest {
    /** Throws too_many_requests while this client has to wait after its wrong tries, or while too many come from everywhere. */
    demandTry: (kind: GuessKind) => void
    /** A try was wrong: the next ones wait longer and longer. */
    countFailure: (kind: GuessKind) => void
  }
}

/** Tries per thing tried at, from all clients together: limits by address alone fall to changing addresses (security.md R-5). */
const ATTEMPTS = { receipt: { max: 25, minutes: 60 }, message: { max: 20, minutes: 60 }, draft_code: { max: 3000, minutes: 60 }, intake: { max: 600, minutes: 60 } } as const
type AttemptKind = keyof typeof ATTEMPTS

/** Wrong tries of one client that cost nothing, then how many seconds each further one waits; an hour without one forgets all. */
const GUESSES = { draft_code: { free: 5, waits: [5, 10, 20, 40, 80, 160, 300] } } as const
type GuessKind = keyof typeof GUESSES
const FORGOTTEN_MS = 3_600_000

/** More subjects than this at once are an attack on memory: the oldest are forgotten. */
const MOST = 50_000

function remember<T> (map: Map<string, T>, name: string, value: T): void {
  map.delete(name)
  map.set(name, value)
  if (map.size > MOST) map.delete(map.keys().next().value as string)
}

/** Counts in memory under keyed hashes: neither references nor addresses are kept. */
export default fp<{ config: Config }>(async (app, { config }) => {
  const key = randomBytes(32)
  const hashOf = (kind: string, subject: string): string => createHmac('sha256', key).update(`${kind} ${subject}`).digest('base64url')
  const tries = new Map<string, { count: number, until: number }>()
  const wrong = new Map<string, { count: number, at: number }>()

  app.decorate('countAttempt', (kind, subject) => {
    const { max, minutes } = ATTEMPTS[kind]
    const now = Date.parse(app.now())
    const name = hashOf(kind, subject)
    const known = tries.get(name)
    const entry = known === undefined || known.until <= now ? { count: 0, until: now + minutes * 60_000 } : known
    remember(tries, name, entry)
    if (++entry.count > max * config.SUNLIT_RATE) throw new AppError('too_many_requests', { seconds: Math.ceil((entry.until - now) / 1000) })
  })

  app.decorateRequest('demandTry', function (this: FastifyRequest, kind: GuessKind) {
    const { free, waits } = GUESSES[kind]
    const { count, at } = wrong.get(hashOf(kind, clientOf(this.ip))) ?? { count: 0, at: 0 }
    const wait = count < free * config.SUNLIT_RATE ? 0 : waits[Math.min(count - free * config.SUNLIT_RATE, waits.length - 1)] ?? 0
    const seconds = Math.ceil(wait - (Date.parse(app.now()) - at) / 1000)
    if (wait > 0 && seconds > 0) throw new AppError('too_many_requests', { seconds })
    app.countAttempt(kind, 'all') // only what is looked at: who has to wait anyway must not use up everybody's tries
  })

  app.decorateRequest('countFailure', function (this: FastifyRequest, kind: GuessKind) {
    const now = Date.parse(app.now())
    const name = hashOf(kind, clientOf(this.ip))
    const { count, at } = wrong.get(name) ?? { count: 0, at: now }
    remember(wrong, name, { count: now - at > FORGOTTEN_MS ? 1 : count + 1, at: now })
  })
}, { name: 'attempts' })
