import type { App } from '../../app.ts'
import { SETS, sizeOf } from '../../catalogue/register/service.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { licenceOf } from '../datasets/service.ts'
import { LIMIT } from './schema.ts'

interface Parameter { name: string, text: string }

declare module '../../views.ts' {
  interface Views {
    'open/api/show': Frame & {
      base: string, intake: string, spec: string, most: number, licence: { name: string, url: string | null, verified: boolean }
      sets: Array<{ name: string, title: string, rows: number, address: string, href: string, parameters: Parameter[], dictionary: string }>
    }
  }
}

/** What the API is, for people: addresses, parameters and fields, read from the same definitions as the API itself. */
export async function apiPages (app: App): Promise<void> {
  app.get(ROUTES.api, { config: { permission: 'public' } }, async (request, reply) => await reply.page('open/api/show', {
    title: request.t('api.title'),
    description: request.t('api.lead'),
    breadcrumbs: [{ text: request.t('data.title'), href: request.path('data') }, { text: request.t('api.title') }],
    base: app.address('zh-CN', 'apiIndex'),
    intake: app.address('zh-CN', 'apiComplaints'),
    spec: request.path('apiSpec'),
    most: LIMIT.most,
    licence: licenceOf(app, request.locale),
    sets: await Promise.all(SETS.map(async set => ({
      name: set.name,
      title: request.t(`${set.words}.title`, { city: app.site[request.locale].cityName }),
      rows: await sizeOf(app.db, set),
      address: app.address('zh-CN', 'apiList', [set.name]),
      href: request.path('apiList', [set.name]),
      parameters: (set.list?.facets ?? []).map(facet => ({ name: facet.name, text: request.t(`facet.${facet.name}`) })),
      dictionary: request.path('dataset', [set.name])
    })))
  }))
}
