import type { ClockTable, Db } from '../../db/schema.ts'
import { localDate } from '../../domain/time/calendar.ts'
import type { Finding } from '../../domain/process/findings.ts'
import type { Facts } from '../../domain/process/guards.ts'
import type { Parallel } from '../../domain/process/parallel.ts'
import { hadPart, REVIEW_OUTCOMES, type Acted } from '../../domain/aftermath/review.ts'
import { missingDemands, PATHS, REFUSALS, type Demand } from '../../domain/process/refusals.ts'
import type { Transition } from '../../domain/process/workflow.ts'
import type { Clock } from '../../domain/time/clocks.ts'
import { AppError } from '../../errors.ts'
import { listClocks } from '../ledger/clocks.ts'
import { hasWritten, listActs, listIssues, type ComplaintRow } from './repository.ts'
import { STEP_FIELD_LIMIT, STEP_TEXT_LIMIT, type Actor, type FieldFaults, type Step } from './types.ts'

export type CaseFacts = Omit<Facts, 'role'>

/** Who acts, and the reason chosen where a complaint is refused. */
export interface Asking { refusal?: Facts['refusal'], actorId: number | null }
interface Known { complaint: ComplaintRow, issues: ReadonlyArray<{ finding: string | null }>, clocks: readonly ClockTable[], acts: readonly Acted[] }

/** What the guards ask about a complaint on a day. */
export async function loadFacts (db: Db, complaint: ComplaintRow, asking: Asking, now: string): Promise<CaseFacts> {
  const [issues, clocks, acts] = [await listIssues(db, complaint.id), await listClocks(db, complaint.id), await listActs(db, complaint.id)]
  return factsOf({ complaint, issues, clocks, acts }, asking, now)
}

/** The same from what was read already. */
export function factsOf ({ complaint, issues, clocks, acts }: Known, { refusal = null, actorId }: Asking, now: string): CaseFacts {
  const supplement = clocks.find(row => row.clock === 'supplement' && row.stopped_on === null)
  const lasts = (clock: Clock): boolean => clocks.some(row => row.clock === clock && row.stopped_on === null && localDate(now) <= row.due_on)
  return {
    findings: issues.map(issue => issue.finding as Finding | null),
    parallels: [complaint.parallel as Parallel],
    supplementOpen: supplement !== undefined && localDate(now) <= supplement.due_on,
    refusal,
    reviewOpen: lasts('review_window'),
    reviewed: acts.some(({ action }) => action === 'request_review'),
    reopeningOpen: complaint.closed_at === null || lasts('reopening'),
    hadPart: hadPart(acts, actorId)
  }
}

/** Refuses a step that lacks its text or its fields: `reason_required`, or `form_invalid` with each field's fault. */
export async function checkStep (db: Db, row: Transition, actor: Actor, complaint: ComplaintRow, step: Step): Promise<void> {
  const wordless = row.reason === true && blank(step.text)
  const faults = { ...tooLong(step), ...await codeFaults(db, row, complaint, step) }
  if (row.fields?.includes('refusal') === true) Object.assign(faults, await refusalFaults(db, actor, complaint, step))
  else for (const field of row.fields ?? []) if (blank(step[field]?.toString())) faults[field] = { key: 'field.required' }
  if (wordless && Object.keys(faults).length === 0) throw new AppError('reason_required', { action: row.action })
  if (wordless) faults['text'] = { key: `step_missing.${row.action}` } // said together with what else is missing
  if (Object.keys(faults).length > 0) throw new AppError('form_invalid', { fields: faults })
}

/** Choices that are none. */
async function codeFaults (db: Db, row: Transition, complaint: ComplaintRow, { path, review_outcome: outcome, issue }: Step): Promise<FieldFaults> {
  const issueUnknown = issue !== undefined && row.fields?.includes('issue') === true && !await hasIssue(db, complaint.id, issue)
  return {
    ...path !== undefined && !PATHS.includes(path) ? { path: { key: 'field.enum' } } : {},
    ...outcome !== undefined && !REVIEW_OUTCOMES.includes(outcome) ? { review_outcome: { key: 'field.enum' } } : {},
    ...issueUnknown ? { issue: { key: 'field.enum' } } : {}
  }
}

/** An issue by its number; 0 is all of them. */
async function hasIssue (db: Db, id: string, no: number): Promise<boolean> {
  return no === 0 || (await listIssues(db, id)).some(issue => issue.no === no)
}

function tooLong (step: Step): FieldFaults {
  const faults: FieldFaults = {}
  for (const field of ['text', 'receiving_body', 'parallel', 'earlier_reference'] as const) {
    const limit = field === 'text' ? STEP_TEXT_LIMIT : STEP_FIELD_LIMIT
    if ([...step[field] ?? ''].length > limit) faults[field] = { key: 'field.maxLength', values: { limit } }
  }
  return faults
}

/** Demands that a field can meet; the others are facts and stand at the reason itself. */
const AT_FIELD: ReadonlySet<Demand> = new Set<Demand>(['receiving_body', 'parallel', 'earlier_reference', 'path'])

async function refusalFaults (db: Db, actor: Actor, complaint: ComplaintRow, step: Step): Promise<FieldFaults> {
  if (step.refusal === undefined) return { refusal: { key: 'field.required' } }
  if (!Object.hasOwn(REFUSALS, step.refusal)) return { refusal: { key: 'field.enum' } }
  const missing = missingDemands(step.refusal, {
    receiving_body: !blank(step.receiving_body),
    parallel: !blank(step.parallel),
    earlier_reference: !blank(step.earlier_reference),
    path: !blank(step.path),
    approver: actor.role === 'approver',
    anonymous: complaint.identity_mode === 'anonymous',
    supplement_lapsed: complaint.status === 'needs_info', // the guard of the row has seen that its period is over
    complainant_asked: await hasWritten(db, complaint.id) // only who has written can have asked to stop
  })
  return Object.fromEntries(missing.map(demand => [AT_FIELD.has(demand) ? demand : 'refusal', { key: `demand.${demand}` }]))
}

/** Whether nothing but spaces was typed. */
export function blank (text: string | undefined): boolean {
  return text === undefined || text.trim() === ''
}
