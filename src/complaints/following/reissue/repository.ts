import type { Selectable } from 'kysely'
import { endSessionsOf } from '../../../db/sessions.ts'
import type { CodeRequestTable, Db } from '../../../db/schema.ts'

export type RequestRow = Selectable<CodeRequestTable>

/** Keeps what somebody asked, whatever it was. */
export async function insertRequest (db: Db, { id, sealed, now }: { id: string, sealed: string, now: string }): Promise<void> {
  await db.insertInto('code_request').values({ id, asked_sealed: sealed, state: 'asked', complaint_id: null, code_hash: null, asked_at: now, new_sealed: null }).execute()
}

/** Requests that nobody has looked at yet, the oldest first. */
export async function listAsked (db: Db, size: number): Promise<RequestRow[]> {
  return await db.selectFrom('code_request').selectAll().where('state', '=', 'asked').orderBy('asked_at').orderBy('id').limit(size).execute()
}

/** Settles a request: what was typed is forgotten. False when another process was faster. */
export async function settleRequest (trx: Db, id: string, sent: { complaintId: string, hash: string } | null): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('code_request')
    .set({ state: 'waiting', asked_sealed: '', complaint_id: sent?.complaintId ?? null, code_hash: sent?.hash ?? null })
    .where('id', '=', id).where('state', '=', 'asked').executeTakeFirst()
  return numUpdatedRows > 0n
}

/** How many codes were sent about a complaint since a moment. */
export async function countSent (db: Db, complaintId: string, since: string): Promise<number> {
  const { count } = await db.selectFrom('code_request').select(eb => eb.fn.countAll<number>().as('count')).where('complaint_id', '=', complaintId).where('asked_at', '>', since).executeTakeFirstOrThrow()
  return count
}

/** Counts one try before it is looked at; undefined for a request that is over, used up or unknown. */
export async function takeTry (db: Db, id: string, since: string, most: number): Promise<Pick<RequestRow, 'complaint_id' | 'code_hash'> | undefined> {
  return await db.updateTable('code_request').set(eb => ({ tries: eb('tries', '+', 1) }))
    .where('id', '=', id).where('state', 'in', ['asked', 'waiting']).where('asked_at', '>', since).where('tries', '<', most).returning(['complaint_id', 'code_hash']).executeTakeFirst()
}

/** Uses a request up and keeps the new code, sealed, for the page that shows it. False when it was used already. */
export async function useRequest (trx: Db, id: string, sealed: string): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('code_request').set({ state: 'done', code_hash: null, new_sealed: sealed }).where('id', '=', id).where('state', '=', 'waiting').executeTakeFirst()
  return numUpdatedRows > 0n
}

/** One request. */
export async function findRequest (db: Db, id: string): Promise<RequestRow | undefined> {
  return await db.selectFrom('code_request').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Forgets a new code that was written down. */
export async function forgetNew (db: Db, id: string): Promise<void> {
  await db.updateTable('code_request').set({ new_sealed: null }).where('id', '=', id).execute()
}

/** Forgets requests of before a moment, and new codes of before another. */
export async function sweepRequests (db: Db, { asked, shown }: { asked: string, shown: string }): Promise<void> {
  await db.updateTable('code_request').set({ new_sealed: null }).where('new_sealed', 'is not', null).where('asked_at', '<', shown).execute()
  await db.deleteFrom('code_request').where('asked_at', '<', asked).execute()
}

/** Puts a new query code in place of the old one, which opens nothing any more: sessions that it opened end, the receipt forgets it. */
export async function replaceCode (trx: Db, complaintId: string, hash: string): Promise<void> {
  await trx.updateTable('complaint').set({ code_hash: hash }).where('id', '=', complaintId).execute()
  await trx.updateTable('draft').set({ code_sealed: null }).where('id', '=', complaintId).execute()
  for (const kind of ['track', 'receipt'] as const) await endSessionsOf(trx, kind, complaintId)
}
