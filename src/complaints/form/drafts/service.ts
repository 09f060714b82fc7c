import { createHmac } from 'node:crypto'
import { endSessionsOf } from '../../../db/sessions.ts'
import { draftEnds, type Device } from '../../../domain/process/drafts.ts'
import { newQueryCode, normaliseQueryCode, type Random } from '../../../domain/records/receipts.ts'
import { AppError } from '../../../errors.ts'
import type { Keys } from '../../../vault/keys.ts'
import type { Parts } from '../../case/core/service.ts'
import { readDraft, type Draft } from '../filing/service.ts'
import { findByCode, giveCode, markDevice } from './repository.ts'

/**
 * The code of a draft: sixteen digits, derived from its id and the pepper and never stored, so that its page can show it again and a copy of the
 * database opens nothing.
 */
export function draftCode (keys: Keys, id: string): string {
  let block = 0
  const random: Random = n => createHmac('sha256', keys.pepper).update(`draft code ${id} ${block++}`).digest().subarray(0, n)
  return newQueryCode(random)
}

/** What is stored of a code. The code alone must find its draft, so it is a keyed hash without salt; who lacks the pepper cannot try codes. */
function lookup (keys: Keys, code: string): string {
  return createHmac('sha256', keys.pepper).update(`draft lookup ${code}`).digest('base64url')
}

/** Lets a draft be opened by its code from now on; asking twice changes nothing. Errors: `draft_gone`. */
export async function makeCode ({ db, keys }: Parts, id: string, now: string): Promise<void> {
  if (!await giveCode(db, id, lookup(keys, draftCode(keys, id)), now)) throw new AppError('draft_gone')
}

/** The draft that a code opens, however it was typed; null for every code that opens none: wrong, sent, deleted or over. */
export async function draftBehind ({ db, keys }: Parts, typed: string, now: string): Promise<string | null> {
  const row = await findByCode(db, lookup(keys, normaliseQueryCode(typed) ?? ''))
  if (row === undefined) return null
  return draftEnds(row.saved_at, { code: true, ownDevice: row.own_device === 1 }) > now ? row.id : null
}

/** Hands a draft over to the browser that gave its code: all others lose it, and the draft knows how long this one may keep it. */
export async function moveTo ({ db }: Parts, id: string, device: Device): Promise<void> {
  await endSessionsOf(db, 'draft', id)
  await markDevice(db, id, device === 'own')
}

/** The unsent draft behind a session's subject, if it holds anything that somebody typed or uploaded; else null. */
export async function openDraft (parts: Parts, id: string | undefined): Promise<Draft | null> {
  const draft = id === undefined ? null : await readDraft(parts, id).catch(nothingIfGone)
  if (draft === null || draft.submittedAt !== null) return null
  const { steps = [], typed = {} } = draft.answers
  return steps.length > 0 || Object.keys(typed).length > 0 || draft.attachments.length > 0 ? draft : null
}

function nothingIfGone (error: unknown): null {
  if (error instanceof AppError && error.code === 'draft_gone') return null
  throw error
}

/** When a draft is destroyed unless it is saved again. */
export function endOf ({ savedAt, hasCode, ownDevice }: Draft): string {
  return draftEnds(savedAt, { code: hasCode, ownDevice })
}
