import swagger from '@fastify/swagger'
import type { FastifyError } from 'fastify'
import Type from 'typebox'
import type { App } from '../../app.ts'
import { verify } from '../../catalogue/officers/service.ts'
import { SETS, sizeOf, type PublicSet } from '../../catalogue/register/service.ts'
import { siteAddress } from '../../config.ts'
import { AppError } from '../../errors.ts'
import { translate } from '../../i18n/index.ts'
import { ROUTES } from '../../paths.ts'
import { intake } from '../intake/routes.ts'
import { licenceOf } from '../datasets/service.ts'
import { Index, pageSchema, PROBLEMS, querySchema, recordSchema, Verification } from './schema.ts'
import { readOne, readPage, type Asked } from './service.ts'

const config = { permission: 'public', limit: 'api', cache: 'public' } as const
const Code = Type.Object({ code: Type.String({ minLength: 1, maxLength: 200 }) })
const at = (address: string, set: PublicSet): string => address.replace(':list', set.name)

/** The register for programs: read only, the fields of the public pages, described by the schemas that check it. */
export async function api (app: App): Promise<void> {
  app.addHook('onRequest', async request => { request.headers.accept = 'application/json' }) // failures too, whatever was asked for
  app.setErrorHandler<FastifyError>(async error => {
    const [violation] = error.validation ?? []
    if (violation === undefined) throw error
    const extra = violation.params['additionalProperty'] ?? violation.params['additionalProperties']
    throw new AppError('bad_parameter', { name: String(extra ?? violation.instancePath.split('/')[1] ?? '') })
  })
  await describe(app)
  for (const set of SETS) setRoutes(app, set)
  officerRoute(app)
  await app.register(intake)

  app.get(ROUTES.apiIndex, { schema: { operationId: 'index', tags: ['index'], summary: 'Everything that can be read here', response: { 200: { description: 'The sets', ...Index }, ...PROBLEMS } }, config }, async request => ({
    documentation: app.address(request.locale, 'api'),
    specification: app.address(request.locale, 'apiSpec'),
    licence: licenceOf(app, request.locale).name,
    sets: await Promise.all(SETS.map(async set => ({ name: set.name, title: titleOf(app, set), rows: await sizeOf(app.db, set), url: app.address(request.locale, 'apiList', [set.name]) })))
  }))

  app.get(ROUTES.apiSpec, { schema: { hide: true }, config }, async (_request, reply) => await reply.type('application/json; charset=utf-8').send(JSON.stringify(app.swagger())))

  // What is no set is nothing here, in the one shape of all failures.
  for (const address of [ROUTES.apiList, ROUTES.apiRecord]) app.get(address, { schema: { hide: true }, config }, async () => { throw new AppError('not_found') })
}

const titleOf = (app: App, set: PublicSet): string => translate('zh-CN', `${set.words}.title`, { city: app.site['zh-CN'].cityName })

function setRoutes (app: App, set: PublicSet): void {
  const tags = [set.name]
  const summary = translate('en', `${set.words}.title`, { city: app.site.en.cityName })
  app.get(at(ROUTES.apiList, set), {
    schema: { operationId: `list_${set.name.replaceAll('-', '_')}`, tags, summary, querystring: querySchema(set), response: { 200: { description: 'One page, in the order of codes', ...pageSchema(set) }, ...PROBLEMS } }, config
  }, async request => await readPage(app, set, request.locale, request.query as Asked))

  app.get(at(ROUTES.apiRecord, set), {
    schema: { operationId: `read_${set.name.replaceAll('-', '_')}`, tags, summary: `${summary}: one record`, params: Code, response: { 200: { description: 'The record as it is now', ...recordSchema(set) }, ...PROBLEMS } }, config
  }, async request => await readOne(app, set, request.locale, (request.params as { code: string }).code))
}

/** One officer at a time, by the whole number, as on the page: there is no list of officers. */
function officerRoute (app: App): void {
  app.get(ROUTES.apiOfficer, {
    schema: { operationId: 'verify_officer', tags: ['officers'], summary: 'Verify an officer by certificate number', params: Type.Object({ number: Type.String({ minLength: 4, maxLength: 40 }) }), response: { 200: { description: 'What the register says of this number', ...Verification }, ...PROBLEMS } },
    config: { permission: 'public', limit: 'lookup', cache: 'none' }
  }, async request => {
    const typed = request.params.number
    const verdict = await verify(app, typed.normalize('NFKC').replace(/\s/g, '').toUpperCase(), typed)
    const details = verdict.officer?.details ?? null
    return {
      status: verdict.status,
      checked_at: verdict.checkedAt,
      data_at: verdict.dataAt,
      fictional: verdict.officer?.fictional ?? false,
      officer: details === null ? null : { name: details.name, agency: details.agency, certificate_no: details.number }
    }
  })
}

async function describe (app: App): Promise<void> {
  const site = app.site.en
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: `${site.name}: open data`,
        version: '1.0.0',
        description: 'The public register of administrative enforcement, read only, and a door for complaints that other systems hand over with a key. Official texts are Chinese. At most 60 requests a minute from one address. Every answer carries an ETag: ask again with If-None-Match.',
        contact: { name: site.bureauName, url: app.address('en', 'about') },
        license: { name: licenceOf(app, 'en').name, url: licenceOf(app, 'en').url ?? app.address('en', 'data') }
      },
      servers: [{ url: siteAddress(app.config) }],
      security: [],
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'A key that the bureau issues to a system' } } },
      tags: [...new Set(['index', ...SETS.map(set => set.name), 'officers', 'complaints'])].map(name => ({ name, description: name === 'index' ? 'What there is' : name }))
    },
    hideUntagged: true
  })
}
