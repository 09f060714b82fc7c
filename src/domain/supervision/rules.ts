import type { Finding } from '../process/findings.ts'

/**
 * What a finding rests on (适用的规定): an article of the law library, a prohibition of the city, another rule that the library does not hold, or that
 * none was violated. `earlier`: found before the rule was asked for.
 */
export const RULE_KINDS = ['article', 'prohibition', 'other', 'none'] as const
export type RuleKind = (typeof RULE_KINDS)[number]

/** `cite` as official texts cite it; `slug` and `article` lead to the law library, in the text of `textDate`. */
export type RuleApplied =
  | { kind: 'article', cite: string, slug: string, article: string, textDate: string }
  | { kind: 'prohibition', no: number }
  | { kind: 'other', cite: string }
  | { kind: 'none' }

/** Whether a finding may rest on that no rule was violated: only where nothing wrong was found. */
export function mayBeNone (finding: Finding): boolean {
  return finding !== 'substantiated' && finding !== 'partly'
}

/** What is put right (纠正结果); words at `redress.<code>`. The bureau's own list (本局自定). */
export const REDRESS = ['revoked', 'changed', 'refunded', 'returned', 'exemption_applied', 'apology', 'redone', 'officer_measure', 'rule_fixed'] as const
export type Redress = (typeof REDRESS)[number]
