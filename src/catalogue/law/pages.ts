import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { AppError } from '../../errors.ts'
import { ROUTES } from '../../paths.ts'
import { legislationData } from '../register/ld.ts'
import type { Frame, Views } from '../../views.ts'
import { readQuestion } from '../search/engine/query.ts'
import { paragraphsOf } from '../search/engine/snippet.ts'
import { pageNumber, pagerOf, slicePage, type Pager, type Span } from '../../pager.ts'
import { describeMatters, type MatterHit } from '../matters/list.ts'
import { listsOfArticle, type ListGroup } from '../items/service.ts'
import { countBefore, countMattersByArticle, findArticle, findStatute, listArticlePage, listChapters, listIdsByArticle, listNeighbours, listStatutes, type ArticleRecord } from './repository.ts'
import { ArticleParams, LawQuery, PageQuery, StatuteParams, StatuteQuery } from './schema.ts'
import { articleNo, askedArticle, findStatutes, levelLinks, statuteHit, type Link, type StatuteHit } from './service.ts'

const STATUTES_A_PAGE = 50
/** Long codes have 1,200 articles: a page of them stays below 60 KB. */
const ARTICLES_A_PAGE = 30
const MATTERS_A_PAGE = 20

type Statute = Awaited<ReturnType<typeof findStatute>>
interface ArticleView { label: string, href: string, paragraphs: string[], chapter: string | null, matters: number }

declare module '../../views.ts' {
  interface Views {
    'catalogue/law/list': Frame & Span & { words: string, empty: boolean, rows: StatuteHit[], levels: Link[], level: string, pager: Pager }
    'catalogue/law/show': Frame & { statute: Statute, chapters: Array<{ text: string, href: string }>, articles: ArticleView[], wanted: string | null, pager: Pager }
    'catalogue/law/article': Frame & Span & { statute: Statute, article: ArticleRecord, paragraphs: string[], previous: Link | null, next: Link | null, inStatute: string, lists: ListGroup[], hits: MatterHit[], pager: Pager }
  }
}

/** The library of statutes: list, statute, article. */
export async function law (app: App): Promise<void> {
  app.get(ROUTES.law, { schema: { querystring: LawQuery }, config: { permission: 'public', limit: 'search' } }, async (request, reply) =>
    await showLibrary(app, request, reply, request.query))

  app.get(ROUTES.statute, { schema: { params: StatuteParams, querystring: StatuteQuery }, config: { permission: 'public' } }, async (request, reply) => {
    const statute = await findStatute(app.db, request.params.slug)
    const asked = askedArticle(request.query.article)
    const found = asked === null ? undefined : await findArticle(app.db, statute.id, asked.no, asked.sub)
    if (found !== undefined) return await reply.redirect(request.path('article', [statute.slug, articleNo(found)]), 302)
    return await showStatute(app, request, reply, statute, request.query)
  })

  app.get(ROUTES.article, { schema: { params: ArticleParams, querystring: PageQuery }, config: { permission: 'public' } }, async (request, reply) => {
    const statute = await findStatute(app.db, request.params.slug)
    const [no = 0, sub = 0] = request.params.article.split('-').map(Number)
    const article = await findArticle(app.db, statute.id, no, sub)
    if (article === undefined) throw new AppError('not_found')
    return await reply.page('catalogue/law/article', await describeArticle(app, request, statute, article))
  })
}

async function showLibrary (app: App, request: FastifyRequest, reply: FastifyReply, query: LawQuery): Promise<string> {
  const question = readQuestion(query.q)
  const named = await findStatutes(app.db, question)
  const level = query.level ?? ''
  const cut = slicePage(named.filter(statute => level === '' || (statute.level ?? 'unknown') === level), pageNumber(query.page), STATUTES_A_PAGE)
  return await reply.page('catalogue/law/list', {
    title: question.text === '' ? request.t('law.title') : request.t('law.title_filtered', { what: question.text }),
    hideSearch: true,
    words: question.text,
    empty: (await listStatutes(app.db)).length === 0,
    rows: cut.items.map(statute => statuteHit(request, statute, question)),
    levels: levelLinks(request, named, question.text, level),
    level,
    ...cut.span,
    pager: pagerOf(cut.page, cut.pages, page => request.path('law', [], { q: question.text, level, page: page === 1 ? '' : page }))
  })
}

async function showStatute (app: App, request: FastifyRequest, reply: FastifyReply, statute: Statute, query: StatuteQuery): Promise<string> {
  const pages = Math.max(1, Math.ceil(statute.article_count / ARTICLES_A_PAGE))
  const page = Math.min(pageNumber(query.page), pages)
  const rows = await listArticlePage(app.db, statute.id, page, ARTICLES_A_PAGE)
  const counts = await countMattersByArticle(app.db, statute.law_key)
  const hrefOf = (number: number): string => request.path('statute', [statute.slug], { page: number === 1 ? '' : number })
  return await reply.page('catalogue/law/show', {
    title: page === 1 ? statute.name : request.t('law.title_page', { name: statute.name, page }),
    breadcrumbs: [{ text: request.t('law.title'), href: request.path('law') }, { text: statute.name, lang: 'zh-CN' }],
    register: { set: 'statutes', code: statute.slug },
    ld: legislationData(app, request, statute),
    statute,
    chapters: (await listChapters(app.db, statute.id)).slice(0, 60)
      .map(row => ({ text: row.chapter, href: `${hrefOf(Math.floor(row.before / ARTICLES_A_PAGE) + 1)}#${encodeURIComponent(row.label)}` })),
    articles: rows.map((row, at) => ({
      label: row.label,
      href: request.path('article', [statute.slug, articleNo(row)]),
      paragraphs: paragraphsOf(row.body),
      chapter: row.chapter === rows[at - 1]?.chapter ? null : row.chapter,
      matters: row.sub_no === 0 ? counts.get(row.article_no) ?? 0 : 0
    })),
    wanted: query.article === undefined ? null : query.article.slice(0, 20),
    pager: pagerOf(page, pages, hrefOf)
  })
}

async function describeArticle (app: App, request: FastifyRequest<{ Querystring: PageQuery }>, statute: Statute, article: ArticleRecord): Promise<Views['catalogue/law/article']> {
  const cut = slicePage(await listIdsByArticle(app.db, statute.law_key, article), pageNumber(request.query.page), MATTERS_A_PAGE)
  const neighbours = await listNeighbours(app.db, statute.id, article.seq)
  const before = await countBefore(app.db, statute.id, article.seq)
  const linkTo = (seq: number): Link | null => {
    const row = neighbours.find(neighbour => neighbour.seq === seq)
    return row === undefined ? null : { label: row.label, href: request.path('article', [statute.slug, articleNo(row)]) }
  }
  return {
    title: request.t('law.article_title', { law: statute.name, article: article.label }),
    breadcrumbs: [{ text: request.t('law.title'), href: request.path('law') }, { text: statute.name, lang: 'zh-CN', href: request.path('statute', [statute.slug]) }, { text: article.label, lang: 'zh-CN' }],
    statute,
    article,
    paragraphs: paragraphsOf(article.body),
    previous: linkTo(article.seq - 1),
    next: linkTo(article.seq + 1),
    inStatute: `${request.path('statute', [statute.slug], { page: before < ARTICLES_A_PAGE ? '' : Math.floor(before / ARTICLES_A_PAGE) + 1 })}#${encodeURIComponent(article.label)}`,
    lists: await listsOfArticle(app.db, request, statute, article),
    hits: await describeMatters(app.db, cut.items, []),
    ...cut.span,
    pager: pagerOf(cut.page, cut.pages, to => request.path('article', [statute.slug, articleNo(article)], { page: to === 1 ? '' : to }))
  }
}
