import { appendAudit } from '../../../db/audit.ts'
import type { Db } from '../../../db/schema.ts'
import { PERMISSIONS } from '../../../domain/process/permissions.ts'
import { AppError } from '../../../errors.ts'
import { hasConflict } from '../conflicts/repository.ts'
import { changeComplaint, findAgencyName, findByRef, insertEvent, touchComplaint, type ComplaintRow } from '../../case/core/repository.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Actor, Parts } from '../../case/core/types.ts'
import type { SideEvent } from '../../../domain/process/side-events.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { bureausOf, endAssignment, listAssigned, listSupervisors, upsertAssignment } from './repository.ts'

export { bureausOf, listAssigned, listSupervisors, type Assigned } from './repository.ts'

/** Roles that may examine a case. */
export const SUPERVISING: readonly string[] = PERMISSIONS['complaint.investigate']

/**
 * Puts a supervisor on a case: leaders anybody of the case's bureaus, a supervisor only themselves. Twice is once. Errors: `forbidden`,
 * `not_found`, `form_invalid` for somebody who may not examine or has no certificate.
 */
export async function assign (parts: Parts, actor: Actor, ref: string, accountId: number, now: string): Promise<void> {
  demandPermission(actor, accountId === actor.id ? 'complaint.investigate' : 'complaint.assign')
  await onCase(parts, actor, ref, now, async (trx, complaint) => {
    if ((await listAssigned(trx, complaint.id)).some(({ id }) => id === accountId)) return
    const found = (await listSupervisors(trx, await bureausOf(trx, complaint), SUPERVISING)).find(({ id }) => id === accountId)
    if (found === undefined) throw new AppError('form_invalid', { fields: { account: { key: 'field.enum' } } })
    if (found.cardNo === null) throw new AppError('form_invalid', { fields: { account: { key: 'assignment.no_card', values: { name: found.name } } } })
    if (await hasConflict(trx, accountId, complaint.id)) throw new AppError('form_invalid', { fields: { account: { key: 'assignment.conflict', values: { name: found.name } } } })
    await upsertAssignment(trx, { complaint_id: complaint.id, account_id: accountId, assigned_by: actor.id, at: now })
    await write(trx, parts, actor, { complaint, action: 'assign', typed: { person: found.name }, now })
  })
}

/** Takes a supervisor off a case. Errors: `forbidden`, `not_found`. */
export async function unassign (parts: Parts, actor: Actor, ref: string, accountId: number, now: string): Promise<void> {
  demandPermission(actor, accountId === actor.id ? 'complaint.investigate' : 'complaint.assign')
  await onCase(parts, actor, ref, now, async (trx, complaint) => {
    const leaving = (await listAssigned(trx, complaint.id)).find(({ id }) => id === accountId)
    if (leaving === undefined || !await endAssignment(trx, complaint.id, accountId, now)) return
    await write(trx, parts, actor, { complaint, action: 'unassign', typed: { person: leaving.name }, now })
  })
}

/** Says which agency of the register a complaint is about, where the complainant described it in words. Errors: `forbidden`, `not_found`, `stale_version`. */
export async function nameAgency (parts: Parts, actor: Actor, ref: string, { agencyId, version }: { agencyId: number, version: number }, now: string): Promise<void> {
  demandPermission(actor, 'complaint.claim')
  await onCase(parts, actor, ref, now, async (trx, complaint) => {
    const name = await findAgencyName(trx, agencyId)
    if (complaint.agency_id === agencyId && complaint.version === version) return // said again is not another one: what was sent stays where it is
    await changeComplaint(trx, complaint, version, { agency_id: agencyId }, now)
    await write(trx, parts, actor, { complaint, action: 'agency_named', typed: { agency: name }, now })
  })
}

async function onCase (parts: Parts, actor: Actor, ref: string, now: string, work: (trx: Db, complaint: ComplaintRow) => Promise<void>): Promise<void> {
  await parts.db.transaction().execute(async trx => {
    const { id } = await findByRef(trx, ref, actor)
    await work(trx, await touchComplaint(trx, id, {}, now))
  })
}

interface Line { complaint: ComplaintRow, action: SideEvent, typed: Record<string, string>, now: string }

async function write (trx: Db, { keys }: Parts, actor: Actor, { complaint, action, typed, now }: Line): Promise<void> {
  const { id, ref, status } = complaint
  await insertEvent(trx, sealFor(keys, complaint), id, { action, from: status, to: status, actorId: actor.id, role: actor.role, audience: 'internal', typed, at: now })
  await appendAudit(trx, keys.audit, { at: now, actorId: actor.id, role: actor.role, action: `complaint.${action}`, subject: ref, result: 'done', requestId: actor.requestId })
}
