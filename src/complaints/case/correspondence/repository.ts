import type { Selectable } from 'kysely'
import type { Db, IdentityTable, MessageTable } from '../../../db/schema.ts'

export type MessageInput = Omit<Selectable<MessageTable>, 'id' | 'read_at'>

/** Keeps a sealed message, unread; returns its number. */
export async function insertMessage (db: Db, message: MessageInput): Promise<number> {
  const { id } = await db.insertInto('message').values({ ...message, read_at: null }).returning('id').executeTakeFirstOrThrow()
  return id
}

/** Whether a form was sent before: a double click, a reload and a retry are one message. */
export async function wasSent (db: Db, complaintId: string, nonce: string): Promise<boolean> {
  return await db.selectFrom('message').select('id').where('complaint_id', '=', complaintId).where('nonce', '=', nonce).executeTakeFirst() !== undefined
}

/** Whether somebody else wrote, or was written to, after the last message that one had seen. */
export async function hasNewerMessage (trx: Db, complaintId: string, seen: number, me: number | null): Promise<boolean> {
  return await trx.selectFrom('message').select('id').where('complaint_id', '=', complaintId).where('id', '>', seen)
    .where(eb => eb.or([eb('direction', '=', 'in'), eb('author_id', 'is distinct from', me)])).limit(1).executeTakeFirst() !== undefined
}

/** Whether somebody else wrote a note after the last one that one had seen. */
export async function hasNewerNote (trx: Db, complaintId: string, seen: number, me: number | null): Promise<boolean> {
  return await trx.selectFrom('note').select('id').where('complaint_id', '=', complaintId).where('id', '>', seen).where('author_id', '!=', me ?? -1).limit(1).executeTakeFirst() !== undefined
}

/** The last note that somebody wrote about a complaint. */
export async function findLastNote (trx: Db, complaintId: string, authorId: number): Promise<{ sealed: string, at: string } | undefined> {
  return await trx.selectFrom('note').select(['sealed', 'at']).where('complaint_id', '=', complaintId).where('author_id', '=', authorId).orderBy('id', 'desc').limit(1).executeTakeFirst()
}

/** The last message that somebody of the bureau wrote to a complainant. */
export async function findLastMessage (trx: Db, complaintId: string, authorId: number): Promise<{ sealed: string, at: string } | undefined> {
  return await trx.selectFrom('message').select(['sealed', 'at']).where('complaint_id', '=', complaintId).where('direction', '=', 'out').where('author_id', '=', authorId).orderBy('id', 'desc').limit(1).executeTakeFirst()
}

/** Keeps a sealed internal note. */
export async function insertNote (db: Db, note: { complaint_id: string, author_id: number, sealed: string, at: string }): Promise<void> {
  await db.insertInto('note').values(note).execute()
}

/** Puts a complaint into somebody's hands, or out of them. */
export async function updateHandler (db: Db, complaintId: string, accountId: number | null): Promise<void> {
  await db.updateTable('complaint').set({ handler_id: accountId }).where('id', '=', complaintId).execute()
}

/** The sealed identity; undefined for an anonymous complaint. */
export async function findIdentity (db: Db, complaintId: string): Promise<IdentityTable | undefined> {
  return await db.selectFrom('identity').selectAll().where('complaint_id', '=', complaintId).executeTakeFirst()
}

/** How often staff have looked at who complained. */
export async function countLooks (db: Db, complaintId: string): Promise<number> {
  const { count } = await db.selectFrom('event').select(({ fn }) => fn.countAll<number>().as('count')).where('complaint_id', '=', complaintId).where('action', '=', 'identity_viewed').executeTakeFirstOrThrow()
  return count
}

/** What a query code is compared with; undefined for a reference that was never given out. */
export async function findLock (db: Db, ref: string): Promise<{ id: string, ref: string, code_hash: string } | undefined> {
  return await db.selectFrom('complaint').select(['id', 'ref', 'code_hash']).where('ref', '=', ref).executeTakeFirst()
}

/** A member of staff opened it: nothing unread is left. */
export async function markSeen (db: Db, ref: string): Promise<void> {
  await db.updateTable('complaint').set({ unread: 0 }).where('ref', '=', ref).where('unread', '=', 1).execute()
}

/** The complainant opened the tracking page. */
export async function markMessagesRead (db: Db, complaintId: string, now: string): Promise<void> {
  await db.updateTable('message').set({ read_at: now }).where('complaint_id', '=', complaintId).where('direction', '=', 'out').where('read_at', 'is', null).execute()
}
