import type { FastifyRequest } from 'fastify'
import { readFines, spanOfFines, type FineRange } from '../../../domain/records/fines.ts'
import { formatMoney, formatNumber } from '../../../i18n/format.ts'
import type { BasisView } from './bases.ts'

/** A fine as it was read from an article: the wording decides, the numbers help. */
export interface FineView { article: string, quote: string, amount: string, on: string | null, when: string | null, optional: boolean }
export interface FinesView { rows: FineView[], more: number, span: string | null }

/** More rows than this help nobody; the article stands beside them. */
const SHOWN = 12

/** The ranges of fines in what a matter cites, and the span of their sums in words. */
export function finesOf (request: FastifyRequest, bases: readonly BasisView[]): FinesView {
  const read = citedFines(bases)
  const span = spanOfFines(read.map(({ range }) => range))
  return {
    rows: read.slice(0, SHOWN).map(({ article, range }) => ({ article, quote: range.quote, amount: amountOf(request, range), on: range.on, when: range.when, optional: range.optional })),
    more: Math.max(0, read.length - SHOWN),
    span: span === null ? null : between(request, span.from, span.to, fen => formatMoney(request.locale, fen))
  }
}

/** Every range once, with the article that holds it. */
export function citedFines (bases: readonly BasisView[]): Array<{ article: string, range: FineRange }> {
  return bases.flatMap(({ law, article, cited }) => readFines(cited).map(range => ({ article: `《${law}》${article ?? ''}`, range })))
}

/** A range in the reader's way of writing numbers. */
export function amountOf (request: FastifyRequest, range: FineRange): string {
  const { unit, from, to, base, per } = range
  if (unit === 'fen') {
    const sum = between(request, from, to, fen => formatMoney(request.locale, fen))
    return per === null ? sum : request.t('fines.per', { per, sum })
  }
  return request.t('fines.of', { base: base ?? '', share: between(request, from, to, share => shareOf(request, share)) })
}

/** 30,000 ten-thousandths are three times, 1,000 are 10 %. */
function shareOf (request: FastifyRequest, share: number): string {
  return share >= 10_000 ? request.t('fines.times', { count: formatNumber(request.locale, share / 10_000) }) : `${formatNumber(request.locale, share / 100)}%`
}

/** Both ends, or the one that is stated. */
function between (request: FastifyRequest, from: number | null, to: number | null, say: (value: number) => string): string {
  if (from !== null && to !== null) return from === to ? say(from) : request.t('fines.between', { from: say(from), to: say(to) })
  if (to !== null) return request.t('fines.up_to', { to: say(to) })
  return from === null ? '' : request.t('fines.at_least', { from: say(from) })
}
