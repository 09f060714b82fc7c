import type { FastifyRequest } from 'fastify'
import type { Readable } from 'node:stream'
import { listReady, readAttachment, recordOriginal, type StoredAttachment } from '../../../complaints/case/attachments/service.ts'
import { findByRef } from '../../../complaints/case/core/repository.ts'
import { partsOf, receive, type Received } from '../../../complaints/form/evidence/service.ts'
import type { Case } from '../../../complaints/case/reading/service.ts'
import { appendAudit } from '../../../db/audit.ts'
import type { App } from '../../../app.ts'
import { AppError } from '../../../errors.ts'
import { ACCEPT, ATTACHMENT_MEGABYTES, ATTACHMENTS, TOGETHER_MEGABYTES } from '../../../files/limits.ts'
import type { Fault } from '../../../forms/field-errors.ts'
import { kindByType, noteOf } from '../../../files/names.ts'
import { formatNumber, formatSize } from '../../../i18n/format.ts'
import type { Clerk } from '../casework/actor.ts'

/** A file of a case as the desk lists it. Without addresses it cannot be opened: it waits for the scanner, or a virus was found. */
export interface DeskFile { name: string, kind: string, size: string, description: string, note: string, state: string, hash: string, href: string | null, picture: string | null, original: string | null }

export function deskFiles (request: FastifyRequest, ref: string, files: Case['attachments']): DeskFile[] {
  return files.map(file => {
    const ready = file.state === 'ready'
    return {
      name: file.name,
      kind: kindByType(file.mediaType) ?? '',
      size: formatSize(request.locale, file.size),
      description: file.description,
      note: request.t(`file_note.${noteOf(file)}`),
      state: file.state,
      hash: file.sha256,
      href: ready ? request.path('attachment', [ref, file.id]) : null,
      picture: ready && isPicture(file) ? request.path('attachmentPicture', [ref, file.id]) : null,
      original: ready && file.original !== null ? request.path('attachmentOriginal', [ref, file.id]) : null
    }
  })
}

/** Only what we have drawn ourselves is ever shown (security.md U-5). */
function isPicture ({ mediaType, cleaned }: { mediaType: string, cleaned: boolean }): boolean {
  return cleaned && /^image\/(jpeg|png)$/.test(mediaType)
}

/** What leaves: the file and its bytes, of which the first are verified already. */
export interface Leaving { file: StoredAttachment, content: Readable }

/** A file to be saved; who, when and which is written down before it leaves. Errors: `not_found`, `file_held`, `file_gone`, those of the store. */
export async function takeFile (app: App, clerk: Clerk, ref: string, id: string): Promise<Leaving> {
  return await takeAs(app, clerk, { ref, id, action: 'attachment.read' })
}

/** A picture to be looked at, written down likewise. Errors: `not_found` also for what is no picture drawn anew. */
export async function takePicture (app: App, clerk: Clerk, ref: string, id: string): Promise<Leaving> {
  return await takeAs(app, clerk, { ref, id, action: 'attachment.picture_read', fits: isPicture })
}

interface Purpose { ref: string, id: string, action: string, fits?: (file: StoredAttachment) => boolean }

async function takeAs (app: App, clerk: Clerk, { ref, id, action, fits }: Purpose): Promise<Leaving> {
  const complaint = await findByRef(app.db, ref, clerk)
  const file = await readAttachment(app, app.files, complaint.id, id)
  demandSaid(file)
  if (fits?.(file) === false) throw new AppError('not_found', { id })
  return await leaving(file, async () => {
    await app.db.transaction().execute(async trx => {
      await appendAudit(trx, app.keys.audit, { at: app.now(), actorId: clerk.id, role: clerk.role, action, subject: `${ref} ${id}`, result: 'done', requestId: clerk.requestId })
    })
  })
}

/** The file as it came. The reason is stored, for the audit and for the complainant to read, before the bytes leave. Errors as above. */
export async function takeOriginal (app: App, clerk: Clerk, { ref, id, reason }: { ref: string, id: string, reason: string }): Promise<Leaving> {
  const { id: complaintId } = await findByRef(app.db, ref, clerk)
  const file = await readAttachment(app, app.files, complaintId, id, { original: true })
  demandSaid(file)
  return await leaving(file, async () => { await recordOriginal(app, clerk, complaintId, { id, reason }, app.now()) })
}

/** What lies in an agency's draft is not the bureau's to see. Errors: `not_found`. */
function demandSaid ({ id, side, sent }: StoredAttachment): void {
  if (side === 'agency' && !sent) throw new AppError('not_found', { id })
}

/** Opened before it is written down: a broken store makes no entry of a reading that did not happen. */
async function leaving (file: StoredAttachment, writeDown: () => Promise<void>): Promise<Leaving> {
  const content = await file.open()
  try {
    await writeDown()
  } catch (error) {
    content.destroy()
    throw error
  }
  return { file, content }
}

/** What a clerk typed for the complainant, and the files along with it; the form's token holds before anything is kept. Errors: `not_found`. */
export async function messageIn (app: App, request: FastifyRequest, clerk: Clerk): Promise<Pick<Received, 'refused' | 'fields'>> {
  if (!request.isMultipart()) {
    const { _csrf: token, ...fields } = request.body as Record<string, string>
    request.checkFormToken(token)
    return { refused: [], fields }
  }
  const { id } = await findByRef(app.db, (request.params as { ref: string }).ref, clerk)
  return await receive(app, app.files, partsOf(request), {
    ownerId: id, ownerKind: 'complaint', by: 'bureau', authorId: clerk.id, scanner: app.config.SUNLIT_SCANNER, checkToken: request.checkFormToken.bind(request), stale: fields => { request.body = fields }, now: app.now()
  })
}

/** One sentence for each file that was not taken. */
export function fileFaultsOf (request: FastifyRequest, refused: Received['refused']): Fault[] {
  const values = { files: ATTACHMENTS.files, size: ATTACHMENT_MEGABYTES, together: TOGETHER_MEGABYTES, hourly: ATTACHMENTS.hourly, pixels: formatNumber(request.locale, ATTACHMENTS.pixels) }
  return refused.map(({ name, reason }) => ({ field: 'files', text: request.t(`file.${reason}`, { name, ...values }) }))
}

/** What lies ready for the next message to the complainant, and how much more there may be. */
export async function readyFiles (app: App, request: FastifyRequest, { id, ref }: Case): Promise<{ ready: DeskFile[], field: { accept: string, room: number, files: number, megabytes: number } }> {
  const ready = deskFiles(request, ref, await listReady(app, id, 'bureau'))
  return { ready, field: { accept: ACCEPT, room: Math.max(0, ATTACHMENTS.files - ready.length), files: ATTACHMENTS.files, megabytes: ATTACHMENT_MEGABYTES } }
}
