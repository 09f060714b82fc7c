import { randomBytes, randomInt } from 'node:crypto'
import { appendAudit } from '../../../db/audit.ts'
import type { Db } from '../../../db/schema.ts'
import { normalisePhone } from '../../../domain/records/codes.ts'
import { normaliseReference } from '../../../domain/records/receipts.ts'
import { AppError } from '../../../errors.ts'
import { queueLetter } from '../../../mail/outbox.ts'
import { hashSecret } from '../../../vault/passwords.ts'
import { ifItOpens, openText, sealText } from '../../../vault/seal.ts'
import { listContacts, markNews, type ContactRow } from '../contacts/repository.ts'
import { addresseeOf, checkHash, isFlooded, lostLetter, matchHash, type Addressee, type Sender } from '../contacts/service.ts'
import { findByRef, findById, insertEvent, touchComplaint, type ComplaintRow } from '../../case/core/repository.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Actor, Parts } from '../../case/core/types.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { moveRepresentative } from '../../form/members/repository.ts'
import { freshCode, takenSlots } from '../../form/members/service.ts'
import { countSent, findRequest, forgetNew, insertRequest, listAsked, replaceCode, settleRequest, sweepRequests, takeTry, useRequest, type RequestRow } from './repository.ts'

const MINUTE = 60_000
/** How long the sent code is good, and how often it may be tried. */
export const LOST_MINUTES = 15
const TRIES = 5
/** How long the new query code is shown again to whoever got it (security.md R-7). */
const SHOWN_MINUTES = 30
/** Codes sent about one complaint at most, whoever asks. */
const SENT = [{ most: 3, minutes: 60 }, { most: 6, minutes: 24 * 60 }] as const
const A_RUN = 50

const earlier = (now: string, minutes: number): string => new Date(Date.parse(now) - minutes * MINUTE).toISOString()

interface Asked { ref: string, contact: string }

/** Keeps what somebody asked. Nothing is looked up here: whoever asks learns nothing from the answer nor from its time. */
export async function askForCode ({ db, keys }: Parts, asked: Asked, now: string): Promise<string> {
  const id = randomBytes(18).toString('base64url')
  await insertRequest(db, { id, sealed: sealText(keys.identity, JSON.stringify(asked), `code_request|${id}`), now })
  return id
}

/** Looks at what was asked and sends a code where reference and contact belong together and the contact was verified. Gives how many were sent. */
export async function answerRequests (app: Sender, now: string): Promise<number> {
  let sent = 0
  for (const row of await listAsked(app.db, A_RUN)) if (await answerRequest(app, row, now)) sent++
  return sent
}

/** Forgets requests after a day and new codes after half an hour. */
export async function sweepCodeRequests ({ db }: Pick<Parts, 'db'>, now: string): Promise<void> {
  await sweepRequests(db, { asked: earlier(now, 24 * 60), shown: earlier(now, SHOWN_MINUTES) })
}

async function answerRequest (app: Sender, row: RequestRow, now: string): Promise<boolean> {
  const { db, keys } = app
  const found = await entitled(app, openAsked(app, row), now)
  const code = String(randomInt(0, 100_000_000)).padStart(8, '0')
  return await db.transaction().execute(async trx => {
    const settled = await settleRequest(trx, row.id, found === null ? null : { complaintId: found.complaint.id, hash: checkHash(keys, row.id, code) })
    if (!settled || found === null) return false
    await queueLetter(trx, keys, { kind: 'lost', contact: found.contact.id }, lostLetter(app, found.to, code.replace(/(\d{4})(?=\d)/, '$1 '), LOST_MINUTES), now)
    await appendAudit(trx, keys.audit, { at: now, actorId: null, role: 'complainant', action: 'code.requested', subject: found.complaint.ref, result: 'done', requestId: '' })
    return true
  })
}

function openAsked ({ keys }: Pick<Parts, 'keys'>, { id, asked_sealed: sealed }: RequestRow): Asked {
  const text = ifItOpens(() => openText(keys.identity, sealed, `code_request|${id}`))
  return text === null ? { ref: '', contact: '' } : JSON.parse(text) as Asked // its key has gone meanwhile: one asks again
}

/** The verified contact of the complaint, while neither has had too many letters. */
async function entitled (app: Sender, { ref, contact }: Asked, now: string): Promise<{ complaint: ComplaintRow, contact: ContactRow, to: Addressee } | null> {
  const complaint = await findByRef(app.db, normaliseReference(ref) ?? '').catch(() => null)
  if (complaint === null) return null
  const typed = normalisePhone(contact) ?? contact
  const hash = matchHash(app.keys, complaint.id, typed)
  const known = (await listContacts(app.db, complaint.id)).find(row => row.match_hash === hash && row.verified_at !== null)
  if (known === undefined || await isFlooded(app, typed, now)) return null
  for (const { most, minutes } of SENT) if (await countSent(app.db, complaint.id, earlier(now, minutes)) >= most) return null
  const to = ifItOpens(() => addresseeOf(app.keys, known, complaint.fictional === 1))
  return to === null ? null : { complaint, contact: known, to }
}

/** Compares the code from the letter; true makes a new query code. Wrong, used, old and never sent are one answer: false. */
export async function redeem (parts: Parts, id: string, typed: string, { now, requestId }: { now: string, requestId: string }): Promise<boolean> {
  const { db, keys } = parts
  const row = await takeTry(db, id, earlier(now, LOST_MINUTES), TRIES)
  const right = row?.code_hash === checkHash(keys, id, typed)
  if (!right || row.complaint_id === null) return false
  const complaintId = row.complaint_id
  const made = await makeCode(parts, complaintId)
  return await db.transaction().execute(async trx => {
    const complaint = await touchComplaint(trx, complaintId, {}, now)
    if (!await useRequest(trx, id, sealFor(keys, complaint).close(`code_request:${id}`, made.code))) return false
    await reissue(trx, parts, { complaint, made, by: { id: null, role: 'complainant', requestId }, how: 'contact' }, now)
    return true
  })
}

/** The new query code for the page that shows it: null once it was written down or its time is over. */
export async function readNewCode ({ db, keys }: Parts, id: string, now: string): Promise<{ complaintId: string, ref: string, code: string } | null> {
  const row = await findRequest(db, id)
  if (row?.new_sealed == null || row.complaint_id === null || row.asked_at < earlier(now, SHOWN_MINUTES)) return null
  const complaint = await findById(db, row.complaint_id)
  return { complaintId: complaint.id, ref: complaint.ref, code: sealFor(keys, complaint).open(`code_request:${id}`, row.new_sealed) }
}

/** The new code was written down. */
export async function keepNewCode ({ db }: Parts, id: string): Promise<void> {
  await forgetNew(db, id)
}

/** A member of staff who has not looked at the identity within this time cannot have compared it with the person at the counter. */
const LOOKED_MINUTES = 30

/**
 * A new query code for somebody who came in person, returned once and kept nowhere. Errors: `forbidden`, `not_found`, `transition_refused` for an
 * anonymous complaint, `reason_required` without a look at the identity just before.
 */
export async function reissueAtCounter (parts: Parts, actor: Actor, ref: string, how: CounterProof, now: string): Promise<string> {
  demandPermission(actor, 'code.reissue')
  const { db } = parts
  const { id } = await findByRef(db, ref, actor)
  const made = await makeCode(parts, id)
  await db.transaction().execute(async trx => {
    const complaint = await touchComplaint(trx, id, {}, now)
    if (complaint.identity_mode === 'anonymous') throw new AppError('transition_refused', { status: complaint.status, action: 'reissue', failing: [] })
    if (!await hasLooked(trx, actor, id, now)) throw new AppError('reason_required', { action: 'reissue' })
    await reissue(trx, parts, { complaint, made, by: actor, how }, now)
  })
  return made.code
}

/** What the person at the counter showed. */
export const COUNTER_PROOFS = ['counter_id', 'counter_proxy'] as const
export type CounterProof = (typeof COUNTER_PROOFS)[number]

/** Whether this member of staff has just looked at who complained. */
export async function hasLooked (db: Db, actor: Pick<Actor, 'id'>, complaintId: string, now: string): Promise<boolean> {
  const found = await db.selectFrom('event').select('seq').where('complaint_id', '=', complaintId).where('action', '=', 'identity_viewed')
    .where('actor_id', '=', actor.id).where('at', '>', earlier(now, LOOKED_MINUTES)).limit(1).executeTakeFirst()
  return found !== undefined
}

/** A code and its hash, made before the transaction: Argon2 takes its time. */
async function makeCode ({ db, keys }: Parts, complaintId: string): Promise<NewCode> {
  const { code, slot } = freshCode(keys, complaintId, await takenSlots(db, complaintId))
  return { code, slot, hash: await hashSecret(code, keys.pepper) }
}

interface NewCode { code: string, slot: number, hash: string }

interface Reissue { complaint: ComplaintRow, made: NewCode, by: Actor, how: 'contact' | CounterProof }

async function reissue (trx: Db, { keys }: Parts, { complaint, made, by, how }: Reissue, now: string): Promise<void> {
  await replaceCode(trx, complaint.id, made.hash)
  await moveRepresentative(trx, complaint.id, made.slot)
  await insertEvent(trx, sealFor(keys, complaint), complaint.id, {
    action: 'code_reissued', from: complaint.status, to: complaint.status, actorId: by.id, role: by.role, audience: 'event', details: { proof: how }, at: now
  })
  await markNews(trx, complaint.id, now) // told to every contact: who did not ask for it must hear of it
  await appendAudit(trx, keys.audit, { at: now, actorId: by.id, role: by.role, action: 'code.reissued', subject: complaint.ref, result: 'done', requestId: by.requestId })
}
