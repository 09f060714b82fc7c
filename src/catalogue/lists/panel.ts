import type { FastifyRequest } from 'fastify'
import type { FacetRule, RegisterList } from './definition.ts'
import type { Found, Wish } from './engine/find.ts'
import { labelOf, type Label, type Names } from './labels.ts'
import { addressOf, ordersOf, SIZES, wishQuery } from './wish.ts'

/** Unfolded values of a facet: as many as keep the page below 60 KB. */
const UNFOLDED = 24

export interface Option extends Label { value: string, count: number, checked: boolean }
/** `all`: the page with all values, where not all stand here. */
export interface FacetView { name: string, legend: string, options: Option[], more: Option[], all: { count: number, href: string } | null }
export interface Link { label: string, href: string, lang?: string | undefined, current?: boolean }

/** All values of a facet with their counts: chosen ones first, then those that would give most. What would give nothing is left out. */
export function facetOptions (request: FastifyRequest, names: Names, rule: FacetRule, wish: Wish, found: Found): Option[] {
  const chosen = new Set(wish.selection[rule.name])
  const counts = found.counts[rule.name] ?? new Map<string, number>()
  const before = rule.ordered === true ? (a: Option, b: Option) => a.value > b.value ? -1 : 1 : (a: Option, b: Option) => b.count - a.count || (a.value < b.value ? -1 : 1)
  return [...new Set([...chosen, ...counts.keys()])]
    .map(value => ({ value, ...labelOf(request, names, rule, value), count: counts.get(value) ?? 0, checked: chosen.has(value) }))
    .filter(option => option.checked || option.count > 0)
    .sort((a, b) => Number(b.checked) - Number(a.checked) || before(a, b))
}

/** The filter panel. */
export function facetViews (request: FastifyRequest, names: Names, list: RegisterList, wish: Wish, found: Found): FacetView[] {
  return list.facets.flatMap(rule => {
    if (rule.quiet === true && wish.selection[rule.name] === undefined) return []
    const options = facetOptions(request, names, rule, wish, found)
    const pointless = options.length === 0 || (rule.pointlessAlone === true && options.length < 2 && wish.selection[rule.name] === undefined)
    return pointless ? [] : [{ name: rule.name, legend: request.t(`facet.${rule.name}`), options: options.slice(0, rule.shown), more: options.slice(rule.shown, rule.shown + UNFOLDED), all: options.length > rule.shown + UNFOLDED ? { count: options.length, href: request.path('facet', [list.name, rule.name], wishQuery(wish)) } : null }]
  })
}

/** One removable chip for each chosen value. */
export function chipViews (request: FastifyRequest, names: Names, list: RegisterList, wish: Wish): Link[] {
  return list.facets.flatMap(rule => (wish.selection[rule.name] ?? []).map((value, _at, all) => ({
    ...labelOf(request, names, rule, value),
    href: addressOf(request, list, wish, { [rule.name]: all.filter(other => other !== value) })
  })))
}

/** The orders of a list. */
export function sortViews (request: FastifyRequest, list: RegisterList, wish: Wish): Link[] {
  const offered = ordersOf(list, wish.question.text !== '')
  const current = offered.includes(wish.sort) ? wish.sort : offered[0]
  return offered.map(sort => ({ label: request.t(`sort.${sort}`), href: addressOf(request, list, wish, { sort: sort === offered[0] ? '' : sort }), current: sort === current }))
}

/** How many records a page may show. */
export function sizeViews (request: FastifyRequest, list: RegisterList, wish: Wish): Link[] {
  return SIZES.map(size => ({ label: String(size), href: addressOf(request, list, wish, { per: size === SIZES[0] ? '' : size }), current: size === wish.per }))
}
