import type { FastifyRequest } from 'fastify'
import { pageNumber } from '../../pager.ts'
import type { Query } from '../../paths.ts'
import { readQuestion } from '../search/engine/query.ts'
import type { ListQuery, RegisterList } from './definition.ts'
import type { Wish } from './engine/find.ts'

export const SIZES = [20, 50, 100] as const

/** The orders that a list offers; without words there is nothing to be relevant to. */
export function ordersOf (list: RegisterList, words: boolean): string[] {
  return [...words ? ['relevance'] : [], ...list.sorts.filter(sort => sort === list.usual), 'code', ...list.sorts.filter(sort => sort !== list.usual)]
}

/** Reads an address into what to look for. */
export function readWish (list: RegisterList, query: ListQuery): Wish {
  const chosen = (name: string): string[] => [...new Set([query[name] as string[] | undefined ?? []].flat())]
  const selection = Object.fromEntries(list.facets.flatMap(({ name }) => chosen(name).length === 0 ? [] : [[name, chosen(name)]]))
  const sort = ordersOf(list, true).find(order => order === query.sort) ?? 'relevance'
  return { question: readQuestion(query.q), selection, sort, page: pageNumber(query.page), per: SIZES.find(size => String(size) === query.per) ?? SIZES[0] }
}

/** A wish as the values of an address, in one order, without what is usual; the page is left out. */
export function wishQuery ({ question, selection, sort, per }: Wish): Query {
  return { q: question.text, ...selection, sort: sort === 'relevance' ? '' : sort, per: per === SIZES[0] ? '' : per }
}

/** The address of a wish; a change goes back to the first page unless it names one. */
export function addressOf (request: FastifyRequest, list: RegisterList, wish: Wish, change: Query = {}): string {
  return request.path(list.route, list.params, { ...wishQuery(wish), ...change })
}

/** The hidden fields that the filter panel carries along. */
export function keptFields (wish: Wish): Array<{ name: string, value: string }> {
  const { q, sort, per } = wishQuery(wish)
  return Object.entries({ q, sort, per }).flatMap(([name, value]) => value === '' ? [] : [{ name, value: String(value) }])
}
