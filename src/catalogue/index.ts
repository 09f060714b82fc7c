import type { App } from '../app.ts'
import { home } from './home/pages.ts'

/** The public register: no cookie, nothing about the visitor, so that any cache may keep its pages unless a route says otherwise. */
export async function catalogue (app: App): Promise<void> {
  app.addHook('onRoute', route => { route.config = { cache: 'public', ...route.config } })
  await app.register(home)
}
