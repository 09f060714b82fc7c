import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../app.ts'
import { normaliseUscc } from '../../domain/records/codes.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { namesAgency } from '../agencies/service.ts'
import { columnsOf } from '../lists/engine/columns.ts'
import { findCode } from '../lists/engine/find.ts'
import { speltNames } from '../lists/matching/pinyin.ts'
import { findNumbered } from '../lists/matching/titles.ts'
import { nearWords } from '../lists/page.ts'
import { MATTERS } from '../matters/list.ts'
import { noteMiss } from '../misses/service.ts'
import { REGISTER } from '../register/service.ts'
import { everydayWords } from './engine/everyday.ts'
import { readQuestion, type Question } from './engine/query.ts'
import { KINDS, type Group } from './kinds.ts'
import { findAlternatives } from './synonyms.ts'
import { meantWords, suggestWords, type Suggestion } from './service.ts'

/** Hits shown of each kind, and where one kind alone was asked for; the rest stands behind a link. */
const [SHOWN, SHOWN_ALONE] = [5, 20]
/** Fewer than this, and other ways to say it are offered. */
const FEW = 5

type Try = Suggestion & { href: string }
interface Tab { label: string, href: string, count?: string, current: boolean }
interface GroupView extends Group { note: string | null, more: boolean }

interface SearchView extends Frame { words: string, shortened: boolean, asked: boolean, tabs: Tab[], groups: GroupView[], nothing: boolean, instead: Try[], meant: Try[], tries: Try[], certificate: { label: string, href: string } | null, verify: boolean }

declare module '../../views.ts' {
  interface Views { 'catalogue/search/show': SearchView }
}

const SearchQuery = Type.Object({ q: Type.Optional(Type.String()), type: Type.Optional(Type.String()) })

/** One box over everything: each kind of record with its count; a code or a number leads straight to its record. */
export async function search (app: App): Promise<void> {
  // Loaded and spelt once the portal listens, so that the first visitor does not wait for it.
  app.addHook('onListen', async () => { await speltNames(await columnsOf(app.db, MATTERS), await everydayWords(app.db)) })
  app.get(ROUTES.search, { schema: { querystring: SearchQuery }, config: { permission: 'public', limit: 'search' } }, async (request, reply) => {
    const question = readQuestion(request.query.q)
    const record = await jumpTo(app, request, question.text)
    if (record !== null) return await reply.redirect(record, 302)
    return await reply.page('catalogue/search/show', await describeHits(app, request, question, request.query.type ?? ''))
  })
}

/** The record that was named by its code or its number. A certificate number leads to the page that verifies it, whether there is such a one or not: this page tells nobody who is an officer. */
async function jumpTo (app: App, request: FastifyRequest, typed: string): Promise<string | null> {
  const plain = typed.normalize('NFKC').replace(/\s/g, '').toUpperCase()
  if (!/\d/.test(plain)) return null
  for (const list of REGISTER) {
    const code = await findCode(app.db, list, typed) ?? await findNumbered(app.db, list, typed)
    if (code !== null) return request.path(list.record, [...list.params ?? [], code])
  }
  if (/^TS\d{11}$/.test(plain)) return request.path('track', [], { ref: plain })
  return /^[A-Z]{0,6}\d{6,20}$/.test(plain) && normaliseUscc(plain) === null && !await begins(app, plain) ? request.path('verify', [], { number: plain }) : null
}

/** Letters and digits that no code begins with may be the number of a certificate: the way to verify it, whether there is such a one or not. */
async function certificateOf (app: App, request: FastifyRequest, typed: string): Promise<SearchView['certificate']> {
  const number = typed.normalize('NFKC').replace(/\s/g, '').toUpperCase()
  if (!/^(?=.*\d{3})(?:\p{Script=Han}?[A-Z]+-?)[A-Z0-9-]{3,20}$/u.test(number) || normaliseUscc(number) !== null || await begins(app, number)) return null
  return { label: request.t('search.certificate', { number }), href: request.path('verify', [], { number }) }
}

/** Does any code of the matters begin so? */
async function begins (app: App, plain: string): Promise<boolean> {
  const { codes } = await columnsOf(app.db, MATTERS)
  return codes.some(code => code.startsWith(plain))
}

async function describeHits (app: App, request: FastifyRequest, question: Question, type: string): Promise<SearchView> {
  const asked = question.text !== ''
  const alone = KINDS.has(type) ? type : ''
  const found = asked ? await findGroups(app, request, question, alone) : []
  const nothing = asked && found.length === 0
  const [matters] = found.filter(({ kind }) => kind === MATTERS.name)
  if (nothing) noteMiss(app.db, question.text)
  return {
    title: asked ? request.t('search.title_for', { words: question.text }) : request.t('search.title'),
    noindex: true,
    hideSearch: true,
    words: question.text,
    shortened: question.shortened,
    asked,
    feeds: asked ? [{ title: request.t('feed.search', { words: question.text }), href: request.path('feedSearch', [], { q: question.text }) }] : [],
    tabs: found.length < 2 ? [] : tabsOf(request, question, found, alone),
    groups: found.filter(({ kind }) => alone === '' || kind === alone).map(group => viewOf(request, question, group)),
    nothing,
    ...await otherWays(app, request, question, matters, nothing),
    certificate: await certificateOf(app, request, question.text),
    verify: alone === ''
  }
}

/** Other ways to ask: official words for few hits, what was perhaps meant where some only come near, words that occur where nothing was found. */
async function otherWays (app: App, request: FastifyRequest, question: Question, matters: Group | undefined, nothing: boolean): Promise<Pick<SearchView, 'instead' | 'meant' | 'tries'>> {
  const near = matters?.near ?? null
  const linked = (route: 'matters' | 'search', others: Suggestion[]): Try[] => others.map(other => ({ ...other, href: request.path(route, [], { q: other.words }) }))
  const tries = nothing ? await suggestWords(app.db, MATTERS, question) : []
  const meant = (near?.exact ?? 0) === 0 && (near?.readings ?? []).length === 0 ? await meantWords(app.db, MATTERS, question) : []
  return {
    instead: question.text !== '' && (near?.exact ?? 0) < FEW ? linked('matters', await findAlternatives(app.db, MATTERS, question.text)) : [],
    meant: linked('search', meant.filter(({ words }) => !tries.some(other => other.words === words))),
    tries: linked('search', tries)
  }
}

/** All kinds that have something, the agencies first where one was named; one that was asked for alone shows more of it. */
async function findGroups (app: App, request: FastifyRequest, question: Question, alone: string): Promise<Group[]> {
  const groups: Group[] = []
  for (const [kind, find] of KINDS) groups.push(await find({ app, request, question, shown: kind === alone ? SHOWN_ALONE : SHOWN }))
  const first = await namesAgency(app.db, question.runs) ? 'agencies' : ''
  return groups.filter(({ total }) => total > 0).sort((a, b) => Number(b.kind === first) - Number(a.kind === first))
}

function viewOf (request: FastifyRequest, question: Question, group: Group): GroupView {
  return { ...group, note: group.near === null ? null : nearWords(request, question.text, group.near), more: group.all !== '' && group.total > group.hits.length }
}

function tabsOf (request: FastifyRequest, question: Question, groups: Group[], alone: string): Tab[] {
  const link = (type: string): string => request.path('search', [], { q: question.text, type })
  return [{ label: request.t('search.all_kinds'), href: link(''), current: alone === '' }, ...groups.map(({ kind, title, total }) => ({ label: title, href: link(kind), count: String(total), current: kind === alone }))]
}
