import { appendAudit } from '../../../db/audit.ts'
import { PRIORITIES, type Priority } from '../../../domain/work/priorities.ts'
import { AppError } from '../../../errors.ts'
import { blank } from '../../case/core/demands.ts'
import { findByRef, insertEvent, touchComplaint } from '../../case/core/repository.ts'
import { demandPermission, type Actor, type Parts } from '../../case/core/service.ts'
import { sealFor } from '../../case/ledger/sealing.ts'

/** Longest reason for a change, in code points. */
export const PRIORITY_REASON_LIMIT = 500

/**
 * Puts a complaint before or behind others, with a reason; no period changes, and the complainant is not told. True when it was changed: the same
 * again is nothing. Errors: `forbidden`, `not_found`, `transition_refused` once closed, `reason_required`, `form_invalid`.
 */
export async function setPriority (parts: Parts, actor: Actor, ref: string, { priority, reason }: { priority: Priority, reason: string }, now: string): Promise<boolean> {
  demandPermission(actor, 'complaint.triage')
  if (!PRIORITIES.includes(priority)) throw new AppError('form_invalid', { fields: { priority: { key: 'field.enum' } } })
  if (blank(reason)) throw new AppError('reason_required', { action: 'priority_changed' })
  if ([...reason].length > PRIORITY_REASON_LIMIT) throw new AppError('form_invalid', { fields: { text: { key: 'field.maxLength', values: { limit: PRIORITY_REASON_LIMIT } } } })
  return await parts.db.transaction().execute(async trx => {
    const { id } = await findByRef(trx, ref, actor)
    const complaint = await touchComplaint(trx, id, {}, now)
    const { status } = complaint
    if (complaint.closed_at !== null) throw new AppError('transition_refused', { status, action: 'priority_changed', failing: [] })
    if (complaint.priority === priority) return false
    await trx.updateTable('complaint').set({ priority }).where('id', '=', id).execute()
    await insertEvent(trx, sealFor(parts.keys, complaint), id, { action: 'priority_changed', from: status, to: status, actorId: actor.id, role: actor.role, audience: 'internal', details: { priority }, typed: { text: reason }, at: now })
    await appendAudit(trx, parts.keys.audit, { at: now, actorId: actor.id, role: actor.role, action: 'complaint.priority_changed', subject: ref, result: 'done', requestId: actor.requestId })
    return true
  })
}
