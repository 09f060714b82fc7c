import type { FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { countsFrom, statuteStatus, textOn, type StatuteStatus } from '../../domain/law/statutes.ts'
import { localDate } from '../../domain/time/calendar.ts'
import { formatDate } from '../../i18n/format.ts'
import { pageNumber, pagerOf, slicePage, type Pager, type Span } from '../../pager.ts'
import type { Query } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { countByArticle } from '../items/repository.ts'
import { legislationData } from '../register/ld.ts'
import { readQuestion } from '../search/engine/query.ts'
import { highlight, holdsAll, paragraphsOf, type Piece } from '../search/engine/snippet.ts'
import { chaptersOf, countMattersByArticle, findTextArticles, listArticles, listStatutes, listTexts, type Statute, type StatuteRow, type TextArticle } from './repository.ts'
import { anchorOf, articleNo, type Link } from './service.ts'

/** Long codes have 1,200 articles: a page of them stays below 60 KB. */
export const ARTICLES_A_PAGE = 30

interface ArticleView { id: string, label: string, href: string | null, paragraphs: Piece[][], chapter: string | null, matters: number, items: number, change: 'changed' | 'gone' | null }
interface Fact { key: string, value?: string, lang?: string, href?: string, unverified?: boolean }
/** One text of a statute: from when it counts, and what made it. */
interface TextLink { label: string, href: string, current: boolean, counts: string, note: string | null }

export interface Repealed { by: string, href: string, on: string }

export interface StatuteView extends Frame, Span {
  statute: Pick<Statute, 'name' | 'slug' | 'level' | 'history' | 'source' | 'version' | 'updated_at'>
  status: StatuteStatus | 'superseded'
  repeal: Repealed | null
  /** what is read here is not what counts today */
  instead: { date: string, href: string } | null
  facts: Fact[]
  texts: TextLink[]
  chapters: Link[]
  articles: ArticleView[]
  wanted: string | null
  action: string
  words: string
  /** how many articles hold the words; null when none were typed */
  found: number | null
  clear: string
  pager: Pager
}

interface Text { text_date: string, effective_on: string | null, amended_by: string | null, article_count: number }
/** `q`: words to look for in the statute; `article`: what was asked for and is not there. */
interface StatuteQuery { page?: string, article?: string, q?: string }
export interface AskedText { statute: Statute, query: StatuteQuery, on?: string }

/** The page of a statute: its latest text, or with `on` the text that counted on that day. Undefined when there was none yet. */
export async function describeText (app: App, request: FastifyRequest, { statute, query, on }: AskedText): Promise<StatuteView | undefined> {
  const texts: Text[] = [...await listTexts(app.db, statute.id), statute]
  const today = localDate(app.now())
  const text = on === undefined ? statute : textOn(texts, on)
  if (text === undefined) return undefined
  const latest = text.text_date === statute.text_date
  const present = await listArticles(app.db, statute.id)
  const articles = latest ? present : await findTextArticles(app.db, statute.id, text.text_date)
  const address = (change: Query): string => on === undefined ? request.path('statute', [statute.slug], change) : request.path('statuteOn', [statute.slug, on], change)
  const known = (await listStatutes(app.db)).find(row => row.id === statute.id)
  const counting = textOn(texts, today)
  const state = latest ? statuteStatus({ effective_on: statute.effective_on, repealed_on: known?.repealed_on ?? null }, today) : 'superseded'
  return {
    ...frameOf(request, statute, on, pageNumber(query.page)),
    register: { set: 'statutes', code: statute.slug },
    ld: legislationData(app, request, { ...statute, text_date: text.text_date }),
    statute,
    status: state,
    repeal: repealOf(request, known),
    instead: counting === undefined || counting.text_date === text.text_date ? null : { date: counting.text_date, href: textHref(request, statute, counting) },
    facts: factsOf(request, statute, text),
    texts: texts.length === 1 ? [] : texts.toReversed().map(row => textLink(request, statute, row, text)),
    wanted: query.article === undefined ? null : query.article.slice(0, 20),
    ...await articlesOf(app, request, { statute, articles, present: latest ? null : present, query, address })
  }
}

function frameOf (request: FastifyRequest, statute: Statute, on: string | undefined, page: number): Frame {
  const name = on === undefined ? statute.name : request.t('law.title_on', { name: statute.name, date: formatDate(request.locale, on) })
  return {
    title: page === 1 ? name : request.t('law.title_page', { name, page }),
    noindex: on !== undefined,
    breadcrumbs: [{ text: request.t('law.title'), href: request.path('law') }, { text: statute.name, lang: 'zh-CN', ...on === undefined ? {} : { href: request.path('statute', [statute.slug]) } }, ...on === undefined ? [] : [{ text: formatDate(request.locale, on) }]]
  }
}

/** By what a statute was repealed, with a way there; null while it stands. */
export function repealOf (request: FastifyRequest, statute: StatuteRow | undefined): Repealed | null {
  if (statute === undefined || statute.repealed_by === null || statute.repealed_on === null) return null
  const { name, article, slug } = statute.repealed_by
  return { by: `《${name}》${article ?? ''}`, href: request.path('statute', [slug]), on: statute.repealed_on }
}

/** The latest text has the statute's own address; the others that of the day from which they count. */
function textHref (request: FastifyRequest, statute: Statute, text: Text): string {
  return text.text_date === statute.text_date ? request.path('statute', [statute.slug]) : request.path('statuteOn', [statute.slug, countsFrom(text)])
}

function textLink (request: FastifyRequest, statute: Statute, text: Text, shown: Text): TextLink {
  return { label: formatDate(request.locale, text.text_date), href: textHref(request, statute, text), current: text.text_date === shown.text_date, counts: formatDate(request.locale, countsFrom(text)), note: text.amended_by }
}

function factsOf (request: FastifyRequest, statute: Statute, text: Text): Fact[] {
  const official = request.locale === 'en' ? { lang: 'zh-CN' } : {}
  const said = (key: string, value: string | null): Fact => value === null ? { key: request.t(key), value: '', unverified: true } : { key: request.t(key), value, ...official }
  const since = text.effective_on === null ? said('law.effective', null) : { key: request.t('law.effective'), value: formatDate(request.locale, text.effective_on) }
  return [
    statute.level === null ? said('law.level', null) : { key: request.t('law.level'), value: request.t(`basis_level.${statute.level}`) },
    said('law.issuer', statute.issuer),
    ...statute.doc_no === null ? [] : [said('law.doc_no', statute.doc_no)],
    since,
    ...text.amended_by === null ? [] : [said('law.amended', text.amended_by)],
    { key: request.t('law.text'), value: formatDate(request.locale, text.text_date) }
  ]
}

interface Articles { statute: Statute, articles: TextArticle[], present: TextArticle[] | null, query: StatuteQuery, address: (change: Query) => string }

/** One page of articles: all of them, or those that hold the words. */
async function articlesOf (app: App, request: FastifyRequest, { statute, articles, present, query, address }: Articles) {
  const { text: words, runs } = readQuestion(query.q)
  const asked = words !== ''
  const found = asked ? runs.length === 0 ? [] : articles.filter(article => holdsAll(`${article.label}${article.body}`, runs)) : articles
  const cut = slicePage(found, pageNumber(query.page), ARTICLES_A_PAGE)
  const counts = present === null ? { matters: await countMattersByArticle(app.db, statute.law_key), items: await countByArticle(app.db, statute.law_key) } : null
  const now = present === null ? null : new Map(present.map(article => [anchorOf(article), article.body]))
  return {
    chapters: asked ? [] : chaptersOf(articles).slice(0, 60).map(({ chapter, before, first }) => ({ label: chapter, href: `${address({ page: before < ARTICLES_A_PAGE ? '' : Math.floor(before / ARTICLES_A_PAGE) + 1 })}#${anchorOf(first)}` })),
    articles: cut.items.map((article, at): ArticleView => ({
      id: anchorOf(article),
      label: article.label,
      href: present !== null || article.article_no === 0 ? null : request.path('article', [statute.slug, articleNo(article)]),
      paragraphs: paragraphsOf(article.body).map(paragraph => highlight(paragraph, asked ? runs : [])),
      chapter: article.chapter === cut.items[at - 1]?.chapter ? null : article.chapter,
      matters: article.sub_no === 0 ? counts?.matters.get(article.article_no) ?? 0 : 0,
      items: article.sub_no === 0 ? counts?.items.get(article.article_no) ?? 0 : 0,
      change: now === null ? null : changeOf(article, now)
    })),
    action: address({}),
    words,
    found: asked ? found.length : null,
    clear: address({}),
    ...cut.span,
    pager: pagerOf(cut.page, cut.pages, page => address({ q: words, page: page === 1 ? '' : page }))
  }
}

/** Whether the latest text has the same article otherwise, or no longer. */
function changeOf (article: TextArticle, now: ReadonlyMap<string, string>): ArticleView['change'] {
  const body = now.get(anchorOf(article))
  if (body === undefined) return 'gone'
  return body === article.body ? null : 'changed'
}
