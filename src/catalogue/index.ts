import type { App } from '../app.ts'
import { home } from './home/pages.ts'

/** The public register: no cookie, nothing about the visitor, so that any cache may keep its pages. */
export async function catalogue (app: App): Promise<void> {
  app.addHook('onSend', async (_request, reply, payload) => {
    if (reply.statusCode === 200 && reply.getHeader('cache-control') === 'no-store') reply.header('cache-control', 'public, max-age=60')
    return payload
  })
  await app.register(home)
}
