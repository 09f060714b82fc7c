import type { FastifyRequest } from 'fastify'
import { ACCEPT, ATTACHMENT_MEGABYTES, ATTACHMENTS, TOGETHER_MEGABYTES } from '../../../files/limits.ts'
import { kindByType, noteOf } from '../../../files/names.ts'
import type { Fault } from '../../../forms/field-errors.ts'
import { formatNumber, formatSize } from '../../../i18n/format.ts'
import type { AttachmentInfo } from '../../case/core/types.ts'
import type { Received } from './service.ts'

/** A file as pages list it; without `href` it cannot be opened (yet). `note` says what was taken out of it, `hash` is of what the person sent where that is kept. */
export interface FileRow { id: string, name: string, kind: string, size: string, description: string, note: string, state: string, hash: string, short: string, sentHash: string, href: string | null }

/** Files for a list: partial `complain/files`. `hrefOf` gives the address of a download; leave it out where nothing is to be opened. */
export function fileRows (request: FastifyRequest, files: AttachmentInfo[], hrefOf?: (id: string) => string): FileRow[] {
  return files.map(file => ({
    id: file.id,
    name: file.name,
    kind: kindByType(file.mediaType) ?? '',
    size: formatSize(request.locale, file.original?.size ?? file.size),
    description: file.description,
    note: request.t(`file_note.${noteOf(file)}`),
    state: file.state,
    hash: file.sha256,
    short: file.sha256.slice(0, 12),
    sentHash: file.original?.sha256 ?? '',
    href: file.state === 'ready' && hrefOf !== undefined ? hrefOf(file.id) : null
  }))
}

/** Everything that a field for files says: what may be chosen, how much, how many more. */
export interface FileField { accept: string, room: number, limits: { files: number, megabytes: number, together: number, description: number } }

export function fileField (have: number): FileField {
  return {
    accept: ACCEPT,
    room: Math.max(0, ATTACHMENTS.files - have),
    limits: { files: ATTACHMENTS.files, megabytes: ATTACHMENT_MEGABYTES, together: TOGETHER_MEGABYTES, description: ATTACHMENTS.description }
  }
}

/** One sentence for each file that was not taken; the others of the same form are kept. */
export function fileFaults (request: FastifyRequest, { refused }: Pick<Received, 'refused'>, field = 'files'): Fault[] {
  const values = {
    files: ATTACHMENTS.files, size: ATTACHMENT_MEGABYTES, together: TOGETHER_MEGABYTES, hourly: ATTACHMENTS.hourly, pixels: formatNumber(request.locale, ATTACHMENTS.pixels)
  }
  return refused.map(({ name, reason }) => ({ field, text: request.t(`file.${reason}`, { name, ...values }) }))
}
