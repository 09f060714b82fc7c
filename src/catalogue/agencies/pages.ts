import Type from 'typebox'
import type { App } from '../../app.ts'
import { ROUTES } from '../../paths.ts'
import { listQuery } from '../lists/definition.ts'
import { showList } from '../lists/page.ts'
import { readWish } from '../lists/wish.ts'
import { AGENCIES } from './list.ts'
import { describeAgency, type AgencyView } from './record.ts'
import { findAgency } from './repository.ts'

declare module '../../views.ts' {
  interface Views {
    'catalogue/agencies/show': AgencyView
  }
}

/** The enforcement agencies: list and page of each. */
export async function agencies (app: App): Promise<void> {
  app.get(ROUTES.agencies, { schema: { querystring: listQuery(AGENCIES) }, config: { permission: 'public', limit: 'search' } }, async (request, reply) =>
    await showList({ app, request, list: AGENCIES, intro: request.t('agencies.lead') }, reply, readWish(AGENCIES, request.query)))

  app.get(ROUTES.agency, { schema: { params: Type.Object({ slug: Type.String({ maxLength: 200 }) }) }, config: { permission: 'public' } }, async (request, reply) =>
    await reply.page('catalogue/agencies/show', await describeAgency(app, request, await findAgency(app.db, request.params.slug))))
}
