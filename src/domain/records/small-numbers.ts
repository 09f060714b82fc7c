/** Fewer cases than this could tell who somebody is, so nothing is said of them in public (design rule; no statute sets the number). */
export const LEAST_CASES = 5

/** The middle and the ninth tenth of a series, for the public; null where it is made of too few cases. This alone decides what may be shown. */
export interface Spread { cases: number, median: number, ninth: number }

/** What may be told in public of how long cases took: half took no longer than `median`, nine in ten no longer than `ninth`. */
export function spreadOf (days: readonly number[]): Spread | null {
  if (days.length < LEAST_CASES) return null
  const sorted = [...days].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0
  const half = sorted.length / 2
  return { cases: sorted.length, median: Number.isInteger(half) ? (at(0.5) + (sorted[half] ?? 0)) / 2 : at(0.5), ninth: at(0.9) }
}

/** How many of each kind there are, for the public: null where it may not be told. */
export interface Counts<K extends string> { total: number | null, parts: Readonly<Record<K, number>> | null }

/**
 * What may be told in public of a whole and its parts. A whole of too few is not told; where one part is of too few none is, because what is left out
 * could be worked out from the others.
 */
export function countsOf<K extends string> (parts: Readonly<Record<K, number>>): Counts<K> {
  const values = Object.values<number>(parts)
  const total = values.reduce((sum, value) => sum + value, 0)
  const few = (value: number): boolean => value > 0 && value < LEAST_CASES
  if (few(total)) return { total: null, parts: null }
  return { total, parts: values.some(few) ? null : parts }
}
