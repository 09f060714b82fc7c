import Type from 'typebox'
import type { App } from '../../app.ts'
import { countAnchors, listAnchors } from '../../db/chain/anchors.ts'
import { pageNumber, pagerOf, type Pager } from '../../pager.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'

interface Row { day: string, seq: number, hash: string }

declare module '../../views.ts' {
  interface Views { 'open/anchors/list': Frame & { rows: Row[], keys: Array<{ id: string, href: string }>, total: number, from: number, to: number, pager: Pager } }
}

const SIZE = 50
/** All anchors of a century. */
const MOST = 40_000
const config = { permission: 'public', cache: 'none' } as const

/** What the audit chain was on each day, for everybody to keep (features.md B20): as a page and as a file. */
export async function anchors (app: App): Promise<void> {
  app.get(ROUTES.anchors, { schema: { querystring: Type.Object({ page: Type.Optional(Type.String({ maxLength: 20 })) }) }, config }, async (request, reply) => {
    const total = await countAnchors(app.db)
    const pages = Math.max(1, Math.ceil(total / SIZE))
    const page = Math.min(pageNumber(request.query.page), pages)
    const rows = await listAnchors(app.db, { limit: SIZE, offset: (page - 1) * SIZE })
    return await reply.page('open/anchors/list', {
      title: request.t('anchors.title'),
      breadcrumbs: [{ text: request.t('data.title'), href: request.path('data') }, { text: request.t('anchors.title') }],
      rows: rows.map(({ day, seq, hash }) => ({ day, seq, hash })),
      keys: app.keys.signing.published().map(({ id }) => ({ id, href: request.path('receiptKey', [id]) })),
      total,
      from: (page - 1) * SIZE + 1,
      to: (page - 1) * SIZE + rows.length,
      pager: pagerOf(page, pages, page => request.path('anchors', [], { page }))
    })
  })

  app.get(ROUTES.anchorFile, { config }, async (_request, reply) => {
    const rows = await listAnchors(app.db, { limit: MOST })
    const anchors = rows.map(({ day, seq, hash, at, key_id: key, signature }) => ({ day, seq, hash, at, key, signature }))
    return await reply.type('application/json; charset=utf-8').send(JSON.stringify({ signed: 'sunlit-anchor|day|seq|hash', algorithm: 'Ed25519', anchors }, null, 1))
  })
}
