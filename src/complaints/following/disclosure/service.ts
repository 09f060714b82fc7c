import { appendAudit } from '../../../db/audit.ts'
import { IDENTITY_MODES, mayChangeMode, type IdentityMode } from '../../../domain/process/identity-modes.ts'
import { AppError } from '../../../errors.ts'
import { keepIdentity, type Moment, type Own } from '../contacts/service.ts'
import { insertEvent, touchComplaint } from '../../case/core/repository.ts'
import type { Identity, Parts } from '../../case/core/types.ts'
import { sealFor } from '../../case/ledger/sealing.ts'

/** The modes to which a complainant may still go: toward more disclosure, never back, because what was told cannot be taken back. */
export function modesAbove (mode: IdentityMode): IdentityMode[] {
  return (Object.keys(IDENTITY_MODES) as IdentityMode[]).filter(to => mayChangeMode(mode, to))
}

export interface Disclosure { mode: IdentityMode, identity?: Identity }

/**
 * Goes to more disclosure, by the complainant alone: the mode, the identity where none was kept, event and audit entry together.
 * Errors: `not_found`, `transition_refused` when it would not be more.
 */
export async function disclose ({ db, keys }: Parts, { complaintId, now, requestId }: Own, { mode, identity }: Disclosure, { locale }: Pick<Moment, 'locale'>): Promise<void> {
  await db.transaction().execute(async trx => {
    const complaint = await touchComplaint(trx, complaintId, { unread: 1 }, now)
    const from = complaint.identity_mode as IdentityMode
    const told = IDENTITY_MODES[from].sealed
    if (!mayChangeMode(from, mode) || told !== (identity === undefined)) throw new AppError('transition_refused', { status: complaint.status, action: 'mode_changed', failing: [] })
    await trx.updateTable('complaint').set({ identity_mode: mode }).where('id', '=', complaintId).execute()
    if (identity !== undefined) await keepIdentity(trx, keys, complaintId, identity, { locale, now })
    await insertEvent(trx, sealFor(keys, complaint), complaintId, {
      action: 'mode_changed', from: complaint.status, to: complaint.status, actorId: null, role: 'complainant', audience: 'event', details: { mode }, at: now
    })
    await appendAudit(trx, keys.audit, { at: now, actorId: null, role: 'complainant', action: 'identity_mode.changed', subject: complaint.ref, result: 'done', requestId })
  })
}
