import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { AttachmentTable } from '../../db/schema.ts'
import { AppError } from '../../errors.ts'
import type { FileStore } from '../../files/store.ts'
import type { AttachmentInfo, Parts } from '../core/types.ts'
import { sealFor, type Seal } from '../ledger/sealing.ts'

export interface FileInput { name: string, mediaType: string, content: Buffer, cleaned: boolean }
/** A file with the way to its bytes; `open` has the errors of FileStore.read. */
export interface StoredAttachment extends AttachmentInfo { open: () => Promise<Readable> }

/** Keeps a file for a draft: bytes first, then the row, so that a row never points to nothing. Errors: `draft_gone`. */
export async function attach ({ db, keys }: Parts, files: FileStore, draftId: string, file: FileInput, now: string): Promise<AttachmentInfo> {
  const draft = await db.selectFrom('draft').select(['id', 'wrapped_key']).where('id', '=', draftId).where('submitted_at', 'is', null)
    .executeTakeFirstOrThrow(() => new AppError('draft_gone'))
  const seal = sealFor(keys, draft)
  const id = randomBytes(16).toString('base64url')
  const { size, sha256 } = await files.put(id, seal.key, inOnePiece(file.content))
  const row: AttachmentTable = {
    id, complaint_id: draftId, name_sealed: seal.close(nameField(id), file.name), media_type: file.mediaType, size, sha256, cleaned: file.cleaned ? 1 : 0, at: now
  }
  try {
    await db.transaction().execute(async trx => {
      // Takes the draft's lock: whoever discards or submits it comes before or after, never between.
      const { numUpdatedRows } = await trx.updateTable('draft').set({ saved_at: now }).where('id', '=', draftId).where('submitted_at', 'is', null).executeTakeFirst()
      if (numUpdatedRows === 0n) throw new AppError('draft_gone')
      await trx.insertInto('attachment').values(row).execute()
    })
  } catch (error) {
    await removeBytes(files, id)
    throw error
  }
  return infoOf(seal, row)
}

/** Removes a file from a draft; what was submitted keeps its files. Errors: `not_found`. */
export async function detach ({ db }: Parts, files: FileStore, draftId: string, id: string): Promise<void> {
  const { numDeletedRows } = await db.deleteFrom('attachment').where('id', '=', id).where('complaint_id', '=', draftId)
    .where('complaint_id', 'in', db.selectFrom('draft').select('id').where('submitted_at', 'is', null)).executeTakeFirst()
  if (numDeletedRows === 0n) throw new AppError('not_found', { id })
  await removeBytes(files, id)
}

/** The row is gone, and with it the way to the bytes; what a broken store keeps of them is swept later. */
export async function removeBytes (files: FileStore, id: string): Promise<void> {
  await files.remove(id).catch(() => undefined)
}

async function * inOnePiece (content: Buffer): AsyncGenerator<Buffer> {
  yield content
}

/** One file of a complaint. Errors: `not_found`, also for another complaint's file. */
export async function readAttachment ({ db, keys }: Parts, files: FileStore, complaintId: string, id: string): Promise<StoredAttachment> {
  const row = await db.selectFrom('attachment').selectAll().where('id', '=', id).where('complaint_id', '=', complaintId)
    .executeTakeFirstOrThrow(() => new AppError('not_found', { id }))
  const owner = await db.selectFrom('complaint').select(['id', 'wrapped_key']).where('id', '=', complaintId).executeTakeFirst() ??
    await db.selectFrom('draft').select(['id', 'wrapped_key']).where('id', '=', complaintId).executeTakeFirstOrThrow(() => new AppError('not_found', { id }))
  const seal = sealFor(keys, owner)
  return { ...infoOf(seal, row), open: async () => await files.read(id, seal.key) }
}

/** Names and sizes of the files of a draft or complaint, oldest first. */
export async function listAttachments ({ db, keys }: Parts, owner: { id: string, wrapped_key: string }): Promise<AttachmentInfo[]> {
  const rows = await db.selectFrom('attachment').selectAll().where('complaint_id', '=', owner.id).orderBy('at').orderBy('id').execute()
  if (rows.length === 0) return []
  const seal = sealFor(keys, owner)
  return rows.map(row => infoOf(seal, row))
}

function infoOf (seal: Seal, row: AttachmentTable): AttachmentInfo {
  return { id: row.id, name: seal.open(nameField(row.id), row.name_sealed), mediaType: row.media_type, size: row.size, sha256: row.sha256, cleaned: row.cleaned === 1, at: row.at }
}

function nameField (id: string): string {
  return `attachment:${id}`
}
