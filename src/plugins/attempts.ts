import { createHmac, randomBytes } from 'node:crypto'
import fp from 'fastify-plugin'
import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Counts one try at a secret that belongs to `subject`, wherever it comes from; throws too_many_requests. */
    countAttempt: (kind: AttemptKind, subject: string) => void
  }
}

/** Tries per thing tried at, from all clients together: limits by address alone fall to changing addresses (security.md R-5). */
const ATTEMPTS = { receipt: { max: 25, minutes: 60 } } as const
type AttemptKind = keyof typeof ATTEMPTS

/** More subjects than this at once are an attack on memory: the oldest are forgotten. */
const MOST = 50_000

export default fp<{ config: Config }>(async (app, { config }) => {
  const key = randomBytes(32)
  const tries = new Map<string, { count: number, until: number }>()
  app.decorate('countAttempt', (kind, subject) => {
    const { max, minutes } = ATTEMPTS[kind]
    const now = Date.parse(app.now())
    const name = createHmac('sha256', key).update(`${kind} ${subject}`).digest('base64url')
    const known = tries.get(name)
    const entry = known === undefined || known.until <= now ? { count: 0, until: now + minutes * 60_000 } : known
    tries.delete(name)
    tries.set(name, entry)
    if (tries.size > MOST) tries.delete(tries.keys().next().value as string)
    if (++entry.count > max * config.SUNLIT_RATE) throw new AppError('too_many_requests', { seconds: Math.ceil((entry.until - now) / 1000) })
  })
}, { name: 'attempts' })
