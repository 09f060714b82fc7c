import { createHash, randomBytes } from 'node:crypto'
import { eraseTraces } from '../../../db/erasure.ts'
import { endSessionsOf } from '../../../db/sessions.ts'
import { newQueryCode, newReference, normaliseQueryCode, normaliseReference } from '../../../domain/records/receipts.ts'
import { AppError } from '../../../errors.ts'
import { newDataKey, unwrapDataKey } from '../../../vault/data-keys.ts'
import type { Keys } from '../../../vault/keys.ts'
import { hashSecret, verifySecret } from '../../../vault/passwords.ts'
import { openText, sealText, type KeyRing } from '../../../vault/seal.ts'
import type { Db } from '../../../db/schema.ts'
import type { Parts } from '../../case/core/types.ts'
import { agenciesNamed } from '../../form/naming/agencies.ts'
import { officerNumbered } from '../../form/naming/repository.ts'
import { deleteEnded, deleteNote, findNote, findVisitLock, forgetCodes, insertNote, isTaken, lockNote, writeNote, type VisitRow } from './repository.ts'
import { MOST_ADDITIONS, type Note, type NotedOfficer, type Visit } from './types.ts'

const MINUTE = 60_000
/** A note is kept for sixty days, then it destroys itself (features.md B2). */
export const KEPT_DAYS = 60
const KEPT = KEPT_DAYS * 24 * 60 * MINUTE
/** For how long the code is shown again to the browser that wrote the note: a lost answer must lock nobody out (security.md R-7). */
const CODE_SHOWN = 30 * MINUTE
const ONCE = /^[A-Za-z0-9_-]{22}$/

const after = (now: string, span: number): string => new Date(Date.parse(now) + span).toISOString()

/** What makes a form of its own: sent twice, it makes one note. */
export function newOnce (): string {
  return randomBytes(16).toString('base64url')
}

/** What a form brought back of it, or a new one. */
export function onceIn (text: string): string {
  return ONCE.test(text) ? text : newOnce()
}

/**
 * Keeps a note and gives its id. The same form again is the same note, and if it was changed meanwhile the later one stands; once its
 * code is no longer shown, a form of then makes a note of its own, because nobody could be told the code of the first.
 */
export async function keepVisit (parts: Parts, once: string, typed: Visit, now: string): Promise<string> {
  const visit = await withRecords(parts.db, typed)
  const id = createHash('sha256').update(`visit ${onceIn(once)}`).digest('base64url')
  const known = await findNote(parts.db, id, now)
  if (known !== undefined && codeIn(parts.keys, known, now) === null) return await keepVisit(parts, newOnce(), typed, now)
  if (known === undefined && await insertNote(parts.db, await newRow(parts, id, visit, now))) return id
  await changeNote(parts, id, now, ({ added }) => ({ ...visit, added }))
  return id
}

async function newRow ({ db, keys }: Parts, id: string, visit: Visit, now: string): Promise<VisitRow> {
  const { key, wrapped } = newDataKey(keys.visits, `visit|${id}`)
  const code = newQueryCode(randomBytes)
  return {
    id,
    ref: await freshReference(db),
    code_hash: await hashSecret(code, keys.pepper),
    code_sealed: sealText(key, code, `${id}|code`),
    wrapped_key: wrapped,
    sealed: sealText(key, JSON.stringify(visit), `${id}|visit`),
    version: 1,
    made_at: now,
    ends_at: after(now, KEPT)
  }
}

async function freshReference (db: Db): Promise<string> {
  for (;;) {
    const ref = newReference(randomBytes, 'DF')
    if (!await isTaken(db, ref)) return ref
  }
}

/** Finds the records that the words mean, where they mean exactly one. What is unknown stays as it was typed. */
async function withRecords (db: Db, visit: Visit): Promise<Visit> {
  const agencies = visit.agency === '' ? [] : await agenciesNamed(db, visit.agency)
  const [agency] = agencies
  const officers: NotedOfficer[] = []
  for (const { text } of visit.officers) officers.push(await withRecord(db, text))
  return { ...visit, officers, ...agencies.length === 1 && agency?.name === visit.agency ? { agencyId: agency.id } : {} }
}

async function withRecord (db: Db, text: string): Promise<NotedOfficer> {
  for (const part of new Set([text, ...text.split(/\s+/)])) {
    const found = await officerNumbered(db, part)
    if (found !== undefined) return { text, officerId: found.id }
  }
  return { text }
}

/** The note that a reference and a code open, as they were typed. An unknown reference and a wrong code are one answer and one work: `track_failed`. */
export async function openVisit ({ db, keys }: Parts, ref: string, code: string, now: string): Promise<{ id: string, ref: string }> {
  const row = await findVisitLock(db, normaliseReference(ref, 'DF') ?? '', now)
  const matches = await verifySecret(row?.code_hash ?? null, normaliseQueryCode(code) ?? '', keys.pepper)
  if (!matches || row === undefined) throw new AppError('track_failed')
  return { id: row.id, ref: row.ref }
}

/** A note to read. Errors: `not_signed_in` when it is kept no longer, which leads back to the entrance. */
export async function readNote ({ db, keys }: Parts, id: string, now: string): Promise<Note & { code: string | null, codeUntil: string }> {
  const row = await findNote(db, id, now)
  if (row === undefined) throw new AppError('not_signed_in', { kind: 'visit' })
  return { id, ref: row.ref, madeAt: row.made_at, endsAt: row.ends_at, visit: visitIn(keys, row), code: codeIn(keys, row, now), codeUntil: after(row.made_at, CODE_SHOWN) }
}

const keyOf = (keys: Keys, row: VisitRow): KeyRing => unwrapDataKey(keys.visits, row.wrapped_key, `visit|${row.id}`)
const visitIn = (keys: Keys, row: VisitRow): Visit => JSON.parse(openText(keyOf(keys, row), row.sealed, `${row.id}|visit`)) as Visit
const codeIn = (keys: Keys, row: VisitRow, now: string): string | null =>
  row.code_sealed === null || row.made_at < after(now, -CODE_SHOWN) ? null : openText(keyOf(keys, row), row.code_sealed, `${row.id}|code`)

/** Adds to a note. The same text twice in a row is one addition. Errors: `not_signed_in`; `form_invalid` when there are too many. */
export async function addToNote (parts: Parts, id: string, text: string, now: string): Promise<void> {
  await changeNote(parts, id, now, visit => {
    if (visit.added.at(-1)?.text === text) return visit
    if (visit.added.length >= MOST_ADDITIONS) throw new AppError('form_invalid', { fields: { addition: { key: 'visit.error.additions_many', values: { max: MOST_ADDITIONS } } } })
    return { ...visit, added: [...visit.added, { at: now, text }] }
  })
}

async function changeNote ({ db, keys }: Parts, id: string, now: string, change: (visit: Visit) => Visit): Promise<void> {
  await db.transaction().execute(async trx => {
    const row = await lockNote(trx, id, now)
    if (row === undefined) throw new AppError('not_signed_in', { kind: 'visit' })
    await writeNote(trx, id, sealText(keyOf(keys, row), JSON.stringify(change(visitIn(keys, row))), `${id}|visit`))
  })
}

/** Destroys a note, its key and whatever stands open on it, at once. */
export async function eraseNote ({ db }: Pick<Parts, 'db'>, id: string): Promise<void> {
  await db.transaction().execute(async trx => {
    await deleteNote(trx, id)
    await endSessionsOf(trx, 'visit', id)
  })
  await eraseTraces(db)
}

/** Destroys notes on their sixtieth day and forgets codes after half an hour. Gives how many notes went. */
export async function sweepVisits ({ db }: Pick<Parts, 'db'>, now: string): Promise<number> {
  await forgetCodes(db, after(now, -CODE_SHOWN))
  const ended = await deleteEnded(db, now)
  for (const id of ended) await endSessionsOf(db, 'visit', id)
  if (ended.length > 0) await eraseTraces(db)
  return ended.length
}
