import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Db } from '../../../db/schema.ts'
import { AppError } from '../../../errors.ts'
import { ATTACHMENTS, FILE_KINDS } from '../../../files/limits.ts'
import { kindByName } from '../../../files/names.ts'
import type { FileStore } from '../../../files/store.ts'
import { appendAudit } from '../../../db/audit.ts'
import { insertEvent, touchComplaint, type ComplaintRow } from '../core/repository.ts'
import type { Actor, AttachmentInfo, Parts } from '../core/types.ts'
import { sealFor, type Seal } from '../ledger/sealing.ts'
import { deleteForgotten, deleteUnsent, findOwner, findRow, forgetOriginals, insertRow, listRows, lockOwner, updateRow, type NewRow, type Owner, type Row, type Side } from './repository.ts'

export type { Owner, Row, Side } from './repository.ts'

/** What lies ready for a message lives a day (security.md U-7). */
const READY_MS = 24 * 3_600_000
/** A file of an agency's unsigned answer lives longer than any period for it, extension included (本局自定). */
const AGENCY_DRAFT_MS = 120 * READY_MS
/** From whom the complainant gets files: their own, and what the bureau sent along with its messages. */
const OPEN_TO_COMPLAINANT: readonly Side[] = ['complainant', 'bureau']

export interface FileInput { name: string, mediaType: string, content: Buffer, cleaned: boolean }
/** A file with the way to its bytes; `open` has the errors of FileStore.read. */
export interface StoredAttachment extends AttachmentInfo { open: () => Promise<Readable> }

/** A new place in the store: 128 random bits, never anything from outside (security.md U-4). */
export function newPlace (): string {
  return randomBytes(16).toString('base64url')
}

/** Keeps content that needs no checking for a draft. Errors: `draft_gone`. */
export async function attach (parts: Parts, files: FileStore, draftId: string, file: FileInput, now: string): Promise<AttachmentInfo> {
  return await keep(parts, files, { kind: 'draft', id: draftId }, file, now)
}

/** The same ready on a side of a complaint, by somebody. Errors: `not_found`. */
export async function attachReady (parts: Parts, files: FileStore, { id, side, authorId }: { id: string, side: Side, authorId: number }, file: FileInput, now: string): Promise<AttachmentInfo> {
  return await keep(parts, files, { kind: 'complaint', id, row: { by_side: side, author_id: authorId, sent: 0 } }, file, now)
}

interface Keeping { kind: 'draft' | 'complaint', id: string, row?: Partial<NewRow> }

/** Bytes first, then the row, so that a row never points to nothing. */
async function keep (parts: Parts, files: FileStore, { kind, id: ownerId, row = {} }: Keeping, file: FileInput, now: string): Promise<AttachmentInfo> {
  const owner = await findOwner(parts.db, kind, ownerId)
  const seal = sealFor(parts.keys, owner)
  const id = newPlace()
  const { size, sha256 } = await files.put(id, seal.key, inOnePiece(file.content))
  try {
    await parts.db.transaction().execute(async trx => {
      await lockOwner(trx, kind, ownerId, now)
      await insertRow(trx, { ...row, id, complaint_id: ownerId, name_sealed: sealName(seal, id, file.name), media_type: file.mediaType, size, sha256, cleaned: file.cleaned ? 1 : 0, at: now })
    })
  } catch (error) {
    await removeBytes(files, id)
    throw error
  }
  return infoOf(seal, await findRow(parts.db, ownerId, id))
}

/** The row is gone, and with it the way to the bytes; what a broken store keeps of them is swept later. */
export async function removeBytes (files: FileStore, place: string): Promise<void> {
  await files.remove(place).catch(() => undefined)
}

async function * inOnePiece (content: Buffer): AsyncGenerator<Buffer> {
  yield content
}

/** Name of a file as its row keeps it. */
export function sealName (seal: Seal, id: string, name: string): string {
  return seal.close(`attachment:${id}`, name)
}

/** Removes a file that has not been sent. Errors: `not_found`. */
export async function detach ({ db }: Parts, files: FileStore, ownerId: string, id: string, side: Side = 'complainant'): Promise<void> {
  for (const place of await deleteUnsent(db, ownerId, id, side)) await removeBytes(files, place)
}

/** Says what files show, each by its id; an empty text takes the words away. Only of what has not been sent. Texts are checked by the caller. */
export async function describe (parts: Parts, kind: 'draft' | 'complaint', ownerId: string, words: ReadonlyMap<string, string>): Promise<void> {
  if (words.size === 0) return
  const seal = sealFor(parts.keys, await findOwner(parts.db, kind, ownerId))
  for (const row of await listRows(parts.db, ownerId)) {
    const text = words.get(row.id)
    if (text === undefined || (kind === 'complaint' && row.sent === 1)) continue
    await updateRow(parts.db, row.id, { description_sealed: text === '' ? null : seal.close(`attachment:${row.id}:description`, text) })
  }
}

/** Whether a description is short enough; counted in code points. */
export function isDescription (text: string): boolean {
  return [...text].length <= ATTACHMENTS.description
}

/** The files of a draft, or those of a complaint that were sent; oldest first. */
export async function listAttachments ({ db, keys }: Parts, owner: Owner): Promise<AttachmentInfo[]> {
  return (await infosOf(keys, owner, await listRows(db, owner.id))).filter(info => info.sent)
}

/** What lies ready on one side of a complaint for the message that is being written. */
export async function listReady ({ db, keys }: { db: Db, keys: Parts['keys'] }, complaintId: string, side: Side): Promise<AttachmentInfo[]> {
  const owner = await findOwner(db, 'complaint', complaintId)
  return (await infosOf(keys, owner, await listRows(db, complaintId))).filter(info => !info.sent && info.side === side)
}

/** Whether a file is one that the complainant may have. */
export function isForComplainant ({ side, sent }: Pick<AttachmentInfo, 'side' | 'sent'>): boolean {
  return OPEN_TO_COMPLAINANT.includes(side) && (sent || side === 'complainant') // what the bureau has ready has not been said yet
}

async function infosOf (keys: Parts['keys'], owner: Owner, rows: Row[]): Promise<AttachmentInfo[]> {
  if (rows.length === 0) return []
  const seal = sealFor(keys, owner)
  return rows.map(row => infoOf(seal, row))
}

/**
 * Sends what lies ready along with a message, in the transaction that writes the message and holds the complaint's lock. Returns how many files
 * went. The timeline and the audit say how many, never what.
 */
export async function sendReady (trx: Db, { keys }: Pick<Parts, 'keys'>, complaint: ComplaintRow, { actor, side, messageId, now }: Sending): Promise<number> {
  const sent = await trx.updateTable('attachment').set({ sent: 1, message_id: messageId }).where('complaint_id', '=', complaint.id).where('by_side', '=', side).where('sent', '=', 0)
    .returning('id').execute()
  if (sent.length === 0) return 0
  const details = { files: sent.length }
  await insertEvent(trx, sealFor(keys, complaint), complaint.id, {
    action: 'files_added', from: complaint.status, to: complaint.status, actorId: actor.id, role: actor.role, audience: 'event', details, at: now
  })
  await appendAudit(trx, keys.audit, { at: now, actorId: actor.id, role: actor.role, action: 'attachment.added', subject: `${complaint.ref} ${sent.length}`, result: 'done', requestId: actor.requestId })
  return sent.length
}
export interface Sending { actor: Actor, side: Side, messageId: number | null, now: string }

/** One file of a complaint or draft. Errors: `not_found`, also for another's; `file_held`, `file_gone`. */
export async function readAttachment (parts: Parts, files: FileStore, ownerId: string, id: string, { original = false } = {}): Promise<StoredAttachment> {
  const row = await findRow(parts.db, ownerId, id)
  if (row.state === 'held') throw new AppError('file_held')
  if (row.state === 'infected') throw new AppError('file_gone')
  const owner = await findOwner(parts.db, 'complaint', ownerId).catch(async () => await findOwner(parts.db, 'draft', ownerId))
  const seal = sealFor(parts.keys, owner)
  const info = infoOf(seal, row)
  if (!original) return { ...info, open: async () => await files.read(id, seal.key) }
  const place = row.original_id
  if (place === null || info.original === null) throw new AppError('not_found', { id })
  return { ...info, ...info.original, mediaType: FILE_KINDS[kindByName(info.name, '')].mediaType, open: async () => await files.read(place, seal.key) }
}

/** Writes down that the original of a file was looked at, and why: for the audit, and for the complainant to read. */
export async function recordOriginal ({ db, keys }: Parts, actor: Actor, complaintId: string, { id, reason }: { id: string, reason: string }, now: string): Promise<void> {
  await db.transaction().execute(async trx => {
    const complaint = await touchComplaint(trx, complaintId, {}, now)
    await insertEvent(trx, sealFor(keys, complaint), complaintId, {
      action: 'original_opened', from: complaint.status, to: complaint.status, actorId: actor.id, role: actor.role, audience: 'text', typed: { text: reason }, at: now
    })
    await appendAudit(trx, keys.audit, {
      at: now, actorId: actor.id, role: actor.role, action: 'attachment.original_read', subject: `${complaint.ref} ${id}`, result: 'done', requestId: actor.requestId
    })
  })
}

/** Once somebody chose to stay anonymous no original is kept: what the device wrote into it could name them. */
export async function dropOriginals ({ db }: Parts, files: FileStore, draftId: string): Promise<void> {
  const places = await db.transaction().execute(async trx => await forgetOriginals(trx, draftId))
  for (const place of places) await removeBytes(files, place)
}

/** Destroys what lay ready for a message longer than a day, and what an agency left in a draft. Returns how many files. */
export async function sweepReady ({ db }: Parts, files: FileStore, now: string): Promise<number> {
  const before = (span: number): string => new Date(Date.parse(now) - span).toISOString()
  const places = await deleteForgotten(db, { before: before(READY_MS), draftsBefore: before(AGENCY_DRAFT_MS) })
  for (const place of places) await removeBytes(files, place)
  return places.length
}

/** A row as its readers see it. Throws SealBroken. */
export function infoOf (seal: Seal, row: Row): AttachmentInfo {
  return {
    id: row.id,
    name: seal.open(`attachment:${row.id}`, row.name_sealed),
    description: row.description_sealed === null ? '' : seal.open(`attachment:${row.id}:description`, row.description_sealed),
    mediaType: row.media_type,
    size: row.size,
    sha256: row.sha256,
    cleaned: row.cleaned === 1,
    original: row.original_size === null || row.original_sha256 === null ? null : { size: row.original_size, sha256: row.original_sha256 },
    active: row.active === 1,
    state: row.state,
    side: row.by_side,
    sent: row.sent === 1,
    messageId: row.message_id,
    at: row.at
  }
}

export type { NewRow }
