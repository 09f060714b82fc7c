import type { FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { registerNames } from '../../catalogue/agencies/repository.ts'
import { knownValues } from '../../catalogue/lists/engine/columns.ts'
import type { Wish } from '../../catalogue/lists/engine/find.ts'
import { chipViews } from '../../catalogue/lists/panel.ts'
import { wishQuery } from '../../catalogue/lists/wish.ts'
import { findRecord, readSetWish, SETS, setNamed, type PublicSet } from '../../catalogue/register/service.ts'
import { AppError } from '../../errors.ts'
import { FORBIDDEN, isPlainWord } from '../../forms/characters.ts'
import type { Locale, Query } from '../../paths.ts'
import type { Scope } from '../feeds/service.ts'

/** What is followed, as it is kept: a set and, in it, one record or what an address of its list means. `all` and `search` are every set. */
export interface Kept { set: string, code: string, query: string }

/** What letters call it: `asked` before the address has confirmed, when a stranger may have written the rest; `confirmed` after that. */
export interface LetterNames { asked: string, confirmed: string }

/** The same with what is needed to look it up and to name it. */
export interface Followed { kept: Kept, title: string, lang: 'zh-CN' | undefined, filters: string[], href: string, scopes: Scope[], names: LetterNames }

/** Names that stand for every set. */
const EVERYTHING = new Set(['all', 'search'])

/** Reads what a form or an address names; unknown sets and records are `not_found`, characters that no form takes `bad_request`. */
export async function follow (app: App, request: Pick<FastifyRequest, 'locale' | 't' | 'path'>, { set: name, code, query }: Kept): Promise<Followed> {
  const pairs = [...new URLSearchParams(query)]
  if (pairs.flat().some(text => FORBIDDEN.test(text))) throw new AppError('bad_request', { why: 'characters' }) // the form's own test saw them encoded
  const typed = Object.fromEntries([...new Set(pairs.map(([key]) => key))].map(key => [key, pairs.flatMap(([name, value]) => name === key ? [value.replaceAll(/\s+/g, ' ')] : [])]))
  if (EVERYTHING.has(name)) return everything(app, request, name, String(typed['q']?.[0] ?? '').slice(0, 100))
  const set = setNamed(name)
  return code === '' ? await list(app, request, set, typed) : await record(app, request, set, code)
}

function everything (app: App, request: Pick<FastifyRequest, 'locale' | 't' | 'path'>, name: string, words: string): Followed {
  const searched = name === 'search' && words !== ''
  const all = request.t('subscribe.everything', { site: app.site[request.locale].name })
  const sets = searched ? SETS.filter(set => set.list !== null) : SETS
  return {
    kept: { set: searched ? 'search' : 'all', code: '', query: searched ? new URLSearchParams({ q: words }).toString() : '' },
    title: searched ? request.t('feed.search', { words }) : all,
    lang: undefined,
    filters: [],
    href: searched ? request.path('search', [], { q: words }) : request.path('data'),
    scopes: sets.map(set => ({ set, wish: searched ? readSetWish(set, { q: words }) : null })),
    names: { asked: searched ? request.t('mail.search') : all, confirmed: !searched ? all : isPlainWord(words) ? request.t('feed.search', { words }) : request.t('mail.search') }
  }
}

async function list (app: App, request: Pick<FastifyRequest, 'locale' | 't' | 'path'>, set: PublicSet, typed: Record<string, string[]>): Promise<Followed> {
  const wish = readSetWish(set, typed)
  const query: Query = wish === null ? {} : { ...wishQuery(wish), sort: '', per: '' }
  const narrowed = await filtersOf(app, request, set, wish)
  const known = await filtersOf(app, request, set, await onlyKnown(app, set, wish))
  const title = request.t(`${set.words}.title`, { city: app.site[request.locale].cityName })
  return {
    kept: { set: set.name, code: '', query: request.path('home', [], query).split('?')[1] ?? '' },
    title,
    lang: undefined,
    filters: narrowed,
    href: request.path(set.route, set.params, query),
    scopes: [{ set, wish: narrowed.length === 0 ? null : wish }],
    names: { asked: title, confirmed: known.length === 0 ? title : request.t('mail.filtered', { title, filters: known.join(request.t('ui.between')) }) }
  }
}

/** What narrows a list, in words. */
async function filtersOf (app: App, request: Pick<FastifyRequest, 'locale' | 't' | 'path'>, set: PublicSet, wish: Wish | null): Promise<string[]> {
  if (set.list === null || wish === null) return []
  return [wish.question.text, ...chipViews(request as FastifyRequest, await registerNames(app.db), set.list, wish).map(chip => chip.label)].filter(word => word !== '')
}

/** A wish without what the register does not know: a letter from our house says nothing that a stranger made up. */
async function onlyKnown (app: App, { list }: PublicSet, wish: Wish | null): Promise<Wish | null> {
  if (list === null || wish === null) return null
  const selection: Record<string, string[]> = {}
  for (const [name, values] of Object.entries(wish.selection)) {
    const known = await knownValues(app.db, list, name)
    selection[name] = (values ?? []).filter(value => known.has(value))
  }
  return { ...wish, question: isPlainWord(wish.question.text) ? wish.question : { ...wish.question, text: '' }, selection }
}

async function record (app: App, request: Pick<FastifyRequest, 'locale' | 't' | 'path'>, set: PublicSet, code: string): Promise<Followed> {
  const found = await findRecord(app.db, set, code)
  if (found === null) throw new AppError('not_found', { code })
  const title = found.name ?? request.t('feed.unnamed', { code })
  return { kept: { set: set.name, code, query: '' }, title, lang: 'zh-CN', filters: [], href: request.path(set.record, [...set.params, code]), scopes: [{ set, wish: null, id: found.id }], names: { asked: title, confirmed: title } }
}

/** A stand-in for a request where a letter is written and nobody asks: words and whole addresses of a language. */
export function readerOf (app: App, locale: Locale, t: FastifyRequest['t']): Pick<FastifyRequest, 'locale' | 't' | 'path'> {
  return { locale, t, path: (name, params, query) => app.address(locale, name, params, query) }
}
