import { allFound, type Finding } from './findings.ts'
import { barring, type Parallel } from './parallel.ts'
import type { Role } from './permissions.ts'
import { REFUSALS, type Demand, type RefusalCode } from './refusals.ts'

/** What the guards may ask about a complaint. The service reads it, the guards only look. */
export interface Facts {
  role: Role
  findings: ReadonlyArray<Finding | null> // one for each issue
  parallels: readonly Parallel[] // procedures that the complainant named and no clerk has cleared
  supplementOpen: boolean // a supplement was requested and the time for it still runs
  refusal: RefusalCode | null // the reason chosen; null before the form is filled in
  reviewOpen: boolean // the complainant may still ask for a review of the answer
  reviewed: boolean // a review was asked for before
  reopeningOpen: boolean // not closed yet, or the complainant may still say that nothing was put right
  hadPart: boolean // who acts had a part in what is reviewed
}

/** Conditions of a step, by name; the sentence that explains a failing one stands at `guard.<name>`. */
export const GUARDS = {
  every_issue_found: (facts: Facts) => allFound(facts.findings),
  no_parallel_procedure: (facts: Facts) => barring(facts.parallels).length === 0,
  supplement_period_over: (facts: Facts) => !facts.supplementOpen,
  something_substantiated: (facts: Facts) => facts.findings.some(finding => finding === 'substantiated' || finding === 'partly'),
  review_window_open: (facts: Facts) => facts.reviewOpen,
  not_reviewed_yet: (facts: Facts) => !facts.reviewed,
  reopening_window_open: (facts: Facts) => facts.reopeningOpen,
  no_part_before: (facts: Facts) => !facts.hadPart,
  approver_signs: (facts: Facts) => facts.refusal === null || facts.role === 'approver' ||
    !(REFUSALS[facts.refusal].demands as readonly Demand[]).includes('approver')
} as const satisfies Record<string, (facts: Facts) => boolean>
export type Guard = keyof typeof GUARDS
