import { AppError } from '../../errors.ts'
import type { Clock } from '../time/clocks.ts'
import type { DocumentType } from './documents.ts'
import { GUARDS, type Facts, type Guard } from './guards.ts'
import type { Permission, Role } from './permissions.ts'

export const STATUSES = ['submitted', 'registered', 'needs_info', 'accepted', 'refused', 'guided', 'transferred', 'replied', 'verifying', 'review', 'withdrawn', 'closed'] as const
export type Status = (typeof STATUSES)[number]

/** How a complaint ended. It is set when it closes and is never a status: what was found stands on each issue. */
export const OUTCOMES = ['answered', 'refused', 'guided', 'transferred', 'withdrawn'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Inputs that a step's form asks for besides the text; label at `step_field.<field>`. */
export const STEP_FIELDS = ['refusal', 'receiving_body', 'parallel', 'earlier_reference', 'path', 'issue', 'review_outcome'] as const
export type StepField = (typeof STEP_FIELDS)[number]

/** What of a step shows on the tracking page: that it happened and its text, only that it happened, or nothing. */
export const AUDIENCES = ['text', 'event', 'internal'] as const
export type Audience = (typeof AUDIENCES)[number]

export interface Row {
  action: string
  from: readonly Status[] // several origins, one row; empty for the step that makes a complaint
  to: Status
  by: readonly Role[]
  permission: Permission
  reason?: true // the actor must write something: reasons, a request, the answer; label at step_text.<action>
  fields?: readonly StepField[]
  needs?: readonly Guard[]
  document?: DocumentType // recorded in the same transaction, sent after it
  clock?: { start?: readonly Clock[], pause?: readonly Clock[], resume?: readonly Clock[], stop?: readonly Clock[] } // stopping what does not run is nothing
  outcome?: Partial<Record<Status, Outcome>> // by the status it leaves
  released?: true // it leaves its handler's hands: other people take it up
  audience: Audience
}

/**
 * The process. Buttons, permissions, forms, clocks, documents, timeline words, tests and diagrams are read from it. The acceptance
 * clock starts with the submission, so that a complaint nobody registers is late too.
 */
export const TRANSITIONS = [
  { action: 'submit', from: [], to: 'submitted', by: ['complainant', 'clerk', 'approver', 'system'], permission: 'public', document: 'receipt', clock: { start: ['accept'] }, audience: 'event' },
  { action: 'register', from: ['submitted'], to: 'registered', by: ['clerk', 'approver'], permission: 'complaint.triage', clock: { stop: ['urgent'] }, audience: 'event' },
  {
    action: 'request_supplement', from: ['registered'], to: 'needs_info', by: ['clerk', 'approver'], permission: 'complaint.triage', reason: true,
    document: 'supplement_request', clock: { pause: ['accept'], start: ['supplement'] }, audience: 'text'
  },
  { action: 'supply_supplement', from: ['needs_info'], to: 'registered', by: ['complainant'], permission: 'complaint.own', reason: true, clock: { resume: ['accept'], stop: ['supplement'] }, audience: 'text' },
  {
    action: 'accept', from: ['registered'], to: 'accepted', by: ['clerk', 'approver'], permission: 'complaint.triage', needs: ['no_parallel_procedure'],
    document: 'acceptance_notice', clock: { stop: ['accept'], start: ['handle'] }, audience: 'event'
  },
  {
    action: 'refuse', from: ['registered', 'needs_info'], to: 'refused', by: ['clerk', 'approver'], permission: 'complaint.triage', reason: true,
    fields: ['refusal', 'receiving_body', 'parallel', 'earlier_reference', 'path'], needs: ['supplement_period_over', 'approver_signs'],
    document: 'refusal_notice', clock: { stop: ['accept', 'supplement'] }, audience: 'text'
  },
  {
    action: 'guide', from: ['registered'], to: 'guided', by: ['clerk', 'approver'], permission: 'complaint.triage', reason: true, fields: ['path'],
    document: 'guidance_letter', clock: { stop: ['accept'] }, audience: 'text'
  },
  {
    action: 'transfer', from: ['registered'], to: 'transferred', by: ['clerk', 'approver'], permission: 'complaint.triage', reason: true, fields: ['receiving_body'],
    document: 'transfer_letter', clock: { stop: ['accept'], start: ['transfer'] }, audience: 'text'
  },
  {
    action: 'reply', from: ['accepted', 'verifying'], to: 'replied', by: ['clerk', 'investigator', 'approver'], permission: 'complaint.reply', reason: true,
    needs: ['every_issue_found'], document: 'reply_letter', clock: { stop: ['handle', 'verification'], start: ['review_window'] }, audience: 'text'
  },
  {
    action: 'dispute_rectification', from: ['replied', 'closed'], to: 'verifying', by: ['complainant'], permission: 'complaint.own', reason: true,
    needs: ['something_substantiated', 'reopening_window_open'], clock: { start: ['verification'] }, audience: 'text'
  },
  {
    action: 'confirm_rectification', from: ['verifying'], to: 'replied', by: ['clerk', 'investigator', 'approver'], permission: 'complaint.reply', reason: true,
    clock: { stop: ['verification'] }, audience: 'text'
  },
  {
    action: 'request_review', from: ['replied', 'closed'], to: 'review', by: ['complainant'], permission: 'complaint.own', reason: true, fields: ['issue'],
    needs: ['review_window_open', 'not_reviewed_yet'], clock: { stop: ['review_window'], start: ['review'] }, released: true, audience: 'text'
  },
  {
    action: 'answer_review', from: ['review'], to: 'replied', by: ['clerk', 'investigator', 'approver'], permission: 'complaint.reply', reason: true, fields: ['review_outcome'],
    needs: ['no_part_before', 'every_issue_found'], document: 'review_reply', clock: { stop: ['review'] }, audience: 'text'
  },
  {
    action: 'close', from: ['replied', 'refused', 'guided', 'transferred', 'withdrawn'], to: 'closed', by: ['clerk', 'investigator', 'approver', 'system'], permission: 'complaint.close',
    clock: { stop: ['transfer'], start: ['reopening', 'retaliation'] },
    outcome: { replied: 'answered', refused: 'refused', guided: 'guided', transferred: 'transferred', withdrawn: 'withdrawn' }, audience: 'event'
  },
  {
    action: 'withdraw', from: ['submitted', 'registered', 'needs_info', 'accepted'], to: 'withdrawn', by: ['complainant'], permission: 'complaint.own',
    clock: { stop: ['urgent', 'accept', 'supplement', 'handle'] }, audience: 'event'
  }
] as const satisfies readonly Row[]
export type Action = (typeof TRANSITIONS)[number]['action']
export type Transition = Row & { action: Action }

/** The table with one type for all rows. */
export const ROWS: readonly Transition[] = TRANSITIONS
export const ACTIONS: readonly Action[] = ROWS.map(row => row.action)

/** Statuses in which something is still to be done; the others are the end, which only the complainant can undo. */
export const OPEN_STATUSES: readonly Status[] = STATUSES.filter(status => !ROWS.some(row => row.outcome !== undefined && row.to === status))

/** What an answer says is written down, and may still change, in these. */
export const FINDABLE: readonly Status[] = ['accepted', 'verifying', 'review']

/** When nobody writes any more: the complainant once it is withdrawn or closed, the bureau, which may go on of its own motion, once it is closed. */
const SILENT = { in: ['withdrawn', 'closed'], out: ['closed'] } as const satisfies Record<string, readonly Status[]>

/** Whether a message may be sent, to the bureau (`in`) or to the complainant (`out`). */
export function mayWrite (status: Status, direction: keyof typeof SILENT): boolean {
  return !(SILENT[direction] as readonly Status[]).includes(status)
}

/** What the public reads instead of ten statuses: a second small table, never a rename. Words at `stage.*`. */
export const STAGES = {
  received: ['submitted', 'registered'],
  waiting: ['needs_info'],
  examining: ['accepted', 'verifying', 'review'],
  decided: ['replied', 'refused', 'guided', 'transferred'],
  ended: ['withdrawn', 'closed']
} as const satisfies Record<string, readonly Status[]>
export type Stage = keyof typeof STAGES

/** What the public reads instead of a status. */
export function stageOf (status: Status): Stage {
  return (Object.keys(STAGES) as Stage[]).find(stage => (STAGES[stage] as readonly Status[]).includes(status)) as Stage
}

/** A step that a role may take from a status. With failing guards the button stands disabled, each guard's reason beside it. */
export interface Choice extends Transition { available: boolean, failing: Guard[] }

/** What a role may do from a status, in the order of the table. `facts` are what the guards ask about. */
export function choices (status: Status, role: Role, facts: Omit<Facts, 'role'>): Choice[] {
  return ROWS.filter(row => row.by.includes(role) && row.from.includes(status)).map(row => {
    const failing = (row.needs ?? []).filter(guard => !GUARDS[guard]({ ...facts, role }))
    return { ...row, available: failing.length === 0, failing }
  })
}

/** The row for an action, or `transition_refused` with what stands against it (`failing` is empty when the table does not list it). */
export function pick (status: Status, action: Action, role: Role, facts: Omit<Facts, 'role'>): Transition {
  const row = choices(status, role, facts).find(row => row.action === action)
  if (row?.available !== true) throw new AppError('transition_refused', { status, action, failing: row?.failing ?? [] })
  return row
}
