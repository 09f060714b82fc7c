/**
 * Where a dispute may already be. What is in reconsideration or litigation is not supervised again (行政执法监督条例 33(3)); the other
 * ways do not stand against acceptance, but the handlers should know of them.
 */
export const PARALLELS = {
  none: { bars: false },
  reconsideration: { bars: true },
  litigation: { bars: true },
  petition: { bars: false },
  hotline_12345: { bars: false },
  discipline: { bars: false },
  other: { bars: false }
} as const
export type Parallel = keyof typeof PARALLELS

/** How far the other procedure has come, as the complainant knows it. */
export const PARALLEL_STAGES = ['pending', 'decided', 'unsure'] as const
export type ParallelStage = (typeof PARALLEL_STAGES)[number]

/** Which of the procedures named stand against acceptance. */
export function barring (named: readonly Parallel[]): Parallel[] {
  return named.filter(parallel => PARALLELS[parallel].bars)
}
