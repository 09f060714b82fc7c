import type { App } from '../app.ts'

/** Complaining and tracking: private pages, never kept by a cache, never indexed. */
export async function complaints (app: App): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => { reply.header('x-robots-tag', 'noindex') })
}
