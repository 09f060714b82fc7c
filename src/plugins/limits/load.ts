import underPressure from '@fastify/under-pressure'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { lockWait } from '../../db/patience.ts'
import { AppError } from '../../errors.ts'
import { hashesWaiting } from '../../vault/passwords.ts'

/** Beyond these a form is not taken on: it comes back at once, with everything that was typed (security.md P-8). */
const MOST = { loopDelayMs: 1000, hashes: 60, lockWaitMs: 1000 } as const

/** A process that has just started was late with nothing but its own start. */
const STARTING_MS = 5000

const READS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Pages that cost next to nothing are served as long as the process breathes: they hold what people need in any case. */
function isCheap (request: FastifyRequest): boolean {
  return READS.has(request.method) && (request.routeOptions.config.cache === 'public' || request.routeOptions.config.permission === 'public')
}

/** Sheds load before anything of a request is worked on: when the event loop is late, when secrets queue to be hashed, when another process holds the database. */
export default fp(async app => {
  let readyAt = Infinity
  app.addHook('onReady', async () => { readyAt = performance.now() })
  await app.register(underPressure, {
    maxEventLoopDelay: MOST.loopDelayMs,
    pressureHandler: request => { if (!isCheap(request) && performance.now() - readyAt > STARTING_MS) throw new AppError('overloaded') }
  })
  app.addHook('onRequest', async request => {
    if (READS.has(request.method)) return
    if (hashesWaiting() > MOST.hashes) throw new AppError('overloaded')
    if (lockWait() > MOST.lockWaitMs) throw new AppError('database_busy')
  })
}, { name: 'load', dependencies: ['request'] })
