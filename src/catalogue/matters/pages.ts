import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { listQuery } from '../lists/definition.ts'
import { findCode } from '../lists/engine/find.ts'
import { showList } from '../lists/page.ts'
import { readWish } from '../lists/wish.ts'
import { MATTERS } from './list.ts'
import { describeRecord, type MatterView } from './record.ts'
import { findMatter, hasVersion, listSuccessors, successorOf, type MatterRecord } from './repository.ts'
import { MatterParams, MatterQuery } from './schema.ts'

declare module '../../views.ts' {
  interface Views {
    'catalogue/matters/show': Frame & MatterView
    'catalogue/matters/missing': Frame & { code: string, present?: number, successors?: string[] }
  }
}

/** The list of enforcement matters and the page of each. */
export async function matters (app: App): Promise<void> {
  app.get(ROUTES.matters, { schema: { querystring: listQuery(MATTERS) }, config: { permission: 'public', limit: 'search' } }, async (request, reply) => {
    const wish = readWish(MATTERS, request.query)
    const code = wish.page === 1 && Object.keys(wish.selection).length === 0 ? await findCode(app.db, MATTERS, wish.question.text) : null
    if (code !== null) return await reply.redirect(request.path('matter', [code]), 302)
    return await showList({ app, request, list: MATTERS, links: [{ label: request.t('benchmarks.title'), href: request.path('benchmarks') }, { label: request.t('exemptions.title'), href: request.path('exemptions') }, { label: request.t('check_fine.title'), href: request.path('checkFine') }] }, reply, wish)
  })

  app.get(ROUTES.matter, { schema: { params: MatterParams, querystring: MatterQuery }, config: { permission: 'public' } }, async (request, reply) => {
    const { code } = request.params
    const matter = await findMatter(app.db, code)
    return matter === undefined ? await showUnknown(app, request, reply, code) : await showMatter(app, request, reply, matter)
  })
}

/** A citation leads to its version, an old code to the matter that took its place, and an ended matter stays. */
async function showMatter (app: App, request: FastifyRequest<{ Querystring: MatterQuery }>, reply: FastifyReply, matter: MatterRecord): Promise<unknown> {
  const { code, version: present, status } = matter
  const { version } = request.query
  const next = status === 'repealed' ? await successorOf(app.db, code) : null
  if (version !== undefined && (version !== String(present) || next !== null)) {
    if (await hasVersion(app.db, matter.id, version)) return await reply.redirect(request.path('matterVersion', [code, version]), 302)
    return await reply.code(404).page('catalogue/matters/missing', { ...missing(request, 'matters.version_missing'), code, present })
  }
  if (next !== null) return await reply.redirect(request.path('matter', [next]), 302)
  return await reply.page('catalogue/matters/show', await describeRecord(app, request, matter))
}

async function showUnknown (app: App, request: FastifyRequest, reply: FastifyReply, code: string): Promise<unknown> {
  const known = await successorOf(app.db, code) ?? await findCode(app.db, MATTERS, code)
  if (known !== null && known !== code) return await reply.redirect(request.path('matter', [known]), 302)
  const successors = (await listSuccessors(app.db, code)).map(row => row.code)
  return await reply.code(404).page('catalogue/matters/missing', { ...missing(request, 'matters.missing'), code, successors })
}

const missing = (request: FastifyRequest, title: string): Frame => ({ title: request.t(title), section: 'matters', noindex: true, hideSearch: true })
