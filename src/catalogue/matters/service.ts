import type { FastifyRequest } from 'fastify'
import { CATEGORIES, LEVELS } from '../../domain/records/enumerations.ts'
import type { Query } from '../../paths.ts'
import { registerNames, type Named } from '../agencies/repository.ts'
import { FACETS, type FacetName } from '../search/engine/columns.ts'
import type { Selection } from '../search/engine/facets.ts'
import { readQuestion } from '../search/engine/query.ts'
import { pageNumber } from '../../pager.ts'
import { SORTS, type Found, type Sort, type Wish } from '../search/service.ts'
import type { MattersQuery } from './schema.ts'

export const SIZES = [20, 50, 100] as const
/** Values of a facet that stand in the open; the others unfold, as many as keep the page below 60 KB. */
const SHOWN: Record<FacetName, number> = { category: 8, agency: 12, level: 6, field: 8, region: 8 }
const UNFOLDED = 24

export interface Option { value: string, label: string, lang: string | undefined, count: number, checked: boolean }
export interface FacetView { name: FacetName, legend: string, options: Option[], more: Option[] }
export interface Link { label: string, href: string, current?: boolean }
type Names = Awaited<ReturnType<typeof registerNames>>

/** Reads an address into what to look for. */
export function wishOf (query: MattersQuery): Wish {
  const selection: Selection = Object.fromEntries(FACETS.flatMap(name => query[name] === undefined ? [] : [[name, [...new Set(query[name])]]]))
  const sort = SORTS.find(sort => sort === query.sort) ?? 'relevance'
  return { question: readQuestion(query.q), selection, sort, page: pageNumber(query.page), per: SIZES.find(size => String(size) === query.per) ?? SIZES[0] }
}

/** The address of a wish, in one order, without what is usual; a change goes back to the first page unless it names one. */
export function addressOf (request: FastifyRequest, wish: Wish, change: Query = {}): string {
  const { question, selection, sort, per } = wish
  return request.path('matters', [], { q: question.text, ...selection, sort: sort === 'relevance' ? '' : sort, per: per === SIZES[0] ? '' : per, ...change })
}

/** An official name in the reader's language where there is one; Chinese is marked as such on English pages. */
export function officialName (request: FastifyRequest, named: Named): { label: string, lang: string | undefined } {
  const english = request.locale === 'en'
  if (english && named.name_en !== null) return { label: named.name_en, lang: undefined }
  return { label: named.name, lang: english ? 'zh-CN' : undefined }
}

function labelOf (request: FastifyRequest, names: Names, facet: FacetName, value: string): { label: string, lang: string | undefined } {
  if (facet === 'category') return { label: Object.hasOwn(CATEGORIES, value) ? request.t(`category.${value}`) : value, lang: undefined }
  if (facet === 'level') return { label: Object.hasOwn(LEVELS, value) ? request.t(`level.${value}`) : value, lang: undefined }
  const named = facet === 'agency' ? names.bySlug.get(value) : facet === 'region' ? names.byRegion.get(value) : undefined
  return officialName(request, named ?? { name: value, name_en: null })
}

/** The filter panel: chosen values first, then those that would give most. Values that would give nothing are left out. */
export function facetViews (request: FastifyRequest, names: Names, wish: Wish, found: Found): FacetView[] {
  return FACETS.flatMap(name => {
    const chosen = new Set(wish.selection[name])
    const options = [...new Set([...chosen, ...found.counts[name].keys()])]
      .map(value => ({ value, ...labelOf(request, names, name, value), count: found.counts[name].get(value) ?? 0, checked: chosen.has(value) }))
      .filter(option => option.checked || option.count > 0)
      .sort((a, b) => Number(b.checked) - Number(a.checked) || b.count - a.count || (a.value < b.value ? -1 : 1))
    const pointless = options.length === 0 || (name === 'region' && options.length < 2 && chosen.size === 0)
    return pointless ? [] : [{ name, legend: request.t(`matters.facet_${name}`), options: options.slice(0, SHOWN[name]), more: options.slice(SHOWN[name], SHOWN[name] + UNFOLDED) }]
  })
}

/** One removable chip for each chosen value. */
export function chipViews (request: FastifyRequest, names: Names, wish: Wish): Link[] {
  return FACETS.flatMap(name => (wish.selection[name] ?? []).map(value => ({
    label: labelOf(request, names, name, value).label,
    href: addressOf(request, wish, { [name]: (wish.selection[name] ?? []).filter(other => other !== value) })
  })))
}

/** Without words there is nothing to be relevant to: the order is that of the codes. */
export function sortViews (request: FastifyRequest, wish: Wish): Link[] {
  const offered: readonly Sort[] = wish.question.text === '' ? SORTS.filter(sort => sort !== 'relevance') : SORTS
  const current: Sort = offered.includes(wish.sort) ? wish.sort : 'code'
  return offered.map(sort => ({ label: request.t(`matters.sort_${sort}`), href: addressOf(request, wish, { sort: sort === 'relevance' ? '' : sort }), current: sort === current }))
}

/** How many matters a page may show. */
export function sizeViews (request: FastifyRequest, wish: Wish): Link[] {
  return SIZES.map(size => ({ label: String(size), href: addressOf(request, wish, { per: size === SIZES[0] ? '' : size }), current: size === wish.per }))
}

/** The hidden fields that the filter panel carries along. */
export function keptFields (wish: Wish): Array<{ name: string, value: string | number }> {
  const fields = [{ name: 'q', value: wish.question.text }, { name: 'sort', value: wish.sort === 'relevance' ? '' : wish.sort }, { name: 'per', value: wish.per === SIZES[0] ? '' : wish.per }]
  return fields.filter(field => field.value !== '')
}
