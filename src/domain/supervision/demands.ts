import type { DemandKind } from './letters.ts'

/**
 * What a letter demands of an agency (整改要求), on its way: open until the agency says that it is done (claimed); verified or disputed by the
 * bureau; closed when it is no longer needed, with reasons. Words at `demand_state.<state>`.
 */
export const DEMAND_STATES = ['open', 'claimed', 'verified', 'disputed', 'closed'] as const
export type DemandState = (typeof DEMAND_STATES)[number]

/** Whether the agency has answered for a demand. */
export function claimed (state: DemandState): boolean {
  return state !== 'open' && state !== 'disputed'
}

/** Whether nothing is left to do for a demand: proven to the bureau, or dropped with reasons. */
export function settled (state: DemandState): boolean {
  return state === 'verified' || state === 'closed'
}

/** What is done for the complainant, who can say whether it was; the others change how the agency works. Our own choice (本局自定). */
const FOR_COMPLAINANT: readonly DemandKind[] = ['perform', 'revoke', 'change', 'redo', 'confirm_unlawful', 'confirm_void', 'refund', 'return_property', 'apologise']

/** Whether a demand is about what the complainant gets. */
export function concernsComplainant (kind: DemandKind): boolean {
  return FOR_COMPLAINANT.includes(kind)
}

/** What a complainant may say of a demand; words at `demand_answer.<answer>`. */
export const DEMAND_ANSWERS = ['yes', 'no'] as const
export type DemandAnswer = (typeof DEMAND_ANSWERS)[number]

/** Whether the complainant is asked: something was reported as done, and the case can still take the answer up. */
export function asksComplainant (state: DemandState, { answered, reopens }: { answered: boolean, reopens: boolean }): boolean {
  if (state !== 'claimed' && state !== 'verified') return false
  return !answered || reopens
}
