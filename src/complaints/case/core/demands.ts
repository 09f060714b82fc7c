import type { Db } from '../../../db/schema.ts'
import { REVIEW_OUTCOMES } from '../../../domain/aftermath/review.ts'
import { RECORDED_CHANNELS } from '../../../domain/process/sources.ts'
import { missingDemands, PATHS, REFUSALS, type Demand } from '../../../domain/process/refusals.ts'
import type { Transition } from '../../../domain/process/workflow.ts'
import { leftOpen, stepPlace } from '../../../domain/supervision/phrases.ts'
import { SUSPENSIONS } from '../../../domain/supervision/suspensions.ts'
import { AppError } from '../../../errors.ts'
import { findDistrict, hasWritten, listIssues, type ComplaintRow } from './repository.ts'
import { STEP_FIELD_LIMIT, STEP_TEXT_LIMIT, type Actor, type FieldFaults, type Step } from './types.ts'

/** Refuses a step that lacks its text or its fields: `reason_required`, or `form_invalid` with each field's fault. */
export async function checkStep (db: Db, row: Transition, actor: Actor, complaint: ComplaintRow, step: Step): Promise<void> {
  const wordless = row.reason === true && blank(step.text)
  const open = stepPlace(row.action) === null ? undefined : leftOpen(step.text ?? '') // standard wording that nobody finished
  const faults: FieldFaults = { ...open === undefined ? {} : { text: { key: 'drafting.left_open', values: { what: open } } }, ...tooLong(step), ...await codeFaults(db, row, complaint, step) }
  if (row.fields?.includes('refusal') === true) Object.assign(faults, await refusalFaults(db, actor, complaint, step))
  else for (const field of row.fields ?? []) if (blank(step[field]?.toString())) faults[field] = { key: 'field.required' }
  if (wordless && Object.keys(faults).length === 0) throw new AppError('reason_required', { action: row.action })
  if (wordless) faults['text'] = { key: `step_missing.${row.action}` } // said together with what else is missing
  if (Object.keys(faults).length > 0) throw new AppError('form_invalid', { fields: faults })
}

/** Choices that are none. */
async function codeFaults (db: Db, row: Transition, complaint: ComplaintRow, { path, review_outcome: outcome, issue, suspension, bureau, channel }: Step): Promise<FieldFaults> {
  const issueUnknown = issue !== undefined && row.fields?.includes('issue') === true && !await hasIssue(db, complaint.id, issue)
  return {
    ...path !== undefined && !PATHS.includes(path) ? { path: { key: 'field.enum' } } : {},
    ...outcome !== undefined && !REVIEW_OUTCOMES.includes(outcome) ? { review_outcome: { key: 'field.enum' } } : {},
    ...issueUnknown ? { issue: { key: 'field.enum' } } : {},
    ...channel !== undefined && !RECORDED_CHANNELS.includes(channel) ? { channel: { key: 'field.enum' } } : {},
    ...suspension !== undefined && !SUSPENSIONS.includes(suspension) ? { suspension: { key: 'field.enum' } } : {},
    ...bureau !== undefined && await findDistrict(db, complaint.bureau_id, bureau) === undefined ? { bureau: { key: 'field.enum' } } : {}
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
