import { AppError } from '../../errors.ts'
import type { Clock } from '../time/clocks.ts'
import type { DocumentType } from './documents.ts'
import { GUARDS, type Facts, type Guard } from './guards.ts'
import type { Permission, Role } from './permissions.ts'

export const STATUSES = [
  'submitted', 'registered', 'needs_info', 'accepted', 'delegated', 'investigating', 'suspended', 'findings', 'drafting', 'government_approval', 'document_issued', 'objection',
  'verifying', 'refused', 'guided', 'transferred', 'replied', 'review', 'withdrawn', 'closed'
] as const
export type Status = (typeof STATUSES)[number]

/** How a complaint ended. It is set when it closes and is never a status: what was found stands on each issue. */
export const OUTCOMES = ['answered', 'refused', 'guided', 'transferred', 'withdrawn'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Inputs that a step's form asks for besides the text; label at `step_field.<field>`. */
export const STEP_FIELDS = ['refusal', 'receiving_body', 'parallel', 'earlier_reference', 'path', 'issue', 'review_outcome', 'bureau', 'suspension', 'channel'] as const
export type StepField = (typeof STEP_FIELDS)[number]

/** What of a step shows on the tracking page: that it happened and its text, only that it happened, or nothing. */
export const AUDIENCES = ['text', 'event', 'internal'] as const
export type Audience = (typeof AUDIENCES)[number]

/** Pages that take a step together with what belongs to it: a letter with its number, a report with its demands. */
export const PLACES = ['letters', 'agency'] as const
export type Place = (typeof PLACES)[number]

/** Who decides about intake, who supervises, who leads; the complainant and an agency stand in the rows by name. */
const TRIAGE = ['clerk', 'triager', 'head', 'approver'] as const satisfies readonly Role[]
const SUPERVISORS = ['investigator', 'head', 'approver'] as const satisfies readonly Role[]
const LEADERS = ['head', 'approver'] as const satisfies readonly Role[]
const ANSWERERS = ['clerk', 'triager', 'investigator', 'head', 'approver'] as const satisfies readonly Role[]

export interface Row {
  action: string
  as?: string // the step as which it is written down, where another one means the same
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
  place?: Place // taken on a page of its own, which does more than the step alone
  audience: Audience
}

/**
 * The process. Buttons, permissions, forms, clocks, documents, timeline words, tests and diagrams are read from it. The acceptance
 * clock starts with the submission, so that a complaint nobody registers is late too.
 */
export const TRANSITIONS = [
  { action: 'submit', from: [], to: 'submitted', by: ['complainant', ...TRIAGE, 'assistant', 'system'], permission: 'public', document: 'receipt', clock: { start: ['accept'] }, audience: 'event' },
  { action: 'register', from: ['submitted'], to: 'registered', by: TRIAGE, permission: 'complaint.triage', clock: { stop: ['urgent'] }, audience: 'event' },
  {
    action: 'request_supplement', from: ['registered'], to: 'needs_info', by: TRIAGE, permission: 'complaint.triage', reason: true,
    document: 'supplement_request', clock: { pause: ['accept'], start: ['supplement'] }, audience: 'text'
  },
  { action: 'supply_supplement', from: ['needs_info'], to: 'registered', by: ['complainant'], permission: 'complaint.own', reason: true, clock: { resume: ['accept'], stop: ['supplement'] }, audience: 'text' },
  {
    action: 'record_supplement', as: 'supply_supplement', from: ['needs_info'], to: 'registered', by: TRIAGE, permission: 'complaint.triage', reason: true, fields: ['channel'],
    clock: { resume: ['accept'], stop: ['supplement', 'message_reply'] }, audience: 'text'
  },
  {
    action: 'accept', from: ['registered'], to: 'accepted', by: TRIAGE, permission: 'complaint.triage', needs: ['no_conflict', 'no_parallel_procedure'],
    document: 'acceptance_notice', clock: { stop: ['accept'], start: ['handle'] }, audience: 'event'
  },
  {
    action: 'refuse', from: ['registered', 'needs_info'], to: 'refused', by: TRIAGE, permission: 'complaint.triage', reason: true,
    fields: ['refusal', 'receiving_body', 'parallel', 'earlier_reference', 'path'], needs: ['no_conflict', 'supplement_period_over', 'approver_signs'],
    document: 'refusal_notice', clock: { stop: ['accept', 'supplement'] }, audience: 'text'
  },
  {
    action: 'guide', from: ['registered'], to: 'guided', by: TRIAGE, permission: 'complaint.triage', reason: true, fields: ['path'], needs: ['no_conflict'],
    document: 'guidance_letter', clock: { stop: ['accept'] }, audience: 'text'
  },
  {
    action: 'transfer', from: ['registered'], to: 'transferred', by: TRIAGE, permission: 'complaint.triage', reason: true, fields: ['receiving_body'], needs: ['no_conflict'],
    document: 'transfer_letter', clock: { stop: ['accept'], start: ['transfer'] }, audience: 'text'
  },
  { action: 'take_back', from: ['transferred'], to: 'registered', by: TRIAGE, permission: 'complaint.triage', reason: true, clock: { stop: ['transfer'], start: ['accept'] }, audience: 'text' },
  {
    action: 'insist', from: ['refused', 'guided'], to: 'registered', by: ['complainant'], permission: 'complaint.own', reason: true,
    needs: ['insisting_allowed', 'not_insisted_yet'], clock: { start: ['accept'] }, audience: 'text'
  },
  {
    action: 'delegate', from: ['accepted'], to: 'delegated', by: ['triager', ...LEADERS], permission: 'complaint.delegate', reason: true, fields: ['bureau'],
    document: 'assignment_letter', clock: { start: ['delegation'] }, released: true, audience: 'event'
  },
  { action: 'return_delegation', from: ['delegated'], to: 'accepted', by: ['triager', ...SUPERVISORS], permission: 'complaint.read', reason: true, clock: { stop: ['delegation'] }, released: true, audience: 'internal' },
  {
    action: 'start_investigation', from: ['accepted', 'delegated'], to: 'investigating', by: SUPERVISORS, permission: 'complaint.investigate', reason: true,
    needs: ['no_conflict', 'agency_known', 'two_investigators'], document: 'agency_notice', clock: { stop: ['delegation'], start: ['agency_explanation', 'investigation_plan'] }, audience: 'event'
  },
  {
    action: 'suspend', from: ['investigating', 'findings', 'drafting'], to: 'suspended', by: LEADERS, permission: 'complaint.suspend', reason: true, fields: ['suspension'], needs: ['no_conflict'],
    document: 'suspension_notice', clock: { pause: ['handle', 'agency_explanation', 'investigation_plan'] }, audience: 'text'
  },
  { action: 'resume', from: ['suspended'], to: 'investigating', by: LEADERS, permission: 'complaint.suspend', needs: ['no_conflict'], clock: { resume: ['handle', 'agency_explanation', 'investigation_plan'] }, audience: 'event' },
  { action: 'propose_findings', from: ['investigating'], to: 'findings', by: SUPERVISORS, permission: 'complaint.investigate', needs: ['no_conflict', 'every_issue_found', 'every_issue_ruled', 'checklist_done'], clock: { stop: ['agency_explanation', 'investigation_plan'] }, audience: 'internal' },
  { action: 'look_again', from: ['findings', 'drafting'], to: 'investigating', by: SUPERVISORS, permission: 'complaint.investigate', reason: true, audience: 'internal' },
  {
    action: 'correct_on_spot', from: ['findings'], to: 'verifying', by: SUPERVISORS, permission: 'complaint.investigate', reason: true,
    needs: ['no_conflict', 'something_substantiated'], clock: { start: ['reply'] }, audience: 'text'
  },
  { action: 'begin_letter', from: ['findings'], to: 'drafting', by: SUPERVISORS, permission: 'letter.draft', needs: ['no_conflict', 'something_substantiated'], audience: 'internal' },
  {
    action: 'issue_letter', from: ['drafting'], to: 'document_issued', by: ['approver'], permission: 'letter.sign', needs: ['no_conflict', 'letter_approved'],
    clock: { start: ['rectify', 'objection'] }, place: 'letters', audience: 'event'
  },
  { action: 'propose_to_government', from: ['drafting'], to: 'government_approval', by: ['approver'], permission: 'letter.sign', needs: ['no_conflict', 'decision_approved'], place: 'letters', audience: 'event' },
  {
    action: 'government_approve', from: ['government_approval'], to: 'document_issued', by: ['government'], permission: 'government.decide', reason: true, needs: ['no_conflict'],
    clock: { start: ['rectify', 'objection'] }, place: 'letters', audience: 'event'
  },
  { action: 'government_return', from: ['government_approval'], to: 'drafting', by: ['government'], permission: 'government.decide', reason: true, needs: ['no_conflict'], place: 'letters', audience: 'internal' },
  {
    action: 'object', from: ['document_issued'], to: 'objection', by: ['agency_leader'], permission: 'agency.sign', reason: true,
    needs: ['objection_window_open'], clock: { stop: ['objection'], start: ['objection_answer'] }, place: 'agency', audience: 'event'
  },
  { action: 'withdraw_objection', from: ['objection'], to: 'document_issued', by: ['agency_leader'], permission: 'agency.sign', clock: { stop: ['objection_answer'] }, place: 'agency', audience: 'event' },
  { action: 'dismiss_objection', from: ['objection'], to: 'document_issued', by: LEADERS, permission: 'objection.decide', reason: true, needs: ['no_conflict'], clock: { stop: ['objection_answer'] }, audience: 'event' },
  { action: 'uphold_objection', from: ['objection'], to: 'drafting', by: LEADERS, permission: 'objection.decide', reason: true, needs: ['no_conflict'], clock: { stop: ['objection_answer', 'rectify'] }, audience: 'event' },
  {
    action: 'report_rectification', from: ['document_issued'], to: 'verifying', by: ['agency_leader'], permission: 'agency.sign',
    needs: ['every_demand_claimed'], clock: { stop: ['rectify', 'objection'], start: ['verification'] }, place: 'agency', audience: 'event'
  },
  { action: 'return_rectification', from: ['verifying'], to: 'document_issued', by: SUPERVISORS, permission: 'complaint.investigate', reason: true, needs: ['no_conflict', 'letter_issued'], clock: { stop: ['verification'], start: ['rectify'] }, audience: 'event' },
  {
    action: 'escalate', from: ['document_issued', 'verifying'], to: 'drafting', by: LEADERS, permission: 'complaint.suspend', reason: true,
    needs: ['no_conflict', 'letter_issued'], clock: { stop: ['rectify', 'objection', 'verification'] }, audience: 'event'
  },
  {
    action: 'reply', from: ['findings', 'verifying'], to: 'replied', by: ANSWERERS, permission: 'complaint.reply', reason: true,
    needs: ['no_conflict', 'every_issue_found', 'every_issue_ruled', 'put_right_or_unfounded'], document: 'reply_letter',
    clock: { stop: ['handle', 'agency_explanation', 'investigation_plan', 'verification', 'reply'], start: ['review_window'] }, audience: 'text'
  },
  {
    action: 'dispute_rectification', from: ['replied', 'closed'], to: 'verifying', by: ['complainant'], permission: 'complaint.own', reason: true,
    needs: ['something_substantiated', 'reopening_window_open'], clock: { start: ['verification'] }, audience: 'text'
  },
  {
    action: 'confirm_rectification', from: ['verifying'], to: 'replied', by: ANSWERERS, permission: 'complaint.reply', reason: true,
    needs: ['no_conflict', 'answered_before', 'put_right_or_unfounded'], clock: { stop: ['verification'] }, audience: 'text'
  },
  {
    action: 'request_review', from: ['replied', 'closed'], to: 'review', by: ['complainant'], permission: 'complaint.own', reason: true, fields: ['issue'],
    needs: ['review_window_open', 'not_reviewed_yet'], clock: { stop: ['review_window'], start: ['review'] }, released: true, audience: 'text'
  },
  {
    action: 'answer_review', from: ['review'], to: 'replied', by: ANSWERERS, permission: 'complaint.reply', reason: true, fields: ['review_outcome'],
    needs: ['no_conflict', 'no_part_before', 'every_issue_found', 'every_issue_ruled'], document: 'review_reply', clock: { stop: ['review'] }, audience: 'text'
  },
  {
    action: 'close', from: ['replied', 'refused', 'guided', 'transferred', 'withdrawn'], to: 'closed', by: [...ANSWERERS, 'system'], permission: 'complaint.close',
    needs: ['nothing_left_published'], clock: { stop: ['transfer'], start: ['reopening', 'retaliation'] },
    outcome: { replied: 'answered', refused: 'refused', guided: 'guided', transferred: 'transferred', withdrawn: 'withdrawn' }, audience: 'event'
  },
  {
    action: 'withdraw', from: ['submitted', 'registered', 'needs_info', 'accepted', 'delegated', 'investigating', 'suspended', 'findings', 'drafting'], to: 'withdrawn', by: ['complainant'], permission: 'complaint.own',
    clock: { stop: ['urgent', 'accept', 'supplement', 'handle', 'agency_explanation', 'investigation_plan', 'delegation'] }, audience: 'event'
  },
  {
    action: 'go_on_ex_officio', from: ['withdrawn'], to: 'investigating', by: LEADERS, permission: 'complaint.suspend', reason: true,
    needs: ['no_conflict', 'accepted_before', 'agency_known', 'two_investigators'], clock: { start: ['handle', 'investigation_plan'] }, audience: 'internal'
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
export const FINDABLE: readonly Status[] = ['investigating', 'verifying', 'review']

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
  examining: ['accepted', 'delegated', 'investigating', 'suspended', 'findings', 'drafting', 'government_approval', 'document_issued', 'objection', 'verifying', 'review'],
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
