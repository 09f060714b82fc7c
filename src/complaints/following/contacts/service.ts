import { randomInt } from 'node:crypto'
import { appendAudit } from '../../../db/audit.ts'
import type { Db } from '../../../db/schema.ts'
import { maskContact } from '../../../domain/records/masking.ts'
import { AppError } from '../../../errors.ts'
import { addressHash, countLetters, queueLetter } from '../../../mail/outbox.ts'
import type { Locale } from '../../../paths.ts'
import type { Keys } from '../../../vault/keys.ts'
import { findById, insertEvent, touchComplaint } from '../../case/core/repository.ts'
import type { Identity, Parts } from '../../case/core/types.ts'
import { openIdentity, sealFor, sealIdentity } from '../../case/ledger/sealing.ts'
import { checkLetter, type Addressee, type Sender } from './letters.ts'
import { findContact, insertContact, listContacts, listNotices, markVerified, removeContact, setCheck, setNotify, takeTry, type ContactRow } from './repository.ts'
import { addressesOf, checkHash, openContact, sealContact } from './sealing.ts'

export { addressesOf, checkHash, matchHash, openContact } from './sealing.ts'
export { contactOf, lostLetter, newsLetter, type Addressee, type Sender } from './letters.ts'

const MINUTE = 60_000
/** How long the code that verifies an address is good, and how often it may be tried. */
export const CHECK_MINUTES = 10
const CHECK_TRIES = 5
/** Codes that one address gets at most, whoever asks for them and for whatever complaint. News is limited by itself. */
const LETTERS = [{ most: 4, minutes: 60 }, { most: 10, minutes: 24 * 60 }] as const

const shifted = (now: string, minutes: number): string => new Date(Date.parse(now) + minutes * MINUTE).toISOString()

/** A notice as its state can be told: waiting, queued, sending, sent, failed or unsure. */
export interface NoticeState { state: string, at: string }
export interface ChannelView { id: string, channel: string, verifiedAt: string | null, notify: boolean, notices: NoticeState[] }
/** What its owner sees; never the whole address, because a code may have come into other hands. */
export interface ContactView extends ChannelView { masked: string, checking: boolean }

export interface Moment { locale: Locale, now: string }

/** Seals who complained and how they are reached, in the transaction of the submission or of a change. */
export async function keepIdentity (trx: Db, keys: Keys, complaintId: string, identity: Identity, moment: Moment): Promise<void> {
  await trx.insertInto('identity').values(sealIdentity(keys, complaintId, identity)).execute()
  for (const address of addressesOf(identity)) await insertContact(trx, sealContact(keys, complaintId, address, moment))
}

/** The ways to a complainant with the state of each notice; no address is opened. */
export async function listChannels (db: Db, complaintId: string): Promise<ChannelView[]> {
  return viewsOf(await listContacts(db, complaintId), db)
}

async function viewsOf (rows: ContactRow[], db: Db): Promise<ChannelView[]> {
  const notices = await listNotices(db, rows.map(row => row.id), 20)
  return rows.map(row => ({
    id: row.id,
    channel: row.channel,
    verifiedAt: row.verified_at,
    notify: row.notify === 1,
    notices: [
      ...row.news_at === null ? [] : [{ state: 'waiting', at: row.news_at }],
      ...notices.filter(notice => notice.contact_id === row.id).map(notice => ({ state: notice.state, at: notice.done_at ?? notice.created_at }))
    ]
  }))
}

/** The same for the complainant. */
export async function readContacts ({ db, keys }: Parts, complaintId: string, now: string): Promise<ContactView[]> {
  const rows = await listContacts(db, complaintId)
  const views = await viewsOf(rows, db)
  return views.map((view, at) => {
    const row = rows[at] as ContactRow
    return { ...view, masked: maskContact(openContact(keys, row)), checking: row.code_until !== null && row.code_until > now }
  })
}

/** A complaint's own contact, else `not_found`. */
async function ownContact (db: Db, complaintId: string, id: string): Promise<ContactRow> {
  const row = await findContact(db, id)
  if (row === undefined || row.complaint_id !== complaintId) throw new AppError('not_found')
  return row
}

/** Whether an address has had as many letters as it may get. */
export async function isFlooded ({ db, keys }: Parts, to: string, now: string): Promise<boolean> {
  for (const { most, minutes } of LETTERS) if (await countLetters(db, addressHash(keys, to), shifted(now, -minutes), ['check', 'lost']) >= most) return true
  return false
}

/** To whom letters about a contact go. */
export function addresseeOf (keys: Keys, row: ContactRow, fictional: boolean): Addressee {
  return { channel: row.channel, to: openContact(keys, row), locale: row.locale as Locale, fictional }
}

/** Sends a code to a contact; false when the address has had too many letters. Errors: `not_found`. */
export async function sendCheck (app: Sender, complaintId: string, id: string, now: string): Promise<boolean> {
  const row = await ownContact(app.db, complaintId, id)
  const complaint = await findById(app.db, complaintId)
  const to = addresseeOf(app.keys, row, complaint.fictional === 1)
  if (await isFlooded(app, to.to, now)) return false
  const code = String(randomInt(0, 1_000_000)).padStart(6, '0')
  await app.db.transaction().execute(async trx => {
    await setCheck(trx, id, { hash: checkHash(app.keys, id, code), until: shifted(now, CHECK_MINUTES) })
    await queueLetter(trx, app.keys, { kind: 'check', contact: id }, checkLetter(app, to, code, CHECK_MINUTES), now)
  })
  return true
}

export interface Own { complaintId: string, now: string, requestId: string }

/** Compares a typed code; true verifies the contact. Errors: `not_found`. */
export async function confirmCheck ({ db, keys }: Parts, { complaintId, now, requestId }: Own, id: string, code: string): Promise<boolean> {
  await ownContact(db, complaintId, id)
  const expected = await takeTry(db, id, now, CHECK_TRIES)
  if (expected === undefined || expected !== checkHash(keys, id, code)) return false
  await db.transaction().execute(async trx => {
    await markVerified(trx, id, now)
    await auditOwn(trx, keys, { complaintId, now, requestId }, 'contact.verified')
  })
  return true
}

/** Ends notices to a contact, or begins them again. Errors: `not_found`. */
export async function switchNotices ({ db, keys }: Parts, { complaintId, now, requestId }: Own, id: string, notify: boolean): Promise<void> {
  await ownContact(db, complaintId, id)
  await db.transaction().execute(async trx => {
    await setNotify(trx, id, notify)
    await auditOwn(trx, keys, { complaintId, now, requestId }, notify ? 'notices.begun' : 'notices.ended')
  })
}

/**
 * Puts a new telephone number or e-mail address in place of the old one, which is kept nowhere; blank ones stay as they are. A changed one has to be
 * verified again. Errors: `not_found`, `transition_refused` where no identity is kept.
 */
export async function correctContacts ({ db, keys }: Parts, own: Own, change: Pick<Identity, 'phone' | 'email'>, locale: Locale): Promise<void> {
  const { complaintId, now } = own
  await db.transaction().execute(async trx => {
    const complaint = await touchComplaint(trx, complaintId, {}, now)
    const kept = await trx.selectFrom('identity').selectAll().where('complaint_id', '=', complaintId).executeTakeFirst()
    if (kept === undefined) throw new AppError('transition_refused', { status: complaint.status, action: 'contact_changed', failing: [] })
    const sealed = sealIdentity(keys, complaintId, { ...openIdentity(keys, kept), ...change })
    await trx.updateTable('identity').set(sealed).where('complaint_id', '=', complaintId).execute()
    await replaceContacts(trx, keys, complaintId, change, { locale, now })
    await insertEvent(trx, sealFor(keys, complaint), complaintId, { action: 'contact_changed', from: complaint.status, to: complaint.status, actorId: null, role: 'complainant', audience: 'event', at: now })
    await auditOwn(trx, keys, own, 'contact.changed')
  })
}

async function replaceContacts (trx: Db, keys: Keys, complaintId: string, change: Pick<Identity, 'phone' | 'email'>, moment: Moment): Promise<void> {
  const rows = await listContacts(trx, complaintId)
  for (const row of rows) if (change[row.channel === 'sms' ? 'phone' : 'email'] !== undefined) await removeContact(trx, row.id)
  for (const address of addressesOf(change)) await insertContact(trx, sealContact(keys, complaintId, address, moment))
}

async function auditOwn (trx: Db, keys: Keys, { complaintId, now, requestId }: Own, action: string): Promise<void> {
  const { ref } = await findById(trx, complaintId)
  await appendAudit(trx, keys.audit, { at: now, actorId: null, role: 'complainant', action, subject: ref, result: 'done', requestId })
}
