import fp from 'fastify-plugin'
import { sql } from 'kysely'
import { ROUTES } from '../paths.ts'
import { AppError } from '../errors.ts'

/** /healthz says that the process answers; /readyz that the database takes a write. Neither tells anything else. */
export default fp(async app => {
  let closing = false
  app.addHook('preClose', async () => { closing = true })
  app.get(ROUTES.healthz, { config: { permission: 'public' } }, async () => ({ status: 'ok' }))
  app.get(ROUTES.readyz, { config: { permission: 'public' } }, async () => {
    if (closing) throw new AppError('starting')
    await app.db.transaction().execute(async trx => {
      await sql`update setting set value = ${app.now()} where name = 'ready_probe'`.execute(trx)
    })
    return { status: 'ready' }
  })
}, { name: 'health', dependencies: ['errors'] })
