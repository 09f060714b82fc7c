import { appendAudit } from '../../../db/audit.ts'
import type { Db } from '../../../db/schema.ts'
import type { Permission } from '../../../domain/process/permissions.ts'
import type { Status } from '../../../domain/process/workflow.ts'
import { AppError } from '../../../errors.ts'
import { findByRef, insertEvent, touchComplaint, type ComplaintRow } from '../../case/core/repository.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Actor, Parts } from '../../case/core/types.ts'
import type { SideEvent } from '../../../domain/process/side-events.ts'
import { sealFor, type Seal } from '../../case/ledger/sealing.ts'

/** When the checklist may be answered: until findings are proposed, and again under review. */
export const CHECKABLE: readonly Status[] = ['accepted', 'delegated', 'investigating', 'review']
/** When something may be examined and written down. */
export const EXAMINABLE: readonly Status[] = [...CHECKABLE, 'findings', 'drafting', 'document_issued', 'objection', 'verifying']
/** A case in its lock, with what belongs to an act on it. */
export interface Hold { trx: Db, complaint: ComplaintRow, seal: Seal }

/** Does something to a case that is examined, in one transaction with its lock. Errors: `forbidden`, `not_found`, `transition_refused` outside these statuses. */
export async function examine<T> (parts: Parts, actor: Actor, ref: string, { permission = 'complaint.investigate', within = EXAMINABLE, now }: { permission?: Permission, within?: readonly Status[], now: string }, work: (hold: Hold) => Promise<T>): Promise<T> {
  demandPermission(actor, permission)
  return await parts.db.transaction().execute(async trx => {
    const { id } = await findByRef(trx, ref, actor)
    const complaint = await touchComplaint(trx, id, {}, now)
    if (!within.includes(complaint.status as Status)) throw new AppError('transition_refused', { status: complaint.status, action: 'examine', failing: [] })
    return await work({ trx, complaint, seal: sealFor(parts.keys, complaint) })
  })
}

/** Writes an act into the audit, and where it has words for it into the timeline. */
export async function writeAct (parts: Pick<Parts, 'keys'>, { trx, complaint, seal }: Hold, actor: Actor, act: { action: string, event?: SideEvent, details?: Record<string, string | number>, subject?: string }, now: string): Promise<void> {
  const { id, ref, status } = complaint
  if (act.event !== undefined) await insertEvent(trx, seal, id, { action: act.event, from: status, to: status, actorId: actor.id, role: actor.role, audience: 'internal', details: act.details ?? {}, at: now })
  await appendAudit(trx, parts.keys.audit, { at: now, actorId: actor.id, role: actor.role, action: act.action, subject: act.subject === undefined ? ref : `${ref} ${act.subject}`, result: 'done', requestId: actor.requestId })
}
