import { createHmac } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { fileHandedOver, findHandedOver, readHandedOver, type Entered } from '../../complaints/form/entry/service.ts'
import { canonical } from '../../db/records.ts'
import { appendAudit } from '../../db/audit.ts'
import { inTransaction } from '../../db/open.ts'
import type { Parts } from '../../complaints/case/core/service.ts'
import type { SourceCode } from '../../domain/process/sources.ts'
import { localDate } from '../../domain/time/calendar.ts'
import { AppError } from '../../errors.ts'
import { inWords, type Fault } from '../../forms/field-errors.ts'
import { findRequest, insertRequest, markUsed, type KeyRow } from './repository.ts'
import type { Item } from './schema.ts'

export { issueKey, keyOf, revokeKey, SCOPE } from './keys.ts'
export { listKeys, type KeyRow } from './repository.ts'

/** For how long a request that comes again is answered as the first time. */
const KEPT_DAYS = 30

/** One request: with which key, under which word of the sender's own, and what it brings. */
export interface Handing { key: KeyRow, word: string, item: Item }

interface Trace { hash: string, digest: string }

/**
 * Takes one complaint in, once: whoever sends the same again, at once or after a crash, gets the id of the same complaint. Complaint and answer are kept in
 * one transaction. Errors: `key_reused` (the word stood for other content), `already_filed`, `form_invalid` with `problems`.
 */
export async function takeIn (parts: Parts, handing: Handing, request: FastifyRequest, now: string): Promise<string> {
  const { key, word, item } = handing
  const sign = (text: string): string => createHmac('sha256', parts.keys.pepper).update(text).digest('base64url')
  const trace = { hash: sign(`idempotency|${key.id}|${word}`), digest: sign(`item|${canonical(item)}`) }
  const known = await answered(parts, handing, trace)
  if (known !== undefined) return known
  const read = await readHandedOver(parts, { ...item, source: key.source }, now)
  try {
    if ('faults' in read) throw new AppError('form_invalid', { problems: inWords(request, read.faults) })
    return await keep(parts, handing, { trace, answers: read.answers, requestId: request.id }, now)
  } catch (error) {
    const first = await answered(parts, handing, trace) // the same at the same time: the other one's stands
    if (first !== undefined) return first
    throw error
  }
}

/** The complaint that the same request made before. */
async function answered (parts: Parts, { key, item }: Handing, { hash, digest }: Trace): Promise<string | undefined> {
  const known = await findRequest(parts.db, key.id, hash)
  if (known !== undefined && known.body_digest !== digest) throw new AppError('key_reused')
  if (known !== undefined) return known.complaint_id
  const ref = await findHandedOver(parts, { source: key.source as SourceCode, number: item.source_number })
  if (ref !== undefined) throw new AppError('already_filed', { ref })
  return undefined
}

async function keep ({ db, keys }: Parts, { key }: Handing, { trace, answers, requestId }: { trace: Trace, answers: Entered, requestId: string }, now: string): Promise<string> {
  const forgotten = new Date(Date.parse(now) - KEPT_DAYS * 86_400_000).toISOString()
  return await inTransaction(db, async trx => {
    const { id, ref } = await fileHandedOver({ db: trx, keys }, answers, now, requestId)
    await insertRequest(trx, { key_id: key.id, idempotency_hash: trace.hash, body_digest: trace.digest, complaint_id: id, at: now }, forgotten)
    if (key.used_on !== localDate(now)) await markUsed(trx, key.id, localDate(now))
    await appendAudit(trx, keys.audit, { at: now, actorId: null, role: 'system', action: 'complaint.handed_over', subject: `${ref} ${key.id}`, result: 'done', requestId })
    return id
  })
}

interface Violation { keyword: string, instancePath: string, params: Record<string, unknown> }

/** What the schema found wrong with the content, each field once: `issues.0.text` and why. */
export function problemsOf (request: FastifyRequest): Fault[] {
  const faults = new Map<string, Fault>()
  for (const { keyword, instancePath, params } of (request.validationError?.validation ?? []) as Violation[]) {
    const last = params['missingProperty'] ?? params['additionalProperty']
    const field = [...instancePath.split('/').slice(1), ...last === undefined ? [] : [String(last)]].join('.').slice(0, 100)
    if (!faults.has(field)) faults.set(field, { field, text: request.t(WORDS[keyword] ?? 'field.format', { limit: params['limit'] }) })
  }
  return [...faults.values()]
}

const WORDS: Readonly<Record<string, string>> = {
  required: 'field.required', additionalProperties: 'intake.unknown_field', enum: 'field.enum', maxLength: 'field.maxLength', minLength: 'field.required', minItems: 'field.minItems', maxItems: 'field.maxItems'
}
