import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../app.ts'
import { setNamed } from '../../catalogue/register/service.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { FILE_FORMATS } from '../../catalogue/lists/definition.ts'
import { checksumOf, describeSet, describeSets, licenceOf, type Dataset } from './service.ts'

interface Row { title: string, href: string, rows: number, updatedAt: string | null, nextOn: string | null, freshness: string }

declare module '../../views.ts' {
  interface Views {
    'open/datasets/list': Frame & { sets: Row[], licence: { name: string, url: string | null, verified: boolean }, feed: string }
    'open/datasets/show': Frame & Row & {
      licence: { name: string, url: string | null, verified: boolean }, checksum: string | null, interval: { days: number, basis: string }
      fields: Array<{ key: string, name: string, type: string, codes: string | null }>
      files: Array<{ label: string, href: string }>, list: string, api: string, feed: string
    }
  }
}

/** What may be taken along: every set with its size, age, columns, terms, checksum and formats. */
export async function datasets (app: App): Promise<void> {
  app.get(ROUTES.data, { config: { permission: 'public' } }, async (request, reply) => await reply.page('open/datasets/list', {
    title: request.t('data.title'),
    description: request.t('data.lead'),
    sets: (await describeSets(app, app.now())).map(set => rowOf(app, request, set)),
    licence: licenceOf(app, request.locale),
    feed: request.path('feedAll'),
    feeds: [{ title: request.t('feed.all'), href: request.path('feedAll') }]
  }))

  app.get(ROUTES.dataset, { schema: { params: Type.Object({ set: Type.String({ maxLength: 60 }) }) }, config: { permission: 'public' } }, async (request, reply) => {
    const dataset = await describeSet(app, setNamed(request.params.set), app.now())
    const { set, interval } = dataset
    const row = rowOf(app, request, dataset)
    const checksum = await checksumOf(app.db, set, error => { app.log.error({ err: { type: error.name, message: error.message } }, 'checksum') })
    if (checksum === null) request.renderedFor = -1 // not to be kept: the next look may know it
    return await reply.page('open/datasets/show', {
      ...row,
      breadcrumbs: [{ text: request.t('data.title'), href: request.path('data') }, { text: row.title }],
      licence: licenceOf(app, request.locale),
      checksum,
      interval: { days: interval.days, basis: request.locale === 'en' ? interval.basisEn : interval.basis },
      fields: set.fields.map(field => ({ key: field.key, name: request.t(field.label), type: request.t(`data.type_${field.type}`), codes: field.words ?? null })),
      files: FILE_FORMATS.map(format => ({ label: request.t(`lists.format_${format}`), href: request.path('exportFile', [set.name, format]) })),
      list: request.path(set.route, set.params),
      api: request.path('apiList', [set.name]),
      feed: request.path('feedList', [set.name]),
      feeds: [{ title: row.title, href: request.path('feedList', [set.name]) }]
    })
  })
}

function rowOf (app: App, request: FastifyRequest, { set, rows, updatedAt, nextOn, freshness }: Dataset): Row {
  return { title: request.t(`${set.words}.title`, { city: app.site[request.locale].cityName }), href: request.path('dataset', [set.name]), rows, updatedAt, nextOn, freshness }
}
