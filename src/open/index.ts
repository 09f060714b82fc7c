import type { App } from '../app.ts'
import { anchors } from './anchors/pages.ts'
import { api } from './api/api.ts'
import { apiPages } from './api/pages.ts'
import { datasets } from './datasets/pages.ts'
import { exports } from './exports/pages.ts'
import { feeds } from './feeds/pages.ts'
import { prints } from './prints/pages.ts'
import { subscriptions } from './subscriptions/pages.ts'
import { sitemaps } from './sitemaps/pages.ts'

/** The register for others to use: files, feeds, the API, what search engines read. The same bytes for everybody unless a route says otherwise. */
export async function open (app: App): Promise<void> {
  app.addHook('onRoute', route => { route.config = { cache: 'public', ...route.config } })
  for (const feature of [exports, api, apiPages, feeds, anchors, datasets, sitemaps, prints, subscriptions]) await app.register(feature)
}
