import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import Type from 'typebox'
import { findAgencies } from '../agencies/service.ts'
import { columnsOf } from '../lists/engine/columns.ts'
import { findCode, findInList } from '../lists/engine/find.ts'
import { describeMatters, MATTERS, type MatterHit } from '../matters/list.ts'
import { articleNo, findArticles, findStatutes, statuteHit, type StatuteHit } from '../law/service.ts'
import { readQuestion, type Question } from './engine/query.ts'
import { highlight, holdsAll, snippet, type Piece } from './engine/snippet.ts'
import { listProhibitionRows } from './repository.ts'
import { everydayWords, findAlternatives, type TermsFor } from './synonyms.ts'
import { suggestWords, type Suggestion } from './service.ts'

/** Hits shown of each kind; the rest stands behind a link. */
const SHOWN = 5
/** Of each official word for what was typed. */
const INSTEAD = 3

interface Group<T> { total: number, many: boolean, hits: T[], all: string }
interface NamedHit { name: Piece[], href: string, snippet: Piece[] | null }
interface Groups { matters: Group<MatterHit>, agencies: Group<NamedHit>, statutes: Group<StatuteHit>, articles: Group<NamedHit>, prohibitions: Group<NamedHit> }

/** Matters found by an official word for what was typed. */
interface Instead extends Group<MatterHit> { words: string }

declare module '../../views.ts' {
  interface Views {
    'catalogue/search/show': Frame & { words: string, shortened: boolean, groups: Groups | null, nothing: boolean, instead: Instead[], insteadTerms: string, tries: Array<Suggestion & { href: string }> }
  }
}

const SearchQuery = Type.Object({ q: Type.Optional(Type.String()) })

/** One box over everything: each kind of record with its count; a code leads straight to its record. */
export async function search (app: App): Promise<void> {
  const termsFor = everydayWords(app.config)
  // Loaded once the portal listens, so that the first visitor does not wait for it.
  app.addHook('onListen', async () => { await columnsOf(app.db, MATTERS) })
  app.get(ROUTES.search, { schema: { querystring: SearchQuery }, config: { permission: 'public', limit: 'search' } }, async (request, reply) => {
    const question = readQuestion(request.query.q)
    const code = await findCode(app.db, MATTERS, question.text)
    if (code !== null) return await reply.redirect(request.path('matter', [code]), 302)
    return await showHits(app, request, reply, question, termsFor)
  })
}

async function showHits (app: App, request: FastifyRequest, reply: FastifyReply, question: Question, termsFor: TermsFor): Promise<string> {
  const groups = question.text === '' ? null : await findGroups(app, request, question)
  const nothing = groups !== null && Object.values(groups).every((group: Group<unknown>) => group.total === 0)
  const instead = groups === null ? [] : await findInstead(app, request, termsFor, question.text, groups.matters.total)
  const tries = nothing && instead.length === 0 ? await suggestWords(app.db, MATTERS, question) : []
  return await reply.page('catalogue/search/show', {
    title: question.text === '' ? request.t('search.title') : request.t('search.title_for', { words: question.text }),
    noindex: true,
    hideSearch: true,
    words: question.text,
    shortened: question.shortened,
    groups,
    nothing,
    instead,
    insteadTerms: instead.map(({ words }) => request.t('search.term', { words })).join(request.t('ui.between')),
    tries: tries.map(suggestion => ({ ...suggestion, href: request.path('search', [], { q: suggestion.words }) }))
  })
}

async function findInstead (app: App, request: FastifyRequest, termsFor: TermsFor, typed: string, total: number): Promise<Instead[]> {
  const found = await findAlternatives(app.db, MATTERS, termsFor, { typed, total, per: INSTEAD })
  return await Promise.all(found.map(async ({ words, question, total, many, ids }) => ({
    words, total, many, hits: await describeMatters(app.db, ids, question.runs), all: request.path('matters', [], { q: words })
  })))
}

async function findGroups (app: App, request: FastifyRequest, question: Question): Promise<Groups> {
  const { runs, text } = question
  const matters = await findInList(app.db, MATTERS, { question, selection: {}, sort: 'relevance', page: 1, per: SHOWN })
  const agencies = runs.length === 0 ? [] : await findAgencies(app.db, runs)
  const statutes = await findStatutes(app.db, question)
  const articles = await findArticles(app.db, question, SHOWN)
  return {
    matters: { total: matters.total, many: matters.many, hits: await describeMatters(app.db, matters.ids, runs), all: request.path('matters', [], { q: text }) },
    agencies: { total: agencies.length, many: false, hits: agencies.slice(0, SHOWN).map(agency => ({ name: highlight(agency.name, runs), href: request.path('agency', [agency.slug]), snippet: null })), all: request.path('agencies', [], { q: text }) },
    statutes: { total: statutes.length, many: false, hits: statutes.slice(0, SHOWN).map(statute => statuteHit(request, statute, question)), all: request.path('law', [], { q: text }) },
    articles: { total: articles.total, many: articles.many, hits: articles.rows.map(row => ({ name: highlight(`《${row.name}》${row.label}`, runs), href: request.path('article', [row.slug, articleNo(row)]), snippet: snippet(row.body, runs) ?? opening(row.body) })), all: '' },
    prohibitions: await findProhibitions(app, request, runs)
  }
}

/** How a text begins, where it was found by its number and not by its words. */
function opening (text: string): Piece[] {
  const flat = text.replace(/\s+/g, ' ')
  return [{ text: flat.length > 90 ? `${Array.from(flat).slice(0, 90).join('')}…` : flat, hit: false }]
}

async function findProhibitions (app: App, request: FastifyRequest, runs: string[]): Promise<Group<NamedHit>> {
  const rows = runs.length === 0 ? [] : await listProhibitionRows(app.db)
  const english = request.locale === 'en'
  const texts = rows.map(row => ({ no: row.no, title: (english ? row.title_en : null) ?? row.title ?? '', summary: (english ? row.summary_en : null) ?? row.summary ?? '', all: [row.title, row.title_en, row.summary, row.summary_en].join(' ') }))
  const found = texts.filter(text => holdsAll(text.all, runs))
  return {
    total: found.length,
    many: false,
    hits: found.slice(0, SHOWN).map(text => ({ name: highlight(text.title, runs), href: request.path('prohibition', [text.no]), snippet: snippet(text.summary, runs) })),
    all: request.path('prohibitions')
  }
}
