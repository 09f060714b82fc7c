import { appendAudit } from '../../../db/audit.ts'
import { canonical } from '../../../db/records.ts'
import type { Db } from '../../../db/schema.ts'
import { hadPart } from '../../../domain/aftermath/review.ts'
import { mayWrite, type Status } from '../../../domain/process/workflow.ts'
import type { Permission } from '../../../domain/process/permissions.ts'
import { normaliseQueryCode, normaliseReference } from '../../../domain/records/receipts.ts'
import { leftOpen } from '../../../domain/supervision/phrases.ts'
import { AppError } from '../../../errors.ts'
import { verifySecret } from '../../../vault/passwords.ts'
import { listReady, sendReady } from '../attachments/service.ts'
import { markNews } from '../../following/contacts/repository.ts'
import { findByRef, insertEvent, listActs, touchComplaint, type ComplaintRow } from '../core/repository.ts'
import { demandPermission } from '../core/service.ts'
import { takeStep } from '../core/steps.ts'
import { AGAIN_MS, REVEAL_REASONS, TEXT_LIMIT, type Actor, type Identity, type Parts, type RevealReason } from '../core/types.ts'
import { loadReckoner } from '../../../db/reckoner.ts'
import { turnClocks } from '../ledger/clocks.ts'
import { openIdentity, sealFor } from '../ledger/sealing.ts'
import { findMemberAt } from '../../form/members/repository.ts'
import { slotOf } from '../../form/members/service.ts'
import { findLastMessage, findLastNote, countLooks, findIdentity, findLock, hasNewerMessage, hasNewerNote, insertMessage, insertNote, updateHandler, wasSent } from './repository.ts'

export type { Identity } from '../core/types.ts'

/** How a message comes: `nonce` is its form's own mark, so that it is kept once; `asks`: an answer is wanted within the period of the profile. */
export interface Sending { nonce?: string | undefined, requestId?: string }
/** `seen` is the last message that was on the page: what came after it is read before anything is sent. */
export interface Outgoing extends Sending { text: string, asks?: boolean, seen?: number | undefined }

/** A message to the complainant. Errors: `stale_version` when another message came since, `forbidden`, `not_found`, `reason_required`, `form_invalid`, `transition_refused` once closed. */
export async function sendMessage (parts: Parts, actor: Actor, ref: string, message: string | Outgoing, now: string): Promise<void> {
  const { text, nonce, asks = false, seen } = typeof message === 'string' ? { text: message } as Outgoing : message
  const reckoner = await loadReckoner(parts.db)
  await onCase(parts, actor, { ref, permission: 'complaint.message', now }, async (trx, complaint) => {
    if (nonce !== undefined && await wasSent(trx, complaint.id, nonce)) return
    if (seen !== undefined && await hasNewerMessage(trx, complaint.id, seen, actor.id)) throw new AppError('stale_version', { ref })
    if (await wasSaid(trx, parts, complaint, { actor, text, now })) return
    const running = asks ? await turnClocks(trx, complaint.id, { start: ['message_reply'] }, reckoner, now) : []
    const replyBy = running.find(({ clock }) => clock === 'message_reply')?.due_on ?? null
    await keepMessage(trx, parts, complaint, { direction: 'out', actor, text: finished(checked(text, 'message')), nonce, replyBy }, now)
    await audit(trx, parts, actor, { action: 'message.sent', subject: ref, at: now })
  })
}

/** Who writes for the complainant's side: a co-complainant's number, null for the representative. */
export interface Writer extends Sending { member?: number | null }

/** A message from the complainant; where a supplement was requested it is that supplement, and the clock runs again. It answers every question asked before. */
export async function complainantMessage (parts: Parts, id: string, text: string, now: string, { nonce, requestId = '', member = null }: Writer = {}): Promise<void> {
  const reckoner = await loadReckoner(parts.db)
  await parts.db.transaction().execute(async trx => {
    const complaint = await touchComplaint(trx, id, { unread: 1 }, now)
    const actor: Actor = { id: null, role: 'complainant', requestId }
    if (nonce !== undefined && await wasSent(trx, id, nonce)) return
    await keepMessage(trx, parts, complaint, { direction: 'in', actor, member, text: checked(text, 'message'), nonce, replyBy: null }, now)
    await turnClocks(trx, id, { stop: ['message_reply'] }, reckoner, now)
    if (complaint.status === 'needs_info') await takeStep({ trx, keys: parts.keys, reckoner, now }, actor, complaint, { action: 'supply_supplement', version: complaint.version, text })
    else await audit(trx, parts, actor, { action: 'message.received', subject: complaint.ref, at: now })
  })
}

/** An internal note; the complainant never sees it. `seen` is the last note that was on the page. Errors: `stale_version` when a colleague wrote another since. */
export async function addNote (parts: Parts, actor: Actor, ref: string, note: string | { text: string, seen?: number | undefined }, now: string): Promise<void> {
  const { text, seen } = typeof note === 'string' ? { text: note, seen: undefined } : note
  await onCase(parts, actor, { ref, permission: 'complaint.note', now }, async (trx, complaint) => {
    if (seen !== undefined && await hasNewerNote(trx, complaint.id, seen, actor.id)) throw new AppError('stale_version', { ref })
    const seal = sealFor(parts.keys, complaint)
    const sealed = seal.close(`note:${now}`, checked(text, 'note'))
    if (isAgain(await findLastNote(trx, complaint.id, staffId(actor)), { text, now }, ({ at, sealed }) => seal.open(`note:${at}`, sealed))) return
    await insertNote(trx, { complaint_id: complaint.id, author_id: staffId(actor), sealed, at: now })
    await audit(trx, parts, actor, { action: 'note.added', subject: ref, at: now })
  })
}

/** Takes a complaint into one's own hands; from somebody else's only with `takeOver`, and only from `holder` where one is named, else `already_claimed`. */
export async function claim (parts: Parts, actor: Actor, ref: string, now: string, { takeOver = false, holder }: { takeOver?: boolean, holder?: number | undefined } = {}): Promise<void> {
  await onCase(parts, actor, { ref, permission: 'complaint.claim', now }, async (trx, complaint) => {
    if (complaint.handler_id === actor.id) return
    const taken = complaint.handler_id !== null
    if (taken && (!takeOver || (holder !== undefined && holder !== complaint.handler_id))) throw new AppError('already_claimed', { ref })
    if (complaint.status === 'review' && hadPart(await listActs(trx, complaint.id), actor.id)) throw new AppError('transition_refused', { status: complaint.status, action: 'claim', failing: ['no_part_before'] })
    const action = taken ? 'take_over' : 'claim'
    await updateHandler(trx, complaint.id, staffId(actor))
    await insertEvent(trx, sealFor(parts.keys, complaint), complaint.id, { action, from: complaint.status, to: complaint.status, actorId: actor.id, role: actor.role, audience: 'internal', at: now })
    await audit(trx, parts, actor, { action: `complaint.${action}`, subject: ref, at: now })
  })
}

/** `looks` is how often the identity had been seen when the reason was asked for: a form sent twice shows nothing twice. */
export interface RevealRequest { category: RevealReason, text?: string, looks?: number }

/**
 * Shows who complained, for a reason that is written down first: the audit entry and the line that the complainant reads are stored before
 * this returns. Null for an anonymous complaint, of which nothing is kept. Errors: `forbidden`, `not_found`, `form_invalid`,
 * `stale_version` when it was seen since.
 */
export async function revealIdentity (parts: Parts, actor: Actor, ref: string, request: RevealRequest, now: string): Promise<Identity | null> {
  if (!REVEAL_REASONS.includes(request.category)) throw new AppError('form_invalid', { fields: { category: { key: request.category === undefined ? 'field.required' : 'field.enum' } } })
  return await onCase(parts, actor, { ref, permission: 'complaint.read', now }, async (trx, complaint) => {
    const row = await findIdentity(trx, complaint.id)
    if (row === undefined) return null
    if (request.looks !== undefined && request.looks !== await countLooks(trx, complaint.id)) throw new AppError('stale_version', { ref })
    await insertEvent(trx, sealFor(parts.keys, complaint), complaint.id, {
      action: 'identity_viewed',
      from: complaint.status,
      to: complaint.status,
      actorId: actor.id,
      role: actor.role,
      audience: 'event',
      details: { reason: request.category },
      typed: request.text === undefined ? {} : { note: request.text },
      at: now
    })
    await audit(trx, parts, actor, { action: 'identity.viewed', subject: ref, at: now })
    return openIdentity(parts.keys, row)
  })
}

/**
 * The complaint that a reference and a query code open, both as they were typed, and whose code it is: the representative's (null) or a
 * co-complainant's. An unknown reference and a wrong code take the same work, one hash, and give the same answer, `track_failed`.
 */
export async function authenticate ({ db, keys }: Parts, ref: string, code: string): Promise<{ id: string, ref: string, member: number | null }> {
  const row = await findLock(db, normaliseReference(ref) ?? '')
  const typed = normaliseQueryCode(code) ?? ''
  const member = await findMemberAt(db, row?.id ?? '', slotOf(keys, row?.id ?? '', typed))
  const matches = await verifySecret(member?.code_hash ?? row?.code_hash ?? null, typed, keys.pepper)
  if (!matches || row === undefined) throw new AppError('track_failed')
  return { id: row.id, ref: row.ref, member: member?.no ?? null }
}

interface Purpose { ref: string, permission: Permission, now: string }

/** Runs work on a complaint in one transaction that holds its lock. */
async function onCase<T> (parts: Parts, actor: Actor, { ref, permission, now }: Purpose, work: (trx: Db, complaint: ComplaintRow) => Promise<T>): Promise<T> {
  demandPermission(actor, permission)
  return await parts.db.transaction().execute(async trx => {
    const { id } = await findByRef(trx, ref, actor)
    return await work(trx, await touchComplaint(trx, id, {}, now))
  })
}

interface Words { direction: 'out' | 'in', actor: Actor, member?: number | null, text: string, nonce: string | undefined, replyBy: string | null }

async function keepMessage (trx: Db, { keys }: Parts, complaint: ComplaintRow, { direction, actor, member = null, text, nonce, replyBy }: Words, at: string): Promise<void> {
  if (!mayWrite(complaint.status as Status, direction)) throw new AppError('transition_refused', { status: complaint.status, action: 'message', failing: [] })
  const seal = sealFor(keys, complaint)
  // Frozen as it came: what was added when, by whom, cannot be changed without its digest telling so (features.md I20).
  const side = direction === 'in' ? 'complainant' : 'bureau'
  const files = (await listReady({ db: trx, keys }, complaint.id, side)).map(({ sha256 }) => sha256)
  const digest = seal.digest(canonical({ ref: complaint.ref, direction, at, text, ...files.length === 0 ? {} : { files } }))
  const messageId = await insertMessage(trx, { complaint_id: complaint.id, direction, author_id: actor.id, sealed: seal.close(`message:${direction}:${at}`, text), at, reply_by: replyBy, nonce: nonce ?? null, digest, member_no: member })
  await sendReady(trx, { keys }, complaint, { actor, side, messageId, now: at })
  if (direction === 'out') await markNews(trx, complaint.id, at)
}

interface Said { sealed: string, at: string }

function isAgain (last: Said | undefined, { text, now }: { text: string, now: string }, open: (said: Said) => string): boolean {
  return last !== undefined && Date.parse(now) - Date.parse(last.at) < AGAIN_MS && open(last) === text
}

/** Whether a message was sent just before, and nothing new is to go with it. */
async function wasSaid (trx: Db, { keys }: Parts, complaint: ComplaintRow, { actor, text, now }: { actor: Actor, text: string, now: string }): Promise<boolean> {
  const seal = sealFor(keys, complaint)
  return isAgain(await findLastMessage(trx, complaint.id, staffId(actor)), { text, now }, ({ at, sealed }) => seal.open(`message:out:${at}`, sealed)) &&
    (await listReady({ db: trx, keys }, complaint.id, 'bureau')).length === 0
}

function checked (text: string, action: string): string {
  if (text.trim() === '') throw new AppError('reason_required', { action })
  if ([...text].length > TEXT_LIMIT) throw new AppError('form_invalid', { fields: { text: { key: 'field.maxLength', values: { limit: TEXT_LIMIT } } } })
  return text
}

/** Standard wording that nobody finished goes to nobody. */
function finished (text: string): string {
  const open = leftOpen(text)
  if (open !== undefined) throw new AppError('form_invalid', { fields: { text: { key: 'drafting.left_open', values: { what: open } } } })
  return text
}

function staffId (actor: Actor): number {
  if (actor.id === null) throw new AppError('forbidden')
  return actor.id
}

async function audit (trx: Db, { keys }: Parts, actor: Actor, entry: { action: string, subject: string, at: string }): Promise<void> {
  await appendAudit(trx, keys.audit, { ...entry, actorId: actor.id, role: actor.role, result: 'done', requestId: actor.requestId })
}
