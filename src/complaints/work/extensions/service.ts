import { randomBytes } from 'node:crypto'
import { appendAudit } from '../../../db/audit.ts'
import { loadReckoner, type Reckoner } from '../../../db/reckoner.ts'
import type { ClockTable, Db } from '../../../db/schema.ts'
import { allows } from '../../../domain/process/permissions.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { EXTENSIONS, extensionBlock, type ExtendableClock, type ExtensionBlock, type ExtensionState } from '../../../domain/time/extensions.ts'
import { AppError } from '../../../errors.ts'
import { blank } from '../../case/core/demands.ts'
import { findBureau, findByRef, insertEvent, touchComplaint, type ComplaintRow } from '../../case/core/repository.ts'
import { demandPermission } from '../../case/core/service.ts'
import { STEP_TEXT_LIMIT, type Actor, type FieldFaults, type Parts } from '../../case/core/types.ts'
import type { SideEvent } from '../../../domain/process/side-events.ts'
import { listClocks, turnClocks } from '../../case/ledger/clocks.ts'
import { issueDocument } from '../../case/ledger/documents.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { recallLevels } from '../reminders/service.ts'
import { agencyOf, decideRequest, insertRequest, listRequests, moveDemands, type ExtensionRow } from './repository.ts'

export { countRequests } from './repository.ts'

/** What somebody asks for: days, at most as many as the profile says, and why. */
export interface ExtensionWish { clock: ExtendableClock, days: number, reason: string }
export interface ExtensionDecision { id: string, grant: boolean, text: string }
export interface ExtensionView {
  id: string, clock: ExtendableClock, run: string, days: number, state: ExtensionState, reason: string, by: string | null, byId: number | null, role: string, at: string
  answer: string | null, decider: string | null, decidedAt: string | null, dueBefore: string, dueAfter: string | null, documentId: string | null
}

/** A clock that can be made longer: by how many days at most, and what stands against asking now. */
export interface ExtensionOffer { clock: ExtendableClock, most: number, block: ExtensionBlock | null }

/** What was asked for a complaint's clocks so far, with reasons and answers. */
export async function listExtensions ({ db, keys }: Parts, ref: string, viewer: Pick<Actor, 'id' | 'bureauIds'>): Promise<ExtensionView[]> {
  const complaint = await findByRef(db, ref, viewer)
  const seal = sealFor(keys, complaint)
  return (await listRequests(db, complaint.id)).map(row => ({
    id: row.id, clock: row.clock as ExtendableClock, run: row.run, days: row.days, state: row.state as ExtensionState, reason: seal.open(`extension:${row.id}`, row.reason_sealed),
    by: row.by, byId: row.requested_by, role: row.requested_role, at: row.requested_at, answer: row.answer_sealed === null ? null : seal.open(`extension:${row.id}:answer`, row.answer_sealed),
    decider: row.decider, decidedAt: row.decided_at, dueBefore: row.due_before, dueAfter: row.due_after, documentId: row.document_id
  }))
}

/** Which clocks of a complaint a role may ask more time for; those that never ran are left out. */
export async function offersOf ({ db }: Parts, complaintId: string, role: Actor['role'], now: string): Promise<ExtensionOffer[]> {
  const { rules } = await loadReckoner(db)
  const clocks = await listClocks(db, complaintId)
  const asked = await listRequests(db, complaintId)
  return (Object.keys(EXTENSIONS) as ExtendableClock[]).filter(name => allows(role, EXTENSIONS[name].ask) && clocks.some(({ clock }) => clock === name))
    .map(name => ({ clock: name, most: rules.get(EXTENSIONS[name].rule)?.days ?? 0, block: blockOf(name, clocks, asked, now) }))
}

/**
 * Asks for more time. A clerk asks for the bureau's own period, an agency for its rectification. Errors: `forbidden`, `not_found`, `form_invalid`
 * by field, or without one for what stands against asking at all.
 */
export async function requestExtension (parts: Parts, actor: Actor, ref: string, wish: ExtensionWish, now: string): Promise<void> {
  demandPermission(actor, EXTENSIONS[wish.clock].ask)
  const { rules } = await loadReckoner(parts.db)
  checkWish(wish, rules.get(EXTENSIONS[wish.clock].rule)?.days ?? 0)
  await onCase(parts, actor, ref, now, async (trx, complaint) => {
    if (actor.role.startsWith('agency_') && (complaint.agency_id === null || await agencyOf(trx, actor.id ?? 0) !== complaint.agency_id)) throw new AppError('not_found', { ref })
    const clocks = await listClocks(trx, complaint.id)
    const block = blockOf(wish.clock, clocks, await listRequests(trx, complaint.id), now)
    const clock = clocks.find(({ clock }) => clock === wish.clock)
    if (block !== null || clock === undefined) throw faulty({ '': { key: `extension_block.${block ?? 'not_running'}` } })
    const id = randomBytes(12).toString('base64url')
    await insertRequest(trx, {
      id, complaint_id: complaint.id, clock: wish.clock, run: clock.started_at, days: wish.days, state: 'requested', reason_sealed: sealFor(parts.keys, complaint).close(`extension:${id}`, wish.reason), requested_by: actor.id,
      requested_role: actor.role, requested_at: now, decided_by: null, decided_at: null, answer_sealed: null, due_before: clock.due_on, due_after: null, document_id: null
    })
    await write(trx, parts, actor, { complaint, action: 'extension_requested', clock: wish.clock, days: wish.days, text: wish.reason, now })
  })
}

/**
 * Grants or refuses. Whoever asked does not decide. Granted: the clock has the days at once, and where it is the complainant's period they get the
 * notice in the same transaction. Errors: `forbidden`, `not_found`, `reason_required`, `form_invalid`, `stale_version` when it was decided already.
 */
export async function decideExtension (parts: Parts, actor: Actor, ref: string, decision: ExtensionDecision, now: string): Promise<void> {
  demandPermission(actor, 'extension.decide')
  if (blank(decision.text)) throw new AppError('reason_required', { action: 'decide_extension' })
  if ([...decision.text].length > STEP_TEXT_LIMIT) throw faulty({ text: { key: 'field.maxLength', values: { limit: STEP_TEXT_LIMIT } } })
  const reckoner = await loadReckoner(parts.db)
  await onCase(parts, actor, ref, now, async (trx, complaint) => {
    const asked = (await listRequests(trx, complaint.id)).find(({ id }) => id === decision.id)
    if (asked === undefined) throw new AppError('not_found', { id: decision.id })
    if (asked.requested_by === actor.id) throw faulty({ '': { key: 'extension.own_request' } })
    const clock = (await listClocks(trx, complaint.id)).find(({ clock }) => clock === asked.clock)
    if (decision.grant && (clock === undefined || clock.stopped_on !== null || clock.started_at !== asked.run)) throw faulty({ '': { key: 'extension_block.not_running' } })
    const granted = decision.grant && clock !== undefined ? await grant({ trx, parts, reckoner, now }, actor, { complaint, asked, clock, text: decision.text }) : { due_after: null, document_id: null }
    const sealed = sealFor(parts.keys, complaint).close(`extension:${asked.id}:answer`, decision.text)
    const decided = await decideRequest(trx, asked.id, { state: decision.grant ? 'granted' : 'refused', decided_by: actor.id, decided_at: now, answer_sealed: sealed, ...granted })
    if (!decided) throw new AppError('stale_version', { ref })
    await write(trx, parts, actor, { complaint, action: decision.grant ? 'extension_granted' : 'extension_refused', clock: asked.clock as ExtendableClock, days: asked.days, text: decision.text, now })
  })
}

interface Deed { trx: Db, parts: Parts, reckoner: Reckoner, now: string }
interface Granting { complaint: ComplaintRow, asked: ExtensionRow, clock: ClockTable, text: string }

async function grant ({ trx, parts, reckoner, now }: Deed, actor: Actor, { complaint, asked, clock, text }: Granting): Promise<{ due_after: string, document_id: string | null }> {
  await turnClocks(trx, complaint.id, { extend: { clock: asked.clock as ExtendableClock, days: asked.days } }, reckoner, now)
  const after = (await listClocks(trx, complaint.id)).find(({ clock }) => clock === asked.clock) as ClockTable
  await recallLevels(trx, after, reckoner, now)
  if (asked.clock === 'rectify') await moveDemands(trx, complaint.id, { from: clock.due_on, to: after.due_on })
  if (!EXTENSIONS[asked.clock as ExtendableClock].notice) return { due_after: after.due_on, document_id: null }
  const bureau = await findBureau(trx, complaint.bureau_id)
  const content = { ref: complaint.ref, caseNo: complaint.case_no, bureau: bureau.name, bureauEn: bureau.name_en, issuedOn: localDate(now), text, dueOn: after.due_on }
  const id = await issueDocument(trx, sealFor(parts.keys, complaint), { complaintId: complaint.id, type: 'extension_notice', prefix: bureau.case_prefix, authorId: actor.id, content }, now)
  return { due_after: after.due_on, document_id: id }
}

function blockOf (name: ExtendableClock, clocks: readonly ClockTable[], asked: ReadonlyArray<Pick<ExtensionRow, 'clock' | 'run' | 'state'>>, now: string): ExtensionBlock | null {
  const clock = clocks.find(({ clock }) => clock === name)
  const states = asked.filter(row => row.clock === name && row.run === clock?.started_at).map(row => row.state as ExtensionState)
  return extensionBlock(name, { ...clock === undefined ? {} : { clock: { dueOn: clock.due_on, pausedOn: clock.paused_on, stoppedOn: clock.stopped_on } }, asked: states, today: localDate(now) })
}

function checkWish ({ days, reason }: ExtensionWish, most: number): void {
  const fields: FieldFaults = {}
  if (!Number.isInteger(days) || days < 1 || days > most) fields['days'] = { key: 'extension.bad_days', values: { most } }
  if (blank(reason)) fields['reason'] = { key: 'extension.no_reason' }
  else if ([...reason].length > STEP_TEXT_LIMIT) fields['reason'] = { key: 'field.maxLength', values: { limit: STEP_TEXT_LIMIT } }
  if (Object.keys(fields).length > 0) throw faulty(fields)
}

function faulty (fields: FieldFaults): AppError {
  return new AppError('form_invalid', { fields })
}

async function onCase (parts: Parts, actor: Actor, ref: string, now: string, work: (trx: Db, complaint: ComplaintRow) => Promise<void>): Promise<void> {
  await parts.db.transaction().execute(async trx => {
    const { id } = await findByRef(trx, ref, actor)
    await work(trx, await touchComplaint(trx, id, {}, now))
  })
}

interface Line { complaint: ComplaintRow, action: SideEvent, clock: ExtendableClock, days: number, text: string, now: string }

async function write (trx: Db, { keys }: Parts, actor: Actor, { complaint, action, clock, days, text, now }: Line): Promise<void> {
  const { id, ref, status } = complaint
  const told = action === 'extension_granted' && EXTENSIONS[clock].notice
  await insertEvent(trx, sealFor(keys, complaint), id, { action, from: status, to: status, actorId: actor.id, role: actor.role, audience: told ? 'text' : 'internal', details: { clock, days }, typed: { text }, at: now })
  await appendAudit(trx, keys.audit, { at: now, actorId: actor.id, role: actor.role, action: `complaint.${action}`, subject: ref, result: 'done', requestId: actor.requestId })
}
