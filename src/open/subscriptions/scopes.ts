import type { FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { registerNames } from '../../catalogue/agencies/repository.ts'
import { chipViews } from '../../catalogue/lists/panel.ts'
import { wishQuery } from '../../catalogue/lists/wish.ts'
import { findRecord, readSetWish, SETS, setNamed, type PublicSet } from '../../catalogue/register/service.ts'
import { AppError } from '../../errors.ts'
import type { Locale, Query } from '../../paths.ts'
import type { Scope } from '../feeds/service.ts'

/** What is followed, as it is kept: a set and, in it, one record or what an address of its list means. `all` and `search` are every set. */
export interface Kept { set: string, code: string, query: string }

/** The same with what is needed to look it up and to name it. */
export interface Followed { kept: Kept, title: string, lang: 'zh-CN' | undefined, filters: string[], href: string, scopes: Scope[] }

/** Names that stand for every set. */
const EVERYTHING = new Set(['all', 'search'])

/** Reads what a form or an address names; unknown sets and records are `not_found`. */
export async function follow (app: App, request: Pick<FastifyRequest, 'locale' | 't' | 'path'>, { set: name, code, query }: Kept): Promise<Followed> {
  const typed = Object.fromEntries([...new Set(new URLSearchParams(query).keys())].map(key => [key, new URLSearchParams(query).getAll(key)]))
  if (EVERYTHING.has(name)) return everything(app, request, name, String(typed['q']?.[0] ?? '').slice(0, 100))
  const set = setNamed(name)
  return code === '' ? await list(app, request, set, typed) : await record(app, request, set, code)
}

function everything (app: App, request: Pick<FastifyRequest, 'locale' | 't' | 'path'>, name: string, words: string): Followed {
  const searched = name === 'search' && words !== ''
  const sets = searched ? SETS.filter(set => set.list !== null) : SETS
  return {
    kept: { set: searched ? 'search' : 'all', code: '', query: searched ? new URLSearchParams({ q: words }).toString() : '' },
    title: searched ? request.t('feed.search', { words }) : request.t('subscribe.everything', { site: app.site[request.locale].name }),
    lang: undefined,
    filters: [],
    href: searched ? request.path('search', [], { q: words }) : request.path('data'),
    scopes: sets.map(set => ({ set, wish: searched ? readSetWish(set, { q: words }) : null }))
  }
}

async function list (app: App, request: Pick<FastifyRequest, 'locale' | 't' | 'path'>, set: PublicSet, typed: Record<string, string[]>): Promise<Followed> {
  const wish = readSetWish(set, typed)
  const query: Query = wish === null ? {} : { ...wishQuery(wish), sort: '', per: '' }
  const narrowed = set.list === null || wish === null ? [] : [wish.question.text, ...chipViews(request as FastifyRequest, await registerNames(app.db), set.list, wish).map(chip => chip.label)].filter(word => word !== '')
  return {
    kept: { set: set.name, code: '', query: request.path('home', [], query).split('?')[1] ?? '' },
    title: request.t(`${set.words}.title`, { city: app.site[request.locale].cityName }),
    lang: undefined,
    filters: narrowed,
    href: request.path(set.route, set.params, query),
    scopes: [{ set, wish: narrowed.length === 0 ? null : wish }]
  }
}

async function record (app: App, request: Pick<FastifyRequest, 'locale' | 't' | 'path'>, set: PublicSet, code: string): Promise<Followed> {
  const found = await findRecord(app.db, set, code)
  if (found === null) throw new AppError('not_found', { code })
  return { kept: { set: set.name, code, query: '' }, title: found.name ?? request.t('feed.unnamed', { code }), lang: 'zh-CN', filters: [], href: request.path(set.record, [...set.params, code]), scopes: [{ set, wish: null, id: found.id }] }
}

/** A stand-in for a request where a letter is written and nobody asks: words and whole addresses of a language. */
export function readerOf (app: App, locale: Locale, t: FastifyRequest['t']): Pick<FastifyRequest, 'locale' | 't' | 'path'> {
  return { locale, t, path: (name, params, query) => app.address(locale, name, params, query) }
}
