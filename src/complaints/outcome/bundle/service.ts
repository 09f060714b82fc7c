import { appendAudit } from '../../../db/audit.ts'
import { insertEvent, touchComplaint } from '../../case/core/repository.ts'
import type { Actor, Parts } from '../../case/core/types.ts'
import { sealFor } from '../../case/ledger/sealing.ts'

/** How a case leaves: `form` full or redacted, as one page or as an archive. */
export interface Leaving { form: 'full' | 'redacted', shape: 'print' | 'zip', reason: string }

/** Writes down that a case is taken along, by whom and why: in the case, for the bureau alone, and in the audit log. */
export async function recordBundle ({ db, keys }: Parts, actor: Actor, complaintId: string, { form, shape, reason }: Leaving, now: string): Promise<void> {
  await db.transaction().execute(async trx => {
    const row = await touchComplaint(trx, complaintId, {}, now)
    await insertEvent(trx, sealFor(keys, row), complaintId, {
      action: 'bundle_taken', from: row.status, to: row.status, actorId: actor.id, role: actor.role, audience: 'internal', details: { bundle: form }, typed: { text: reason }, at: now
    })
    await appendAudit(trx, keys.audit, {
      at: now, actorId: actor.id, role: actor.role, action: shape === 'zip' ? 'bundle.taken' : 'bundle.printed', subject: `${row.ref} ${form}`, result: 'done', requestId: actor.requestId
    })
  })
}
