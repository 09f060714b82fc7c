import { appendAudit } from '../../../db/audit.ts'
import type { Db } from '../../../db/schema.ts'
import { FINDINGS } from '../../../domain/process/findings.ts'
import { allows, type Permission } from '../../../domain/process/permissions.ts'
import type { Guard } from '../../../domain/process/guards.ts'
import { hadPart } from '../../../domain/aftermath/review.ts'
import { FINDABLE, ROWS, type Status } from '../../../domain/process/workflow.ts'
import { AppError } from '../../../errors.ts'
import { loadReckoner } from '../../../db/reckoner.ts'
import { blank } from './demands.ts'
import { changeComplaint, findByRef, insertEvent, listActs, touchComplaint, updateFinding, type ComplaintRow } from './repository.ts'
import { closeApplied } from '../../work/investigation/rules.ts'
import { turnClocks } from '../ledger/clocks.ts'
import { sealFor } from '../ledger/sealing.ts'
import { takeStep, type Moved } from './steps.ts'
import { STEP_TEXT_LIMIT, type Actor, type FindingAnswer, type Parts, type Step } from './types.ts'

export type { Actor, FieldFaults, FindingAnswer, Parts, RevealReason, Step } from './types.ts'
export type { Moved } from './steps.ts'
export { REVEAL_REASONS, STEP_FIELD_LIMIT, STEP_TEXT_LIMIT } from './types.ts'

/** The same rule as at the route, so that no caller gets past it: `forbidden`. */
export function demandPermission (actor: Actor, permission: Permission): void {
  if (!allows(actor.role, permission)) throw new AppError('forbidden', { permission })
}

/**
 * Takes a step of the workflow for a member of staff (or the system). Errors: `not_found`, `stale_version`, `transition_refused`
 * (with the failing guards), `reason_required`, `form_invalid` (faults by step field).
 */
export async function advance (parts: Parts, actor: Actor, ref: string, step: Step, now: string): Promise<Moved> {
  const reckoner = await loadReckoner(parts.db)
  return await parts.db.transaction().execute(async trx => {
    const complaint = await findByRef(trx, ref, actor)
    demandOwnPlace(complaint.status, step.action)
    return await takeStep({ trx, keys: parts.keys, reckoner, now }, actor, complaint, step)
  })
}

/** A step that its own page takes together with what belongs to it is nobody else's: `transition_refused`. */
function demandOwnPlace (status: string, action: string): void {
  if (ROWS.some(row => row.action === action && row.place !== undefined)) throw new AppError('transition_refused', { status, action, failing: [] })
}

/**
 * Takes the flag of urgency off, with reasons that the complainant reads: the flag is a claim of the complainant's, and staff answer for what they
 * make of it. Twice is once. Errors: `not_found`, `reason_required`, `form_invalid`.
 */
export async function lowerUrgency (parts: Parts, actor: Actor, ref: string, reason: string, now: string): Promise<void> {
  demandPermission(actor, 'complaint.triage')
  if (blank(reason)) throw new AppError('reason_required', { action: 'lower_urgency' })
  if ([...reason].length > STEP_TEXT_LIMIT) throw new AppError('form_invalid', { fields: { text: { key: 'field.maxLength', values: { limit: STEP_TEXT_LIMIT } } } })
  const reckoner = await loadReckoner(parts.db)
  await parts.db.transaction().execute(async trx => {
    const complaint = await findByRef(trx, ref, actor)
    if (complaint.urgent === 0) return
    await touchComplaint(trx, complaint.id, { urgent: 0 }, now)
    await turnClocks(trx, complaint.id, { stop: ['urgent'] }, reckoner, now)
    const { status } = complaint
    await insertEvent(trx, sealFor(parts.keys, complaint), complaint.id, { action: 'lower_urgency', from: status, to: status, actorId: actor.id, role: actor.role, audience: 'text', typed: { text: reason }, at: now })
    await appendAudit(trx, parts.keys.audit, { at: now, actorId: actor.id, role: actor.role, action: 'complaint.lower_urgency', subject: ref, result: 'done', requestId: actor.requestId })
  })
}

/**
 * Writes down what was found on one issue, with reasons; may be changed until the reply goes out. Errors: `not_found`, `stale_version`,
 * `transition_refused` (not under examination), `form_invalid`.
 */
export async function recordFinding (parts: Parts, actor: Actor, ref: string, answer: FindingAnswer, now: string): Promise<void> {
  demandPermission(actor, 'finding.record')
  if (blank(answer.reasons)) throw new AppError('reason_required', { action: 'record_finding' })
  if ([...answer.reasons].length > STEP_TEXT_LIMIT) throw new AppError('form_invalid', { fields: { reasons: { key: 'field.maxLength', values: { limit: STEP_TEXT_LIMIT } } } })
  if (!Object.hasOwn(FINDINGS, answer.finding)) throw new AppError('form_invalid', { fields: { finding: { key: 'field.enum' } } })
  await parts.db.transaction().execute(async trx => {
    const complaint = await findByRef(trx, ref, actor)
    if (complaint.version !== answer.version) throw new AppError('stale_version', { ref })
    await demandFindable(trx, actor, complaint)
    await changeComplaint(trx, complaint, answer.version, {}, now)
    const seal = sealFor(parts.keys, complaint)
    await updateFinding(trx, complaint, answer.issue, { finding: answer.finding, reasons_sealed: seal.close(`issue:${answer.issue}:reasons`, answer.reasons), ...closeApplied(seal, answer.issue, answer.finding, answer) })
    await insertEvent(trx, seal, complaint.id, {
      action: 'record_finding', from: complaint.status, to: complaint.status, actorId: actor.id, role: actor.role, audience: 'internal', details: { issue: answer.issue, finding: answer.finding }, at: now
    })
    await appendAudit(trx, parts.keys.audit, { at: now, actorId: actor.id, role: actor.role, action: 'finding.recorded', subject: ref, result: 'done', requestId: actor.requestId })
  })
}

/** Findings are made while a complaint is examined; under review only by people who had no part in the answer. */
async function demandFindable (trx: Db, actor: Actor, { id, status }: ComplaintRow): Promise<void> {
  const refused = (failing: Guard[]): AppError => new AppError('transition_refused', { status, action: 'record_finding', failing })
  if (!FINDABLE.includes(status as Status)) throw refused([])
  if (status === 'review' && hadPart(await listActs(trx, id), actor.id)) throw refused(['no_part_before'])
}
