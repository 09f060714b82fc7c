import type { FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import type { RouteName } from '../../paths.ts'
import { POWERS } from '../../domain/process/rights.ts'
import { findAgencies } from '../agencies/service.ts'
import { hasTagged, listTrades } from '../industries/repository.ts'
import { articleNo, findArticles, findStatutes, statuteHit } from '../law/service.ts'
import type { RegisterList } from '../lists/definition.ts'
import { findInList, type Found } from '../lists/engine/find.ts'
import { marksOf } from '../lists/page.ts'
import { REGISTER } from '../register/service.ts'
import type { Question } from './engine/query.ts'
import { highlight, holdsAll, snippet, type Piece } from './engine/snippet.ts'
import { listProhibitionRows } from './repository.ts'

/** What one kind of record has for a question. `all` leads to all of them where the kind has a list that can be searched. */
export interface Group { kind: string, title: string, total: number, many: boolean, hits: Array<{ partial: string, hit: unknown }>, all: string, near: Pick<Found, 'total' | 'exact' | 'readings'> | null }

export interface Asked { app: App, request: FastifyRequest, question: Question, shown: number }
interface NamedHit { name: Piece[], lang: string | undefined, href: string, snippet: Piece[] | null, beside?: { label: string, href?: string } }
type Kind = (asked: Asked) => Promise<Group>

const named = (hits: NamedHit[]): Group['hits'] => hits.map(hit => ({ partial: 'catalogue/named-hit', hit }))

/** Every kind of record that the one box looks through, in the order in which they are shown. Agencies and statutes are found by more than their list: theirs take its place. */
export const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ...REGISTER.map((list): [string, Kind] => [list.name, async asked => await findListed(list, asked)]),
  ['agencies', findAgencyGroup], ['statutes', findStatuteGroup], ['articles', findArticleGroup], ['prohibitions', findProhibitionGroup], ['help', findHelp]
])

/** The records of a list; what only comes near is looked for among the matters alone, which are what most people ask about. */
async function findListed (list: RegisterList, { app, request, question, shown }: Asked): Promise<Group> {
  const found = await findInList(app.db, list, { question, selection: {}, sort: 'relevance', page: 1, per: shown, strict: list.name !== 'matters' })
  const hits = await list.describe(app.db, found.ids, marksOf(question.runs, found))
  const all = request.path(list.route, list.params, { q: question.text })
  return { kind: list.name, title: request.t(`${list.words}.title`), total: found.total, many: found.many, hits: hits.map(hit => ({ partial: list.hit, hit })), all, near: found }
}

async function findAgencyGroup ({ app, request, question: { runs, text }, shown }: Asked): Promise<Group> {
  const agencies = runs.length === 0 ? [] : await findAgencies(app.db, runs)
  const hits = agencies.slice(0, shown).map(agency => ({ name: highlight(agency.name, runs), lang: 'zh-CN', href: request.path('agency', [agency.slug]), snippet: null, ...agency.name_en !== null && request.locale === 'en' ? { beside: { label: agency.name_en } } : {} }))
  return { kind: 'agencies', title: request.t('search.kind_agencies'), total: agencies.length, many: false, hits: named(hits), all: request.path('agencies', [], { q: text }), near: null }
}

async function findStatuteGroup ({ app, request, question, shown }: Asked): Promise<Group> {
  const statutes = await findStatutes(app.db, question)
  const hits = statutes.slice(0, shown).map(statute => {
    const { name, href, article, matters } = statuteHit(request, statute, question)
    return { name, lang: 'zh-CN', href, snippet: null, beside: article ?? { label: request.t('law.matters', { count: matters }) } }
  })
  return { kind: 'statutes', title: request.t('search.kind_law'), total: statutes.length, many: false, hits: named(hits), all: request.path('law', [], { q: question.text }), near: null }
}

async function findArticleGroup ({ app, request, question, shown }: Asked): Promise<Group> {
  const { runs } = question
  const { total, many, rows } = await findArticles(app.db, question, shown)
  const hits = rows.map(row => ({ name: highlight(`《${row.name}》${row.label}`, runs), lang: 'zh-CN', href: request.path('article', [row.slug, articleNo(row)]), snippet: snippet(row.body, runs) ?? opening(row.body) }))
  return { kind: 'articles', title: request.t('search.kind_articles'), total, many, hits: named(hits), all: '', near: null }
}

/** How a text begins, where it was found by its number and not by its words. */
function opening (text: string): Piece[] {
  const flat = text.replace(/\s+/g, ' ')
  return [{ text: flat.length > 90 ? `${Array.from(flat).slice(0, 90).join('')}…` : flat, hit: false }]
}

async function findProhibitionGroup ({ app, request, question: { runs }, shown }: Asked): Promise<Group> {
  const rows = runs.length === 0 ? [] : await listProhibitionRows(app.db)
  const english = request.locale === 'en'
  const found = rows.filter(row => holdsAll([row.title, row.title_en, row.summary, row.summary_en].join(' '), runs))
  const hits = found.slice(0, shown).map(row => ({
    name: highlight((english ? row.title_en : null) ?? row.title ?? '', runs),
    lang: english && row.title_en === null ? 'zh-CN' : undefined,
    href: request.path('prohibition', [row.no]),
    snippet: snippet((english ? row.summary_en : null) ?? row.summary ?? '', runs)
  }))
  return { kind: 'prohibitions', title: request.t('search.kind_prohibitions'), total: found.length, many: false, hits: named(hits), all: '', near: null }
}

/** Pages that help, beside those of the trades, found by their titles and by the words of `help.<name>`. */
const HELP: ReadonlyArray<{ name: string, route: RouteName, params?: readonly string[] }> = [
  { name: 'channel', route: 'guideChannel' }, { name: 'deadlines', route: 'guideDeadlines' }, ...POWERS.map(power => ({ name: `rights_${power}`, route: 'rights' as const, params: [power] })),
  { name: 'complain', route: 'complain' }, { name: 'track', route: 'track' }, { name: 'verify', route: 'verify' }, { name: 'standard', route: 'serviceStandard' }, { name: 'prohibitions', route: 'prohibitions' },
  { name: 'privacy', route: 'privacy' }, { name: 'about', route: 'about' }
]

async function findHelp ({ app, request, question: { runs }, shown }: Asked): Promise<Group> {
  const english = request.locale === 'en'
  const trades = await hasTagged(app.db) ? await listTrades(app.db) : []
  const pages = [
    ...trades.map(trade => ({ href: request.path('industry', [trade.slug]), title: request.t('industries.page', { name: english ? trade.name_en : trade.name }), text: english ? trade.intro_en : trade.intro })),
    ...HELP.map(({ name, route, params }) => ({ href: request.path(route, params), title: request.t(`help.${name}`), text: request.t(`help.${name}_text`) }))
  ]
  const found = runs.length === 0 ? [] : pages.filter(page => holdsAll(`${page.title} ${page.text}`, runs))
  const hits = found.slice(0, shown).map(page => ({ name: highlight(page.title, runs), lang: undefined, href: page.href, snippet: highlight(page.text, runs) }))
  return { kind: 'help', title: request.t('search.kind_help'), total: found.length, many: false, hits: named(hits), all: '', near: null }
}
