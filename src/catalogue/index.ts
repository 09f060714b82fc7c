import type { App } from '../app.ts'
import { about } from './about/pages.ts'
import { agencies } from './agencies/pages.ts'
import { codes } from './codes/pages.ts'
import { changes } from './changes/pages.ts'
import { corrections } from './corrections/pages.ts'
import { decisions } from './decisions/pages.ts'
import { door } from './door/pages.ts'
import { benchmarks } from './benchmarks/pages.ts'
import { checkFine } from './check-fine/pages.ts'
import { exemptions } from './exemptions/pages.ts'
import { facets } from './facets/pages.ts'
import { guide } from './guide/pages.ts'
import { home } from './home/pages.ts'
import { industries } from './industries/pages.ts'
import { items } from './items/pages.ts'
import { law } from './law/pages.ts'
import { matters } from './matters/pages.ts'
import { writeMissesInTime } from './misses/service.ts'
import { officers } from './officers/pages.ts'
import { prohibitions } from './prohibitions/pages.ts'
import { publication } from './publication/pages.ts'
import { search } from './search/pages.ts'
import { standard } from './standard/pages.ts'
import { versions } from './versions/pages.ts'

/** The public register: no cookie, nothing about the visitor, so that any cache may keep its pages unless a route says otherwise. */
export async function catalogue (app: App): Promise<void> {
  app.addHook('onRoute', route => { route.config = { cache: 'public', ...route.config } })
  app.addHook('preValidation', async request => { keepFirst(request.query as Record<string, unknown>) })
  for (const feature of [home, matters, benchmarks, exemptions, checkFine, versions, changes, search, facets, agencies, law, items, officers, codes, door, prohibitions, decisions, publication, industries, guide, standard, about]) await app.register(feature)
  await app.register(corrections)
  writeMissesInTime(app)
}

/** What a page takes once counts as it was said first; only filters may be said several times. */
function keepFirst (query: Record<string, unknown>): void {
  for (const name of ['q', 'type', 'sort', 'per', 'page', 'letter']) {
    const value = query[name]
    if (Array.isArray(value)) query[name] = value[0]
  }
}
