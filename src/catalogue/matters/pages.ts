import type { App } from '../../app.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { listQuery } from '../lists/definition.ts'
import { findCode } from '../lists/engine/find.ts'
import { showList } from '../lists/page.ts'
import { readWish } from '../lists/wish.ts'
import { MATTERS } from './list.ts'
import { describeRecord, type MatterView } from './record.ts'
import { findMatter } from './repository.ts'
import { MatterParams, MatterQuery } from './schema.ts'

declare module '../../views.ts' {
  interface Views {
    'catalogue/matters/show': Frame & MatterView
    'catalogue/matters/missing': Frame & { code: string, present?: number }
  }
}

/** The list of enforcement matters and the page of each. */
export async function matters (app: App): Promise<void> {
  app.get(ROUTES.matters, { schema: { querystring: listQuery(MATTERS) }, config: { permission: 'public', limit: 'search' } }, async (request, reply) => {
    const wish = readWish(MATTERS, request.query)
    const code = wish.page === 1 && Object.keys(wish.selection).length === 0 ? await findCode(app.db, MATTERS, wish.question.text) : null
    if (code !== null) return await reply.redirect(request.path('matter', [code]), 302)
    return await showList({ app, request, list: MATTERS }, reply, wish)
  })

  app.get(ROUTES.matter, { schema: { params: MatterParams, querystring: MatterQuery }, config: { permission: 'public' } }, async (request, reply) => {
    const { code } = request.params
    const matter = await findMatter(app.db, code)
    const { version } = request.query
    if (matter !== undefined && version !== undefined && version !== String(matter.version)) return await reply.code(404).page('catalogue/matters/missing', { title: request.t('matters.version_missing'), section: 'matters', noindex: true, hideSearch: true, code, present: matter.version })
    if (matter !== undefined) return await reply.page('catalogue/matters/show', await describeRecord(app, request, matter))
    const known = await findCode(app.db, MATTERS, code)
    if (known !== null && known !== code) return await reply.redirect(request.path('matter', [known]), 302)
    return await reply.code(404).page('catalogue/matters/missing', { title: request.t('matters.missing'), section: 'matters', noindex: true, hideSearch: true, code })
  })
}
