import { sql, type Selectable } from 'kysely'
import type { ContactTable, Db } from '../../../db/schema.ts'

export type ContactRow = Selectable<ContactTable>
export type NewContact = Pick<ContactRow, 'id' | 'complaint_id' | 'channel' | 'wrapped_key' | 'sealed' | 'match_hash' | 'locale' | 'created_at'>

/** Keeps a contact, not yet verified. */
export async function insertContact (trx: Db, contact: NewContact): Promise<void> {
  await trx.insertInto('contact').values({ ...contact, verified_at: null, code_hash: null, code_until: null, news_at: null, told_at: null }).execute()
}

/** The contacts of a complaint, still sealed, e-mail first. */
export async function listContacts (db: Db, complaintId: string): Promise<ContactRow[]> {
  return await db.selectFrom('contact').selectAll().where('complaint_id', '=', complaintId).orderBy('channel').execute()
}

/** One contact. */
export async function findContact (db: Db, id: string): Promise<ContactRow | undefined> {
  return await db.selectFrom('contact').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Takes a contact out, with every letter to it that has not left; of those that have only the state is kept. */
export async function removeContact (trx: Db, id: string): Promise<void> {
  await trx.deleteFrom('contact').where('id', '=', id).execute()
  await dropWaiting(trx, id)
}

async function dropWaiting (trx: Db, contactId: string): Promise<void> {
  await trx.deleteFrom('outbox').where('contact_id', '=', contactId).where('state', '=', 'queued').execute()
}

/** Puts a new code in place of an earlier one, which is void then. */
export async function setCheck (trx: Db, id: string, code: { hash: string, until: string }): Promise<void> {
  await trx.updateTable('contact').set({ code_hash: code.hash, code_until: code.until, code_tries: 0 }).where('id', '=', id).execute()
}

/** Counts one try before it is looked at, so that many at once are not more; undefined when no code is in force or its tries are used up. */
export async function takeTry (db: Db, id: string, now: string, most: number): Promise<string | undefined> {
  const row = await db.updateTable('contact').set(eb => ({ code_tries: eb('code_tries', '+', 1) }))
    .where('id', '=', id).where('code_until', '>', now).where('code_tries', '<', most).returning('code_hash').executeTakeFirst()
  return row?.code_hash ?? undefined
}

/** The person behind it has proved to read it. */
export async function markVerified (trx: Db, id: string, now: string): Promise<void> {
  await trx.updateTable('contact').set({ verified_at: now, code_hash: null, code_until: null, code_tries: 0 }).where('id', '=', id).execute()
}

/** Whether notices go there; what waits is not sent any more. */
export async function setNotify (trx: Db, id: string, notify: boolean): Promise<void> {
  await trx.updateTable('contact').set({ notify: notify ? 1 : 0, news_at: null }).where('id', '=', id).execute()
  if (!notify) await trx.deleteFrom('outbox').where('contact_id', '=', id).where('kind', '=', 'news').where('state', '=', 'queued').execute()
}

/** Remembers, in the transaction of what happened, that there is news for the complainant. */
export async function markNews (trx: Db, complaintId: string, now: string): Promise<void> {
  await trx.updateTable('contact').set({ news_at: now }).where('complaint_id', '=', complaintId).where('notify', '=', 1).where('news_at', 'is', null).execute()
}

/** The complainant has looked: nothing is left to tell. */
export async function forgetNews (db: Db, complaintId: string): Promise<void> {
  await db.updateTable('contact').set({ news_at: null }).where('complaint_id', '=', complaintId).where('news_at', 'is not', null).execute()
}

/** Contacts with news that no letter has told, none told since a moment. */
export async function listNews (db: Db, toldBefore: string, size: number): Promise<Array<ContactRow & { fictional: 0 | 1 }>> {
  return await db.selectFrom('contact').innerJoin('complaint', 'complaint.id', 'contact.complaint_id').selectAll('contact').select('complaint.fictional')
    .where('news_at', 'is not', null).where('notify', '=', 1).where(eb => eb.or([eb('told_at', 'is', null), eb('told_at', '<=', toldBefore)]))
    .orderBy('news_at').orderBy('contact.id').limit(size).execute()
}

/** Takes the news of a contact up; false when another process was faster or notices were ended meanwhile. */
export async function takeNews (trx: Db, { id, news_at: news }: Pick<ContactRow, 'id' | 'news_at'>, now: string): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('contact').set({ news_at: null, told_at: now }).where('id', '=', id).where('news_at', '=', news).where('notify', '=', 1).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Asks for one more letter, at once. */
export async function repeatNews (trx: Db, id: string, now: string): Promise<void> {
  await trx.updateTable('contact').set({ news_at: now, told_at: null }).where('id', '=', id).where('notify', '=', 1).execute()
}

export interface NoticeRow { contact_id: string, state: string, created_at: string, done_at: string | null }

/** What became of the notices to some contacts, newest first. */
export async function listNotices (db: Db, contactIds: readonly string[], size: number): Promise<NoticeRow[]> {
  if (contactIds.length === 0) return []
  return await db.selectFrom('outbox').select([sql<string>`contact_id`.as('contact_id'), 'state', 'created_at', 'done_at'])
    .where('contact_id', 'in', contactIds).where('kind', '=', 'news').orderBy('created_at', 'desc').orderBy('id').limit(size).execute()
}
