import type { App } from '../app.ts'
import { itemPages } from './items/pages.ts'
import { statementPages } from './statements/pages.ts'

/** The features of this wing, each with its own routes. */
const FEATURES = [
  itemPages,
  statementPages
]

/** The supervised agencies' side: their people see what was sent to their agency and answer it; never who complained. Never kept by a cache, never indexed. */
export async function agency (app: App): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => { reply.header('x-robots-tag', 'noindex, nofollow') })
  app.addHook('onRequest', async (request, reply) => {
    if (request.actor?.passwordTemporary !== true) return
    return await reply.redirect(request.path('password'), 303)
  })
  for (const feature of FEATURES) await app.register(feature)
}
