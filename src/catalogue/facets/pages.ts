import { stringify } from 'csv-stringify/sync'
import type { FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import type { App } from '../../app.ts'
import { harmless } from '../../domain/records/spreadsheet.ts'
import { AppError } from '../../errors.ts'
import { pageNumber, pagerOf, slicePage, type Pager, type Span } from '../../pager.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame, Views } from '../../views.ts'
import { registerNames } from '../agencies/repository.ts'
import { listQuery, type FacetRule, type ListQuery, type RegisterList } from '../lists/definition.ts'
import { findInList, type Wish } from '../lists/engine/find.ts'
import { chipViews, facetOptions, type Link } from '../lists/panel.ts'
import { addressOf, readWish, wishQuery } from '../lists/wish.ts'
import { listNamed, REGISTER } from '../register/service.ts'
import { inAlphabet, type Entry } from './service.ts'

interface Letter extends Link { count: number }
interface Value { label: string, lang: string | undefined, count: number, href: string, checked: boolean }

declare module '../../views.ts' {
  interface Views {
    'catalogue/facets/show': Frame & Span & { heading: string, within: string, toList: string, letters: Letter[], groups: Array<{ letter: string, values: Value[] }>, pager: Pager, file: string }
  }
}

/** Values on one page: more make it longer than 60 KB. */
const A_PAGE = 150
const FacetParams = Type.Object({ list: Type.String({ maxLength: 60 }), facet: Type.String({ maxLength: 60 }) })
/** One address serves all lists; what a list does not know it does not read. */
const [FIRST] = REGISTER as [RegisterList, ...RegisterList[]]
const FacetQuery = Type.Object({ ...listQuery({ ...FIRST, facets: REGISTER.flatMap(list => list.facets) }).properties, letter: Type.Optional(Type.String()) })

interface Asked { list: RegisterList, rule: FacetRule, wish: Wish, entries: Entry[] }

/** All values of one filter of one list, from A to Z, with how many records each would give beside the other filters. */
export async function facets (app: App): Promise<void> {
  app.get(ROUTES.facet, { schema: { params: FacetParams, querystring: FacetQuery }, config: { permission: 'public', limit: 'search' } }, async (request, reply) =>
    await reply.page('catalogue/facets/show', await describeValues(app, request, await readAsked(app, request, request.params, request.query), request.query)))

  app.get(ROUTES.facetFile, { schema: { params: FacetParams, querystring: FacetQuery }, config: { permission: 'public', limit: 'search' } }, async (request, reply) => {
    const { entries } = await readAsked(app, request, request.params, request.query)
    const rows = [[request.t('facets.value'), request.t('facets.count'), request.t('facets.code')], ...entries.map(({ label, count, value }) => [harmless(label), count, harmless(value)])]
    reply.header('content-disposition', `attachment; filename="${request.params.list}-${request.params.facet}.csv"`)
    return await reply.type('text/csv; charset=utf-8').send(`\uFEFF${stringify(rows, { record_delimiter: 'windows' })}`)
  })
}

async function readAsked (app: App, request: FastifyRequest, params: Static<typeof FacetParams>, query: ListQuery): Promise<Asked> {
  const list = listNamed(params.list)
  const rule = list?.facets.find(({ name, quiet }) => name === params.facet && quiet !== true)
  if (list === undefined || rule === undefined) throw new AppError('not_found', params)
  const wish = readWish(list, query)
  const names = await registerNames(app.db)
  const found = await findInList(app.db, list, { ...wish, page: 1 })
  return { list, rule, wish, entries: await inAlphabet(request, names, rule, facetOptions(request, names, rule, wish, found)) }
}

async function describeValues (app: App, request: FastifyRequest, { list, rule, wish, entries }: Asked, query: Static<typeof FacetQuery>): Promise<Views['catalogue/facets/show']> {
  const letters = Map.groupBy(entries, ({ letter }) => letter)
  const chosen = letters.has(query.letter ?? '') ? query.letter as string : ''
  const shown = slicePage(chosen === '' ? entries : letters.get(chosen) ?? [], pageNumber(query.page), A_PAGE)
  const toValues = (change: Record<string, string | number>): string => request.path('facet', [list.name, rule.name], { ...wishQuery(wish), ...change })
  const legend = request.t(`facet.${rule.name}`)
  const others = chipViews(request, await registerNames(app.db), { ...list, facets: list.facets.filter(other => other !== rule) }, wish).map(({ label }) => label)
  const heading = request.t('facets.title', { list: request.t(`${list.words}.title`), facet: legend })
  return {
    title: heading,
    heading,
    noindex: true,
    ...list.section === undefined ? {} : { section: list.section },
    breadcrumbs: [{ text: request.t(`${list.words}.title`), href: addressOf(request, list, wish) }, { text: legend }],
    within: [...wish.question.text === '' ? [] : [request.t('lists.reading', { words: wish.question.text })], ...others].join(request.t('ui.between')),
    toList: addressOf(request, list, wish),
    letters: letters.size < 2 ? [] : [{ label: request.t('facets.all'), href: toValues({}), count: entries.length, current: chosen === '' }, ...Array.from(letters, ([letter, values]) => ({ label: letter, href: toValues({ letter }), count: values.length, current: letter === chosen }))],
    groups: Array.from(Map.groupBy(shown.items, ({ letter }) => letter), ([letter, values]) => ({ letter, values: values.map(entry => viewOf(request, list, rule, wish, entry)) })),
    ...shown.span,
    pager: pagerOf(shown.page, shown.pages, page => toValues({ ...chosen === '' ? {} : { letter: chosen }, ...page === 1 ? {} : { page } })),
    file: request.path('facetFile', [list.name, rule.name], wishQuery(wish))
  }
}

/** A value leads to the list with it among what is chosen; one that is chosen already leads to the list without it. */
function viewOf (request: FastifyRequest, list: RegisterList, rule: FacetRule, wish: Wish, { label, lang, count, value, checked }: Entry): Value {
  const chosen = (wish.selection[rule.name] ?? []).filter(other => other !== value)
  return { label, lang, count, checked, href: addressOf(request, list, wish, { [rule.name]: checked ? chosen : [...chosen, value] }) }
}
