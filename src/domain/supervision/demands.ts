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
