import fp from 'fastify-plugin'
import { sql } from 'kysely'
import { findMissingYear } from '../db/reckoner.ts'
import { ROUTES } from '../paths.ts'
import { AppError } from '../errors.ts'

/** Whoever asks more often gets the last answer: each try costs a write to the disk. */
const PROBE_MS = 1000

/** /healthz says that the process answers; /readyz that the database takes a write, and warns when the holidays of a year are missing. Neither tells anything else. */
export default fp(async app => {
  let closing = false
  let writtenAt = -Infinity
  let ready: { status: string, warnings?: string[] } = { status: 'ready' }
  app.addHook('preClose', async () => { closing = true })
  app.get(ROUTES.healthz, { config: { permission: 'public' } }, async () => ({ status: 'ok' }))
  app.get(ROUTES.readyz, { config: { permission: 'public' } }, async () => {
    if (closing) throw new AppError('starting')
    if (performance.now() - writtenAt < PROBE_MS) return ready
    await app.db.transaction().execute(async trx => {
      await sql`update setting set value = ${app.now()} where name = 'ready_probe'`.execute(trx)
    })
    const missing = await findMissingYear(app.db, app.now())
    ready = { status: 'ready', ...missing === null ? {} : { warnings: [`calendar_${missing}_missing`] } }
    writtenAt = performance.now()
    return ready
  })
}, { name: 'health', dependencies: ['errors'] })
