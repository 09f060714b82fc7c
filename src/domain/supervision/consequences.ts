import type { WithdrawalGround } from '../decisions/publication.ts'
import type { DemandKind } from './letters.ts'

/**
 * Demands after which a published decision no longer stands as it was published, and the ground on which it is taken back within three working
 * days (行政处罚法 48 二、85).
 */
export const UNDOING: Readonly<Partial<Record<DemandKind, WithdrawalGround>>> = { change: 'changed', revoke: 'revoked', redo: 'revoked', confirm_unlawful: 'unlawful', confirm_void: 'void' }

/** What may be proposed about an officer (行政执法监督条例 32); words at `officer_measure.<code>`. The bureau proposes, the officer's organ decides. */
export const OFFICER_MEASURES = ['criticism', 'off_post_training', 'removal_from_post', 'loss_of_qualification'] as const
export type OfficerMeasure = (typeof OFFICER_MEASURES)[number]

/** What came of a proposal; words at `measure_state.<state>`. */
export const MEASURE_STATES = ['proposed', 'taken', 'declined'] as const
export type MeasureState = (typeof MEASURE_STATES)[number]

/** How a loss was made good; words at `recovery_kind.<code>`. Kinds are the house's (挽回损失 is the field's word for all of them). */
export const RECOVERY_KINDS = ['refund', 'waived', 'returned', 'compensated'] as const
export type RecoveryKind = (typeof RECOVERY_KINDS)[number]

/** When several complaints are looked at together: our own choice (features.md O11). */
export const PATTERN_RULE = { least: 3, days: 90 } as const
export const PATTERN_KINDS = ['ground', 'officer', 'matter'] as const
export type PatternKind = (typeof PATTERN_KINDS)[number]

/** One accepted complaint as far as patterns go; `key` is what it has in common with others: agency and ground, an officer, a matter. */
export interface Sighting { kind: PatternKind, key: string, ref: string }
export interface Pattern { kind: PatternKind, key: string, refs: string[] }

/** What at least so many accepted complaints of the last ninety days have in common, the most frequent first; one complaint counts once. */
export function patternsIn (sightings: readonly Sighting[]): Pattern[] {
  const found = new Map<string, Pattern>()
  for (const { kind, key, ref } of sightings) {
    const pattern = found.get(`${kind} ${key}`) ?? { kind, key, refs: [] }
    if (!pattern.refs.includes(ref)) pattern.refs.push(ref)
    found.set(`${kind} ${key}`, pattern)
  }
  return [...found.values()].filter(({ refs }) => refs.length >= PATTERN_RULE.least).sort((a, b) => b.refs.length - a.refs.length || (a.kind + a.key < b.kind + b.key ? -1 : 1))
}
