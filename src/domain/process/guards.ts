import { claimed, settled, type DemandState } from '../supervision/demands.ts'
import { allFound, wrongFound, type Finding } from './findings.ts'
import { barring, type Parallel } from './parallel.ts'
import type { Role } from './permissions.ts'
import { REFUSALS, type Demand, type RefusalCode } from './refusals.ts'

/** What the guards may ask about a complaint. The service reads it, the guards only look. */
export interface Facts {
  role: Role
  findings: ReadonlyArray<Finding | null> // one for each issue
  ruled: readonly boolean[] // whether the rule that each finding rests on is written down
  checksOpen: number // items of the checklist that nobody has answered
  parallels: readonly Parallel[] // procedures that the complainant named and no clerk has cleared
  supplementOpen: boolean // a supplement was requested and the time for it still runs
  refusal: RefusalCode | null // the reason chosen; null before the form is filled in
  reviewOpen: boolean // the complainant may still ask for a review of the answer
  reviewed: boolean // a review was asked for before
  reopeningOpen: boolean // not closed yet, or the complainant may still say that nothing was put right
  tied: boolean // who acts, or one of those who examine the case or have it in hand, was recused from it or declared a tie
  hadPart: boolean // who acts had a part in what is reviewed
  agencyKnown: boolean // the supervised agency is one of the register
  investigators: number // people with a supervision certificate to whom the case is assigned (行政执法监督条例 and the provincial rules: at least two)
  insisting: 'allowed' | 'not_here' | 'done' // whether the profile lets the complainant insist on acceptance, and whether that was done before
  acceptedBefore: boolean
  answeredBefore: boolean
  approvedLetter: boolean // a letter of the bureau's own has passed its approvals and waits to be issued
  approvedDecision: boolean // a decision for the government's signature has
  lettersIssued: number // letters to the agency that stand
  demands: readonly DemandState[] // what those letters demand
  correctedOnSpot: boolean // put right before any letter was needed (行政执法监督条例 26)
  objectionOpen: boolean // the agency may still object
  withdrawalsOpen: number // decisions found wrong here that are still published (行政处罚法 48: three working days)
}

/** Conditions of a step, by name; the sentence that explains a failing one stands at `guard.<name>`. */
export const GUARDS = {
  every_issue_found: (facts: Facts) => allFound(facts.findings),
  every_issue_ruled: (facts: Facts) => facts.ruled.every(ruled => ruled),
  checklist_done: (facts: Facts) => facts.checksOpen === 0,
  no_parallel_procedure: (facts: Facts) => barring(facts.parallels).length === 0,
  supplement_period_over: (facts: Facts) => !facts.supplementOpen,
  something_substantiated: (facts: Facts) => wrongFound(facts.findings),
  review_window_open: (facts: Facts) => facts.reviewOpen,
  not_reviewed_yet: (facts: Facts) => !facts.reviewed,
  reopening_window_open: (facts: Facts) => facts.reopeningOpen,
  no_conflict: (facts: Facts) => !facts.tied,
  no_part_before: (facts: Facts) => !facts.hadPart,
  agency_known: (facts: Facts) => facts.agencyKnown,
  two_investigators: (facts: Facts) => facts.investigators >= 2,
  insisting_allowed: (facts: Facts) => facts.insisting !== 'not_here',
  not_insisted_yet: (facts: Facts) => facts.insisting !== 'done',
  accepted_before: (facts: Facts) => facts.acceptedBefore,
  answered_before: (facts: Facts) => facts.answeredBefore,
  letter_approved: (facts: Facts) => facts.approvedLetter,
  decision_approved: (facts: Facts) => facts.approvedDecision,
  letter_issued: (facts: Facts) => facts.lettersIssued > 0,
  objection_window_open: (facts: Facts) => facts.objectionOpen,
  every_demand_claimed: (facts: Facts) => facts.demands.length > 0 && facts.demands.every(claimed),
  nothing_left_published: (facts: Facts) => facts.withdrawalsOpen === 0,
  put_right_or_unfounded: (facts: Facts) => !wrongFound(facts.findings) || (facts.lettersIssued > 0 ? facts.demands.every(settled) : facts.correctedOnSpot),
  approver_signs: (facts: Facts) => facts.refusal === null || facts.role === 'approver' ||
    !(REFUSALS[facts.refusal].demands as readonly Demand[]).includes('approver')
} as const satisfies Record<string, (facts: Facts) => boolean>
export type Guard = keyof typeof GUARDS
