import { randomUUID } from 'node:crypto'
import { appendAudit } from '../../../db/audit.ts'
import { CASEWORK } from '../../../domain/process/permissions.ts'
import { AppError } from '../../../errors.ts'
import { openText, sealText } from '../../../vault/seal.ts'
import { findByRef, insertEvent, lockComplaint, touchComplaint } from '../../case/core/repository.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Actor, FieldFaults, Parts } from '../../case/core/types.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { BULK_ACTS } from '../../work/bulk/service.ts'
import { findPerson, listHeld } from './repository.ts'

/** Longest note to a hand-over, in code points. */
export const HANDOVER_NOTE_LIMIT = 500

type Leader = Actor & { id: number, bureauIds: readonly number[] }
/** A hand-over as it stands: how many have gone over, and what has not, with why (`bulk_result.<code>`; null: not tried yet). */
export interface Handover { id: string, from: { id: number, name: string }, to: { id: number, name: string }, at: string, moved: number, left: Array<{ ref: string, why: string | null }> }

/** Begins to hand all open cases of a person over to another; nothing moves yet. Oneself, or whoever leads. Errors: `forbidden`, `form_invalid`. Returns its id. */
export async function beginHandover (parts: Parts, actor: Leader, { fromId, toId, note }: { fromId: number, toId: number, note: string }, now: string): Promise<string> {
  demandPermission(actor, fromId === actor.id ? 'complaint.claim' : 'complaint.assign')
  const id = randomUUID()
  await parts.db.transaction().execute(async trx => {
    const [from, to] = [await findPerson(trx, fromId), await findPerson(trx, toId)]
    const faults: FieldFaults = {}
    if (from === undefined || !actor.bureauIds.includes(from.bureauId)) faults['from_person'] = { key: 'absence.unknown' }
    if (to === undefined || to.disabled !== 0 || toId === fromId || !CASEWORK.includes(to.role) || !actor.bureauIds.includes(to.bureauId)) faults['to_person'] = { key: 'handover.no_taker' }
    if (note.trim() === '') faults['note'] = { key: 'handover.no_note' }
    else if ([...note].length > HANDOVER_NOTE_LIMIT) faults['note'] = { key: 'field.maxLength', values: { limit: HANDOVER_NOTE_LIMIT } }
    if (Object.keys(faults).length > 0) throw new AppError('form_invalid', { fields: faults })
    await trx.insertInto('handover').values({ id, from_id: fromId, to_id: toId, actor_id: actor.id, note_sealed: sealText(parts.keys.content, note, `handover|${id}`), at: now, ended_at: null }).execute()
    await appendAudit(trx, parts.keys.audit, { at: now, actorId: actor.id, role: actor.role, action: 'handover.begun', subject: `account ${fromId}`, result: 'done', requestId: actor.requestId })
  })
  return id
}

/**
 * Moves what can be moved, each case in a transaction of its own with its event; what was interrupted goes on where it stopped, and twice is once. Cases
 * that do not exist for whoever acts, or that the other may not have, stay where they are. Errors: `not_found`.
 */
export async function continueHandover (parts: Parts, actor: Leader, id: string, now: string): Promise<void> {
  const row = await findRow(parts, actor, id)
  const note = openText(parts.keys.content, row.note_sealed, `handover|${id}`)
  for (const { ref } of await listHeld(parts.db, row.from_id)) await moveOne(parts, actor, { id, ref, from: row.from_id, to: row.to_id, note }, now)
  await parts.db.updateTable('handover').set({ ended_at: now }).where('id', '=', id).where('ended_at', 'is', null).execute()
}

/** A hand-over of one's own beginning. Errors: `not_found`. */
export async function readHandover (parts: Parts, actor: Leader, id: string, now: string): Promise<Handover> {
  const row = await findRow(parts, actor, id)
  const left: Handover['left'] = []
  for (const { ref } of await listHeld(parts.db, row.from_id)) {
    const complaint = await findByRef(parts.db, ref, actor).catch(absent)
    if (complaint !== undefined) left.push({ ref, why: await BULK_ACTS.handler.against(parts.db, { row: complaint, value: String(row.to_id), me: actor.id, now }) })
  }
  const [from, to] = [await findPerson(parts.db, row.from_id), await findPerson(parts.db, row.to_id)]
  return { id, from: { id: row.from_id, name: from?.name ?? '' }, to: { id: row.to_id, name: to?.name ?? '' }, at: row.at, moved: row.moved, left }
}

interface Move { id: string, ref: string, from: number, to: number, note: string }

async function moveOne (parts: Parts, actor: Leader, { id, ref, from, to, note }: Move, now: string): Promise<void> {
  await parts.db.transaction().execute(async trx => {
    const seen = await findByRef(trx, ref, actor).catch(absent)
    if (seen === undefined) return
    const row = await lockComplaint(trx, seen.id)
    const deed = { row, value: String(to), me: actor.id, now }
    if (row.handler_id !== from || await BULK_ACTS.handler.against(trx, deed) !== null) return
    const { event, typed } = await BULK_ACTS.handler.apply(trx, deed)
    await touchComplaint(trx, row.id, {}, now)
    await insertEvent(trx, sealFor(parts.keys, row), row.id, { action: event, from: row.status, to: row.status, actorId: actor.id, role: actor.role, audience: 'internal', typed: { ...typed, text: note }, at: now })
    await appendAudit(trx, parts.keys.audit, { at: now, actorId: actor.id, role: actor.role, action: `complaint.${event}`, subject: ref, result: 'done', requestId: actor.requestId })
    await trx.updateTable('handover').set(eb => ({ moved: eb('moved', '+', 1) })).where('id', '=', id).execute()
  })
}

async function findRow ({ db }: Pick<Parts, 'db'>, actor: Leader, id: string) {
  return await db.selectFrom('handover').selectAll().where('id', '=', id).where('actor_id', '=', actor.id).executeTakeFirstOrThrow(() => new AppError('not_found', { id }))
}

function absent (error: unknown): undefined {
  if (error instanceof AppError && error.code === 'not_found') return undefined
  throw error
}
