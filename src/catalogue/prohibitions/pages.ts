import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { GROUNDS, groundsOf, type Ground, type GroundCode } from '../../domain/process/grounds.ts'
import { AppError } from '../../errors.ts'
import { ROUTES, type Locale } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { pageNumber, pagerOf, type Pager } from '../../pager.ts'
import { findProhibition, findPublishedAt, listMatters, listProhibitions, mattersByProhibition, type MatterLine, type ProhibitionRow } from './repository.ts'
import { ProhibitionParams, ProhibitionQuery } from './schema.ts'

/** A prohibition as it is read: `title` and `text` in the reader's language, the Chinese title beside; null where nothing is known. */
interface ProhibitionView { no: number, title: string | null, original: string | null, text: string | null, textLang: 'zh-CN' | null, status: ProhibitionRow['text_status'] }
interface GroundView { code: GroundCode, sources: readonly string[], unverified: readonly string[] }
interface SourceView { title: string, publishedOn: string | null, url: string | null }

declare module '../../views.ts' {
  interface Views {
    'catalogue/prohibitions/list': Frame & { items: ProhibitionView[], pending: number }
    'catalogue/prohibitions/show': Frame & {
      item: ProhibitionView, heading: string, source: SourceView | null, version: number, publishedAt: string | null, grounds: GroundView[]
      matters: MatterLine[], total: number, from: number, to: number, pager: Pager, previous: number | null, next: number | null
    }
  }
}

const MATTERS_A_PAGE = 20
const PENDING: ReadonlySet<ProhibitionRow['text_status']> = new Set(['title_only', 'unverified'])

/** The city's prohibitions: what is verified, what is only reported, and what waits for its wording. */
export async function prohibitions (app: App): Promise<void> {
  app.get(ROUTES.prohibitions, { config: { permission: 'public' } }, async (request, reply) => {
    const items = (await listProhibitions(app.db)).map(row => viewOf(row, request.locale))
    return await reply.page('catalogue/prohibitions/list', { title: request.t('prohibitions.title', { city: app.site[request.locale].cityName }), section: 'prohibitions', items, pending: items.filter(item => PENDING.has(item.status)).length })
  })

  app.get(ROUTES.prohibition, { schema: { params: ProhibitionParams, querystring: ProhibitionQuery }, config: { permission: 'public' } }, async (request, reply) => {
    const row = await findProhibition(app.db, Number(request.params.no))
    return await showProhibition(app, request, reply, { row, query: request.query })
  })
}

interface Asked { row: ProhibitionRow, query: { page?: string } }

async function showProhibition (app: App, request: FastifyRequest, reply: FastifyReply, { row, query }: Asked): Promise<string> {
  const list = await mattersOf(app, request, row.no, pageNumber(query.page))
  const heading = headingOf(request, row)
  const numbers = (await listProhibitions(app.db)).map(({ no }) => no)
  const at = numbers.indexOf(row.no)
  return await reply.page('catalogue/prohibitions/show', {
    title: heading,
    section: 'prohibitions',
    noindex: query.page !== undefined,
    breadcrumbs: [{ text: request.t('nav.prohibitions'), href: request.path('prohibitions') }, { text: request.t('prohibitions.number', { no: row.no }) }],
    register: { set: 'prohibitions', code: String(row.no) },
    item: viewOf(row, request.locale),
    heading,
    source: row.source_title === null ? null : { title: row.source_title, publishedOn: row.source_date, url: row.source_url },
    version: row.version,
    publishedAt: await findPublishedAt(app.db, row),
    grounds: groundsOf(row.no).map(groundView),
    ...list,
    previous: numbers[at - 1] ?? null,
    next: numbers[at + 1] ?? null
  })
}

async function mattersOf (app: App, request: FastifyRequest, no: number, page: number): Promise<{ matters: MatterLine[], total: number, from: number, to: number, pager: Pager }> {
  const ids = (await mattersByProhibition(app.db)).get(no) ?? []
  const pages = Math.max(1, Math.ceil(ids.length / MATTERS_A_PAGE))
  if (page > pages) throw new AppError('not_found')
  const from = (page - 1) * MATTERS_A_PAGE
  const shown = ids.slice(from, from + MATTERS_A_PAGE)
  const pager = pagerOf(page, pages, number => `${request.path('prohibition', [no], { page: number === 1 ? undefined : number })}#matters`)
  return { matters: await listMatters(app.db, shown), total: ids.length, from: from + 1, to: from + shown.length, pager }
}

function viewOf (row: ProhibitionRow, locale: Locale): ProhibitionView {
  const [title, text] = locale === 'en' ? [row.title_en ?? row.title, row.summary_en ?? row.summary] : [row.title, row.summary]
  return { no: row.no, title, original: row.title, text, textLang: text === row.summary ? 'zh-CN' : null, status: row.text_status }
}

function headingOf (request: FastifyRequest, row: ProhibitionRow): string {
  const { title } = viewOf(row, request.locale)
  return title === null ? request.t('prohibitions.heading_unknown', { no: row.no }) : request.t('prohibitions.heading', { no: row.no, title })
}

function groundView (code: GroundCode): GroundView {
  const ground: Ground = GROUNDS[code]
  return { code, sources: ground.sources, unverified: ground.unverified ?? [] }
}
