import type { App } from '../app.ts'

/** The staff desk: every page needs a signed-in person with the right; never kept by a cache, never indexed. */
export async function desk (app: App): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => { reply.header('x-robots-tag', 'noindex, nofollow') })
}
