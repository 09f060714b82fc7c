import { randomUUID } from 'node:crypto'
import { appendAudit } from '../../../db/audit.ts'
import type { Db } from '../../../db/schema.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { AppError } from '../../../errors.ts'
import { openText, sealText } from '../../../vault/seal.ts'
import { endAssignment } from '../assignments/repository.ts'
import { changeComplaint, findByRef, insertEvent, touchComplaint } from '../../case/core/repository.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Actor, Parts, Viewer } from '../../case/core/types.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { endDeclaration, insertDeclaration, listDeclarations, listHeldAgainst, type DeclarationLine } from './repository.ts'

export { hasConflict } from './repository.ts'

/** What somebody declares: a tie with an agency, with an enforcement officer, with what a case is about, or one that only words can tell. */
export interface Tie { agencyId: number | null, officerId: number | null, ref: string | null, text: string }
/** A declaration as its readers see it. */
export interface Declared { id: string, person: string, own: boolean, agency: string | null, officer: string | null, ref: string | null, text: string, declaredAt: string, endedAt: string | null }
type Person = Actor & Viewer & { id: number }

/**
 * Declares a tie (features.md T27). What it names no longer exists for the person, at once (security.md Z-4), and what they had in hand of it
 * is free for others. Errors: `not_found` for an unknown case.
 */
export async function declareConflict (parts: Parts, actor: Person, { agencyId, officerId, ref, text }: Tie, now: string): Promise<void> {
  await parts.db.transaction().execute(async trx => {
    const complaintId = ref === null ? null : (await findByRef(trx, ref, actor)).id
    const id = randomUUID()
    const held = await listHeldAgainst(trx, actor.id, { agencyId, officerId, complaintId })
    for (const one of held) await release(trx, parts, actor, one, now)
    const sealed = sealText(parts.keys.content, text, `conflict|${id}`)
    await insertDeclaration(trx, { id, account_id: actor.id, agency_id: agencyId, officer_id: officerId, complaint_id: complaintId, sealed, since: localDate(now), declared_at: now, ended_at: null, ended_by: null })
    await record(trx, parts, actor, 'conflict.declared', now)
  })
}

/** A leader, never the person, ends a declaration. Errors: `forbidden`, `not_found`. */
export async function endConflict (parts: Parts, actor: Person & { bureauIds: readonly number[] }, id: string, now: string): Promise<void> {
  demandPermission(actor, 'recusal.decide')
  await parts.db.transaction().execute(async trx => {
    if (!await endDeclaration(trx, id, { by: actor.id, bureauIds: actor.bureauIds, now })) throw new AppError('not_found')
    await record(trx, parts, actor, 'conflict.ended', now)
  })
}

/** The own declarations; for who decides about recusals those of everybody in their bureaus. */
export async function readDeclarations (parts: Parts, actor: Person & { bureauIds: readonly number[] }, all: boolean): Promise<Declared[]> {
  const rows = await listDeclarations(parts.db, all ? { bureauIds: actor.bureauIds } : { accountId: actor.id })
  return rows.map((row: DeclarationLine) => ({
    id: row.id, person: row.person, own: row.account_id === actor.id, agency: row.agency, officer: row.officer, ref: row.ref, text: openText(parts.keys.content, row.sealed, `conflict|${row.id}`), declaredAt: row.declared_at, endedAt: row.ended_at
  }))
}

async function release (trx: Db, { keys }: Parts, actor: Person, id: string, now: string): Promise<void> {
  const complaint = await touchComplaint(trx, id, {}, now)
  if (complaint.handler_id === actor.id) await changeComplaint(trx, complaint, complaint.version, { handler_id: null }, now)
  await endAssignment(trx, id, actor.id, now)
  await insertEvent(trx, sealFor(keys, complaint), id, { action: 'conflict_declared', from: complaint.status, to: complaint.status, actorId: actor.id, role: actor.role, audience: 'internal', at: now })
}

async function record (trx: Db, { keys }: Parts, actor: Person, action: string, now: string): Promise<void> {
  await appendAudit(trx, keys.audit, { at: now, actorId: actor.id, role: actor.role, action, subject: `account ${actor.id}`, result: 'done', requestId: actor.requestId })
}
