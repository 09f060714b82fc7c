/** How a review of an answer ends; words at `review_outcome.<code>`. The law is silent: the names are the house's. */
export const REVIEW_OUTCOMES = ['upheld', 'changed'] as const
export type ReviewOutcome = (typeof REVIEW_OUTCOMES)[number]

/** What makes somebody a part of a case: handling it, finding, answering, deciding. Registering and asking for papers does not. */
const PARTS: readonly string[] = ['claim', 'take_over', 'accept', 'refuse', 'guide', 'transfer', 'record_finding', 'assign', 'start_investigation', 'propose_findings', 'approve_letter', 'issue_letter', 'propose_to_government', 'reply', 'confirm_rectification']

export interface Acted { action: string, actorId: number | null }

/** Whether somebody had a part in what is reviewed: only what lies before the request counts, so that reviewing bars nobody from going on. `acts` oldest first. */
export function hadPart (acts: readonly Acted[], actorId: number | null): boolean {
  const asked = acts.findLastIndex(({ action }) => action === 'request_review')
  return actorId !== null && acts.slice(0, Math.max(asked, 0)).some(act => act.actorId === actorId && PARTS.includes(act.action))
}
