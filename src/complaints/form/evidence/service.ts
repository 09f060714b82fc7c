import type { Multipart } from '@fastify/multipart'
import type { FastifyReply } from 'fastify'
import type { Readable } from 'node:stream'
import { AppError } from '../../../errors.ts'
import { ATTACHMENTS, FileRefused, type FileRefusal } from '../../../files/limits.ts'
import { cleanFileName, nameFor, saveAs } from '../../../files/names.ts'
import type { FileStore } from '../../../files/store.ts'
import { FORBIDDEN } from '../../../forms/characters.ts'
import { detach, type StoredAttachment } from '../../case/attachments/service.ts'
import type { Parts } from '../../case/core/types.ts'
import { bytesOf, takeIn, type Whose } from './intake.ts'

export { describe, detach, dropOriginals, isDescription, isForComplainant, listAttachments, listReady, readAttachment, sendReady, sweepReady, type Sending, type Side } from '../../case/attachments/service.ts'
export { partsOf } from './intake.ts'
export type { Whose } from './intake.ts'

/** A form with files is read up to this; more than twice what may be kept is no longer somebody's mistake. */
export const UPLOAD_BYTES = 2 * ATTACHMENTS.together
/** For `@fastify/multipart` wherever files are received: files beyond the limits are named one by one, not cut off. */
export const MULTIPART = {
  throwFileSizeLimit: false,
  limits: { fileSize: ATTACHMENTS.bytes, files: 2 * ATTACHMENTS.files, fields: 40, fieldSize: 40_000, fieldNameSize: 100, parts: 2 * ATTACHMENTS.files + 40, headerPairs: 20 }
} as const

/** A file that was not taken, and why. */
export interface Refused { name: string, reason: FileRefusal }
/** `kept`: files taken, `ids` which; `fields`: what was typed in the same form, cleaned like any other form's. */
export interface Received { kept: number, ids: string[], refused: Refused[], fields: Record<string, string> }

type FilePart = Extract<Multipart, { type: 'file' }>
interface Taken { fresh: string[], ids: string[], kept: number, refused: Refused[], fields: Record<string, string> }

/** Whose upload it is, and the check of the form's token, which must be the first field. `stale` gets what was typed in a form whose token does not hold. */
export interface Upload extends Whose { checkToken: (token: unknown) => void, stale?: (fields: Record<string, string>) => void, now: string }

/** Why the form's token, its first field, does not hold; null where it does. */
function staleness ({ checkToken }: Upload, part: Multipart): AppError | null {
  try {
    checkToken(part.type === 'field' && part.fieldname === '_csrf' ? part.value : undefined)
    return null
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

/**
 * Takes the files of one form, one at a time, and what was typed beside them. No file is read before the form's token holds. What is refused is named;
 * a body that breaks off leaves nothing of this form behind. Of a draft the files are then its evidence; of a complaint they lie ready until
 * `sendReady` sends them with a message. Errors: `form_expired`, `draft_gone`, `bad_request`, `too_large`, `storage_full`, `checks_busy`.
 */
export async function receive (parts: Parts, files: FileStore, body: AsyncIterable<Multipart>, upload: Upload): Promise<Received> {
  const taken: Taken = { fresh: [], ids: [], kept: 0, refused: [], fields: {} }
  let trusted = false
  let stale: AppError | null = null // what was typed stands before the files: it is read all the same, so that it can be given back
  try {
    for await (const part of body) {
      if (!trusted) { stale = staleness(upload, part); trusted = true }
      if (stale !== null && part.type === 'file') break
      if (part.type === 'file') await receiveOne(parts, files, part, upload, taken)
      else if (part.fieldname !== '_csrf') taken.fields[part.fieldname] = typed(part.value)
    }
    if (!trusted) upload.checkToken(undefined)
    if (stale !== null) {
      upload.stale?.(taken.fields)
      throw stale
    }
  } catch (error) {
    for (const id of taken.fresh) await detach(parts, files, upload.ownerId, id, upload.by).catch(() => undefined)
    throw broken(error)
  }
  return { kept: taken.kept, ids: taken.ids, refused: taken.refused, fields: taken.fields }
}

async function receiveOne (parts: Parts, files: FileStore, part: FilePart, upload: Upload, taken: Taken): Promise<void> {
  const given = part.filename ?? ''
  try {
    if (given === '') {
      if (await isEmpty(part)) return // the field was left empty
      throw new FileRefused('nameless')
    }
    const incoming = { name: given, declared: part.mimetype, bytes: bytesOf(part.file), cut: () => part.file.truncated }
    const { id, fresh } = await takeIn(parts, files, upload, incoming, after(upload.now, taken.kept))
    taken.kept++
    taken.ids.push(id)
    if (fresh) taken.fresh.push(id)
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
    taken.refused.push({ name: shortName(given), reason: error.reason })
  } finally {
    part.file.resume() // what was not read is passed over, so that the next part is reached
  }
}

/** A millisecond for each file before it: files are listed in the order in which they were chosen. */
function after (now: string, files: number): string {
  return new Date(Date.parse(now) + files).toISOString()
}

async function isEmpty (part: FilePart): Promise<boolean> {
  for await (const chunk of bytesOf(part.file)) if (chunk.length > 0) return false
  return true
}

function shortName (given: string): string {
  try { return cleanFileName(given) } catch { return '?' }
}

function typed (value: unknown): string {
  const text = String(value).replace(/\r\n?/g, '\n').normalize('NFC').trim()
  if (FORBIDDEN.test(text)) throw new AppError('bad_request', { why: 'characters' })
  return text
}

/** The parser's own errors have no status: a body that broke off or is no multipart is the sender's. */
function broken (error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error
  const code = (error as Error & { code?: string }).code ?? ''
  if (/^FST_(PARTS|FILES|FIELDS)_LIMIT$/.test(code)) return new AppError('too_large')
  const parsers = /multipart|part|boundary|form|premature|aborted|ECONNRESET/i
  return code.startsWith('FST_') || parsers.test(error.message) ? new AppError('bad_request') : error
}

/**
 * Sends a file to be saved, never run or shown inside the site, whatever it holds (security.md U-5). Its bytes leave as they are read; who stops
 * halfway ends the reading.
 */
export async function sendFile (reply: FastifyReply, { name, mediaType, size }: Pick<StoredAttachment, 'name' | 'mediaType' | 'size'>, content: Readable): Promise<FastifyReply> {
  reply.header('content-disposition', saveAs(nameFor(name, mediaType))).header('content-security-policy', "sandbox; default-src 'none'")
  reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store').header('content-length', size)
  return await reply.type(mediaType).send(content)
}
