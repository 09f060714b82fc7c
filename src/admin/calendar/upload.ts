import type { FastifyRequest } from 'fastify'
import { isUtf8 } from 'node:buffer'
import { partsOf } from '../../complaints/form/evidence/service.ts'

/** More than any year's notice; the form that confirms it carries the text. */
const MOST_BYTES = 60_000
/** For `@fastify/multipart`: one file and the number of the notice. */
export const MULTIPART = { throwFileSizeLimit: false, limits: { fileSize: MOST_BYTES, files: 1, fields: 4, fieldSize: 400, fieldNameSize: 40, parts: 6, headerPairs: 20 } } as const

/** What came with the form; `fault` where the file cannot be read as text. */
export interface Received { text: string, documentNo: string, fault: 'file_missing' | 'file_too_big' | 'file_encoding' | null }

/** Takes the file of a notice, after the form's token. A spreadsheet saves in UTF-8, or in GB18030 as is the habit here. */
export async function receiveNotice (request: FastifyRequest): Promise<Received> {
  const received: Received = { text: '', documentNo: '', fault: 'file_missing' }
  if (!request.isMultipart()) request.checkFormToken((request.body as { _csrf?: unknown } | null)?._csrf)
  else {
    let trusted = false
    for await (const part of partsOf(request)) {
      if (!trusted) {
        request.checkFormToken(part.type === 'field' && part.fieldname === '_csrf' ? part.value : undefined)
        trusted = true
      }
      if (part.type === 'field') {
        if (part.fieldname === 'document_no') received.documentNo = String(part.value).trim().slice(0, 80)
        continue
      }
      const bytes = await part.toBuffer()
      if (bytes.length > 0) Object.assign(received, part.file.truncated ? { fault: 'file_too_big' } : decode(bytes))
    }
  }
  return received
}

function decode (bytes: Buffer): Pick<Received, 'text' | 'fault'> {
  try {
    return { text: new TextDecoder(isUtf8(bytes) ? 'utf-8' : 'gb18030', { fatal: true }).decode(bytes), fault: null }
  } catch {
    return { text: '', fault: 'file_encoding' }
  }
}
