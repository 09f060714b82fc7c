import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { pagerOf, type Pager, type Span } from '../../pager.ts'
import type { Frame, Views } from '../../views.ts'
import { registerNames } from '../agencies/repository.ts'
import { noteMiss } from '../misses/service.ts'
import { readQuestion } from '../search/engine/query.ts'
import { meantWords, suggestWords, type Suggestion } from '../search/service.ts'
import { findAlternatives } from '../search/synonyms.ts'
import { FILE_FORMATS, type RegisterList } from './definition.ts'
import { findInList, type Found, type Wish } from './engine/find.ts'
import { FEW } from './matching/hits.ts'
import { chipViews, facetViews, sizeViews, sortViews, type FacetView, type Link } from './panel.ts'
import { addressOf, keptFields, wishQuery } from './wish.ts'

type Try = Suggestion & { href: string }
interface Help { drops: Array<Link & { count: number }>, unworded: { count: number, href: string } | null, tries: Try[], wordless: boolean }

declare module '../../views.ts' {
  interface Views {
    'catalogue/lists/show': Frame & Span & {
      heading: string, intro: string | null, links: Link[], action: string, searchLabel: string, searchHint: string, words: string, shortened: boolean, hits: Array<{ partial: string, hit: unknown }>, many: boolean
      facets: FacetView[], keep: Array<{ name: string, value: string }>, chips: Link[], clear: string
      sorts: Link[], sizes: Link[], pager: Pager, help: Help | null, meant: Try[], near: string | null, instead: Try[], formats: Link[], follow: Link[]
    }
  }
}

export interface ListParts { app: App, request: FastifyRequest, list: RegisterList, title?: string, intro?: string, links?: Link[] }

/** The page of a list: search, filters with counts, orders, one page of hits, and ways out where nothing was found. */
export async function showList (parts: ListParts, reply: FastifyReply, wish: Wish, frame: Partial<Frame> = {}): Promise<string> {
  return await reply.page('catalogue/lists/show', { ...await describeList(parts, wish), ...frame })
}

async function describeList ({ app, request, list, title, intro, links = [] }: ListParts, wish: Wish): Promise<Views['catalogue/lists/show']> {
  const names = await registerNames(app.db)
  const found = await findInList(app.db, list, wish)
  const chips = chipViews(request, names, list, wish)
  const { text, runs, shortened } = wish.question
  const few = text !== '' && chips.length === 0 && found.exact < FEW
  const instead = few ? await findAlternatives(app.db, list, text) : []
  if (few && found.total === 0) noteMiss(app.db, text)
  const help = found.total === 0 ? await helpOf(app, request, list, wish, found) : null
  const heading = title ?? request.t(`${list.words}.title`)
  return {
    title: titleOf(request, heading, wish, chips, found.page),
    heading,
    intro: intro ?? null,
    links,
    ...list.section === undefined ? {} : { section: list.section },
    hideSearch: true,
    noindex: chips.length > 0 || text !== '',
    action: addressOf(request, list, { ...wish, question: readQuestion(''), selection: {}, sort: 'relevance', per: 20 }),
    searchLabel: request.t(`${list.words}.search`),
    searchHint: request.t(`${list.words}.search_hint`),
    words: text,
    shortened,
    hits: (await list.describe(app.db, found.ids, marksOf(runs, found))).map(hit => ({ partial: list.hit, hit })),
    ...spanOf(found, wish.per),
    many: found.many,
    facets: facetViews(request, names, list, wish, found),
    keep: keptFields(wish),
    chips,
    clear: addressOf(request, list, { ...wish, selection: {} }),
    sorts: sortViews(request, list, wish),
    sizes: sizeViews(request, list, wish),
    pager: pagerOf(found.page, found.pages, page => addressOf(request, list, wish, { page: page === 1 ? '' : page })),
    ...outputsOf(request, list, wish),
    meant: found.exact === 0 && found.readings.length === 0 ? await meantIn(app, request, list, wish, help) : [],
    near: nearWords(request, text, found),
    instead: instead.map(({ words, count }) => ({ words, count, href: addressOf(request, list, wish, { q: words }) })),
    help
  }
}

/** What was perhaps meant, unless the help names it already. */
async function meantIn (app: App, request: FastifyRequest, list: RegisterList, wish: Wish, help: Help | null): Promise<Try[]> {
  const meant = (await meantWords(app.db, list, wish.question)).filter(({ words }) => help?.tries.some(other => other.words === words) !== true)
  return meant.map(other => ({ ...other, href: addressOf(request, list, wish, { q: other.words }) }))
}

/** The same list as a file, for programs and as a feed. */
function outputsOf (request: FastifyRequest, list: RegisterList, wish: Wish): Pick<Views['catalogue/lists/show'], 'formats' | 'follow' | 'feeds'> {
  const query = { ...wishQuery(wish), per: '' }
  const feed = request.path('feedList', [list.name], query)
  return {
    formats: FILE_FORMATS.map(format => ({ label: request.t(`lists.format_${format}`), href: request.path('exportFile', [list.name, format], query) })),
    follow: [{ label: request.t('lists.follow_feed'), href: feed }, { label: request.t('ui.subscribe'), href: request.path('subscriptions', [], { set: list.name, ...query }) }, { label: request.t('lists.follow_data'), href: request.path('dataset', [list.name]) }],
    feeds: [{ title: request.t(`${list.words}.title`), href: feed }]
  }
}

function spanOf ({ total, page, ids }: Found, per: number): Span {
  const before = (page - 1) * per
  return { total, from: before + 1, to: before + ids.length }
}

/** What is marked in the hits: the reader's words, and those by which others came near. */
export function marksOf (runs: string[], { marks }: Pick<Found, 'marks'>): string[] {
  return marks.length === 0 ? runs : [...new Set([...runs, ...marks])]
}

/** Says that some or all of what is shown only comes near, and what letters were taken for. */
export function nearWords (request: FastifyRequest, words: string, found: Pick<Found, 'total' | 'exact' | 'readings'>): string | null {
  if (found.exact === found.total) return null
  const readings = found.readings.map(reading => request.t('lists.reading', { words: reading })).join(request.t('ui.between'))
  if (readings !== '') return request.t('lists.near_pinyin', { words, readings })
  return found.exact === 0 ? request.t('lists.near_only', { words }) : request.t('lists.near_too', { words, count: found.exact })
}

/** The title names what was asked, the filters and the page, so that a list of tabs can be told apart. */
function titleOf (request: FastifyRequest, title: string, wish: Wish, chips: Link[], page: number): string {
  const what = [...wish.question.text === '' ? [] : [wish.question.text], ...chips.map(chip => chip.label)].join(' · ')
  if (what === '') return page === 1 ? title : request.t('lists.title_page', { title, page })
  return page === 1 ? request.t('lists.title_filtered', { title, what }) : request.t('lists.title_filtered_page', { title, what, page })
}

/** Ways out of an empty list: each filter dropped, the words dropped, and words that do occur. */
async function helpOf (app: App, request: FastifyRequest, list: RegisterList, wish: Wish, found: Found): Promise<Help> {
  const { question, selection } = wish
  const chosen = list.facets.filter(({ name }) => selection[name] !== undefined)
  const drops = chosen.filter(({ name }) => (found.without[name] ?? 0) > 0)
    .map(({ name }) => ({ label: request.t(`facet.${name}`), count: found.without[name] ?? 0, href: addressOf(request, list, wish, { [name]: [] }) }))
  const tries = chosen.length === 0 ? await suggestWords(app.db, list, question) : []
  const wordless = chosen.length === 0 || question.text === '' ? 0 : (await findInList(app.db, list, { ...wish, question: readQuestion('') })).total
  return {
    drops,
    unworded: wordless === 0 ? null : { count: wordless, href: addressOf(request, list, wish, { q: '' }) },
    tries: tries.map(suggestion => ({ ...suggestion, href: addressOf(request, list, wish, { q: suggestion.words }) })),
    wordless: question.text !== '' && question.runs.length === 0
  }
}
