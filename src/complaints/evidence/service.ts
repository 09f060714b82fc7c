import type { Multipart } from '@fastify/multipart'
import { AppError } from '../../errors.ts'
import { clean } from '../../files/clean.ts'
import { ATTACHMENTS, FILE_KINDS, FileRefused, type FileRefusal } from '../../files/limits.ts'
import { cleanFileName, sniff } from '../../files/sniff.ts'
import type { FileStore } from '../../files/store.ts'
import { attach, detach, readDraft } from '../filing/service.ts'
import type { Parts } from '../core/service.ts'

/** A file that was not taken, and why. */
export interface Refused { name: string, reason: FileRefusal }
export interface Received { kept: number, refused: Refused[] }

interface Taken { kept: string[], refused: Refused[] }
type FilePart = Extract<Multipart, { type: 'file' }>

/** Whose upload it is, and the check of the form's token. */
export interface Upload { draftId: string, checkToken: (token: unknown) => void, now: string }

/**
 * Takes the files of one upload, one at a time. The form's token comes first: nothing is read before it holds. What is refused is named;
 * a body that breaks off leaves nothing of this upload behind. Errors: `form_expired`, `draft_gone`, `bad_request`.
 */
export async function receive (parts: Parts, files: FileStore, body: AsyncIterable<Multipart>, upload: Upload): Promise<Received> {
  const taken: Taken = { kept: [], refused: [] }
  let trusted = false
  try {
    for await (const part of body) {
      if (!trusted) { upload.checkToken(part.type === 'field' && part.fieldname === '_csrf' ? part.value : undefined); trusted = true }
      if (part.type === 'file') await receiveOne(parts, files, part, upload, taken)
    }
    if (!trusted) upload.checkToken(undefined)
  } catch (error) {
    for (const id of taken.kept) await detach(parts, files, upload.draftId, id)
    throw broken(error)
  }
  return { kept: taken.kept.length, refused: taken.refused }
}

async function receiveOne (parts: Parts, files: FileStore, part: FilePart, upload: Upload, taken: Taken): Promise<void> {
  const content = await contentOf(part)
  const given = part.filename ?? ''
  if (given === '' && content?.length === 0) return // the field was left empty
  try {
    if (content === null) throw new FileRefused('too_large')
    const name = cleanFileName(given)
    const { attachments } = await readDraft(parts, upload.draftId)
    if (attachments.length >= ATTACHMENTS.files) throw new FileRefused('too_many')
    const kind = await sniff(content, name, part.mimetype)
    const { mediaType } = FILE_KINDS[kind]
    const stored = await attach(parts, files, upload.draftId, { name, mediaType, ...await clean(content, kind) }, after(upload.now, taken.kept.length))
    taken.kept.push(stored.id)
    await withinLimit(parts, files, upload, taken)
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
    taken.refused.push({ name: shortName(given), reason: error.reason })
  }
}

/** A millisecond for each file before it: files are listed in the order in which they were chosen. */
function after (now: string, files: number): string {
  return new Date(Date.parse(now) + files).toISOString()
}

/** Two uploads at once could both see the last free place: whoever went beyond it takes the file back. */
async function withinLimit (parts: Parts, files: FileStore, { draftId }: Upload, taken: Taken): Promise<void> {
  const { attachments } = await readDraft(parts, draftId)
  if (attachments.length <= ATTACHMENTS.files) return
  await detach(parts, files, draftId, taken.kept.pop() ?? '')
  throw new FileRefused('too_many')
}

/** The bytes of a file; null when it is larger than allowed. The rest of it is read and thrown away, so that the next file is reached. */
async function contentOf (part: FilePart): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  for await (const chunk of part.file) chunks.push(chunk as Buffer)
  return part.file.truncated ? null : Buffer.concat(chunks)
}

function shortName (given: string): string {
  try { return cleanFileName(given) } catch { return '?' }
}

/** The parser's own errors have no status: a body that broke off or is no multipart is the sender's. */
function broken (error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error
  const code = (error as Error & { code?: string }).code ?? ''
  if (/^FST_(PARTS|FILES|FIELDS)_LIMIT$/.test(code)) return new AppError('too_large')
  const parsers = /multipart|part|boundary|form|premature|aborted|ECONNRESET/i
  return code.startsWith('FST_') || parsers.test(error.message) ? new AppError('bad_request') : error
}
