import type { FastifyReply, FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import type { App } from '../../app.ts'
import { AppError } from '../../errors.ts'
import { countsFrom, statuteStatus, type StatuteStatus } from '../../domain/law/statutes.ts'
import { isDate, localDate } from '../../domain/time/calendar.ts'
import { ROUTES } from '../../paths.ts'
import { pageNumber, pagerOf, slicePage, type Pager, type Span } from '../../pager.ts'
import type { Frame, Views } from '../../views.ts'
import { listsOfArticle, type ListGroup } from '../items/service.ts'
import { listIndustries } from '../industries/repository.ts'
import { officialName } from '../lists/labels.ts'
import { listQuery } from '../lists/definition.ts'
import { showList } from '../lists/page.ts'
import { readWish } from '../lists/wish.ts'
import { describeMatters, type MatterHit } from '../matters/list.ts'
import { paragraphsOf } from '../search/engine/snippet.ts'
import { STATUTES } from './list.ts'
import { countBefore, discretionByArticle, findArticle, findStatute, listIdsByArticle, listNeighbours, listStatutes, listTexts, type ArticleRecord, type Statute } from './repository.ts'
import { anchorOf, articleNo, askedArticle, type Link } from './service.ts'
import { ARTICLES_A_PAGE, describeText, repealOf, type Repealed, type StatuteView } from './text.ts'

const MATTERS_A_PAGE = 20

declare module '../../views.ts' {
  interface Views {
    'catalogue/law/show': StatuteView
    'catalogue/law/before': Frame & { statute: Statute, on: string, first: { date: string, href: string } }
    'catalogue/law/article': Frame & Span & { statute: Statute, status: StatuteStatus, repeal: Repealed | null, article: ArticleRecord, paragraphs: string[], previous: Link | null, next: Link | null, inStatute: string, lists: ListGroup[], discretion: Counted[], industries: Counted[], hits: MatterHit[], pager: Pager }
  }
}

const Text = Type.Optional(Type.String())
const Slug = Type.String({ maxLength: 200 })
const StatuteParams = Type.Object({ slug: Slug })
const StatuteQuery = Type.Object({ page: Text, article: Text, q: Text })
/** Whether there is such a day is asked of the calendar. */
const StatuteOnParams = Type.Object({ slug: Slug, date: Type.String({ maxLength: 20 }) })
/** 122, or 12-1 for 第十二条之一. */
const ArticleParams = Type.Object({ slug: Slug, article: Type.String({ pattern: '^[1-9][0-9]{0,3}(-[1-9][0-9]?)?$' }) })
const PageQuery = Type.Object({ page: Text })
type PageQuery = Static<typeof PageQuery>

/** The library of statutes: list, statute, statute on a day, article. */
export async function law (app: App): Promise<void> {
  app.get(ROUTES.law, { schema: { querystring: listQuery(STATUTES) }, config: { permission: 'public', limit: 'search' } }, async (request, reply) => {
    const empty = (await listStatutes(app.db)).length === 0
    return await showList({ app, request, list: STATUTES, intro: request.t(empty ? 'law.empty_text' : 'law.lead') }, reply, readWish(STATUTES, request.query))
  })

  app.get(ROUTES.statute, { schema: { params: StatuteParams, querystring: StatuteQuery }, config: { permission: 'public', limit: 'search' } }, async (request, reply) => {
    const statute = await findStatute(app.db, request.params.slug)
    const asked = askedArticle(request.query.article)
    const found = asked === null ? undefined : await findArticle(app.db, statute.id, asked.no, asked.sub)
    if (found !== undefined) return await reply.redirect(request.path('article', [statute.slug, articleNo(found)]), 302)
    return await reply.page('catalogue/law/show', await describeText(app, request, { statute, query: request.query }) as StatuteView)
  })

  app.get(ROUTES.statuteOn, { schema: { params: StatuteOnParams, querystring: StatuteQuery }, config: { permission: 'public', limit: 'search' } }, async (request, reply) => {
    const { slug, date } = request.params
    const statute = await findStatute(app.db, slug)
    if (!isDate(date)) throw new AppError('not_found', { date })
    const view = await describeText(app, request, { statute, query: request.query, on: date })
    return view === undefined ? await showBefore(app, request, reply, statute, date) : await reply.page('catalogue/law/show', view)
  })

  app.get(ROUTES.article, { schema: { params: ArticleParams, querystring: PageQuery }, config: { permission: 'public' } }, async (request, reply) => {
    const statute = await findStatute(app.db, request.params.slug)
    const [no = 0, sub = 0] = request.params.article.split('-').map(Number)
    const article = await findArticle(app.db, statute.id, no, sub)
    if (article === undefined) throw new AppError('not_found')
    return await reply.page('catalogue/law/article', await describeArticle(app, request, statute, article))
  })
}

/** A day before the first text that the register has: which one is the first. */
async function showBefore (app: App, request: FastifyRequest, reply: FastifyReply, statute: Statute, on: string) {
  const [first = statute] = await listTexts(app.db, statute.id)
  const date = countsFrom(first)
  return await reply.code(404).page('catalogue/law/before', {
    title: request.t('law.before'),
    noindex: true,
    breadcrumbs: [{ text: request.t('law.title'), href: request.path('law') }, { text: statute.name, lang: 'zh-CN', href: request.path('statute', [statute.slug]) }],
    statute,
    on,
    first: { date, href: request.path('statuteOn', [statute.slug, date]) }
  })
}

async function describeArticle (app: App, request: FastifyRequest<{ Querystring: PageQuery }>, statute: Statute, article: ArticleRecord): Promise<Views['catalogue/law/article']> {
  const ids = await listIdsByArticle(app.db, statute.law_key, article)
  const cut = slicePage(ids, pageNumber(request.query.page), MATTERS_A_PAGE)
  const neighbours = (await listNeighbours(app.db, statute.id, article.seq)).filter(neighbour => neighbour.article_no > 0)
  const before = await countBefore(app.db, statute.id, article.seq)
  const known = (await listStatutes(app.db)).find(row => row.id === statute.id)
  const linkTo = (seq: number): Link | null => {
    const row = neighbours.find(neighbour => neighbour.seq === seq)
    return row === undefined ? null : { label: row.label, href: request.path('article', [statute.slug, articleNo(row)]) }
  }
  return {
    title: request.t('law.article_title', { law: statute.name, article: article.label }),
    breadcrumbs: [{ text: request.t('law.title'), href: request.path('law') }, { text: statute.name, lang: 'zh-CN', href: request.path('statute', [statute.slug]) }, { text: article.label, lang: 'zh-CN' }],
    register: { set: 'statutes', code: statute.slug },
    statute,
    status: statuteStatus({ effective_on: statute.effective_on, repealed_on: known?.repealed_on ?? null }, localDate(app.now())),
    repeal: repealOf(request, known),
    article,
    paragraphs: paragraphsOf(article.body),
    previous: linkTo(article.seq - 1),
    next: linkTo(article.seq + 1),
    inStatute: `${request.path('statute', [statute.slug], { page: before < ARTICLES_A_PAGE ? '' : Math.floor(before / ARTICLES_A_PAGE) + 1 })}#${anchorOf(article)}`,
    lists: await listsOfArticle(app.db, request, statute, article),
    discretion: await discretionOf(app, request, statute, article),
    industries: await industriesOf(app, request, ids, `${statute.name.replace('中华人民共和国', '')}${article.label}`),
    hits: await describeMatters(app.db, cut.items, []),
    ...cut.span,
    pager: pagerOf(cut.page, cut.pages, to => request.path('article', [statute.slug, articleNo(article)], { page: to === 1 ? '' : to }))
  }
}

interface Counted { label: string, lang: string | undefined, count: number, href: string }

/** The trades that the matters resting on an article belong to, those with most of them first. */
async function industriesOf (app: App, request: FastifyRequest, ids: readonly number[], words: string): Promise<Counted[]> {
  if (ids.length === 0) return []
  const resting = new Set(ids)
  const counted = (await listIndustries(app.db)).map(industry => ({
    ...officialName(request, industry),
    count: [...industry.byCategory.values()].flat().filter(id => resting.has(id)).length,
    href: request.path('matters', [], { q: words, industry: industry.slug })
  }))
  return counted.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count)
}

/** Kinds of discretion that may rest on an article, each with its list; words at `import_kind.<list>`. */
const DISCRETION = [['benchmark', 'benchmarks'], ['exemption', 'exemptions']] as const

/** How many benchmarks and exemptions rest on an article, each with its list narrowed to them. */
async function discretionOf (app: App, request: FastifyRequest, statute: Statute, article: ArticleRecord): Promise<Counted[]> {
  const counts = await discretionByArticle(app.db)
  const words = `${statute.name.replace('中华人民共和国', '')}${article.label}`
  return DISCRETION.flatMap(([kind, route]) => {
    const count = counts[kind].get(`${statute.law_key} ${article.article_no}-${article.sub_no}`) ?? 0
    return count === 0 ? [] : [{ label: request.t(`import_kind.${route}`), lang: undefined, count, href: request.path(route, [], { q: words }) }]
  })
}
