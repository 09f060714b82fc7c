import type { AccountRequestTable, Db } from '../../db/schema.ts'
import type { RequestState } from '../../domain/staff/account-acts.ts'

/** A request with the people behind it. */
export type RequestLine = AccountRequestTable & { requester: string | null, requester_username: string | null, decider: string | null, name: string | null, held: string | null }

function lines (db: Db, bureauIds: readonly number[]) {
  return db.selectFrom('account_request').leftJoin('account as asked', 'asked.id', 'account_request.requested_by').leftJoin('account as judge', 'judge.id', 'account_request.decided_by').leftJoin('account', 'account.id', 'account_request.account_id')
    .selectAll('account_request').select(['asked.name as requester', 'asked.username as requester_username', 'judge.name as decider', 'account.name', 'account.role as held']).where('account_request.bureau_id', 'in', bureauIds.length === 0 ? [-1] : bureauIds)
}

/** Requests that wait, the oldest first. */
export async function listOpen (db: Db, bureauIds: readonly number[], now: string): Promise<RequestLine[]> {
  return await lines(db, bureauIds).where('state', '=', 'open').where('expires_at', '>', now).orderBy('requested_at').orderBy('account_request.id').execute()
}

/** Requests that came to an end, the latest first; of one account with its number. */
export async function listPast (db: Db, bureauIds: readonly number[], now: string, { size, account }: { size: number, account?: number }): Promise<RequestLine[]> {
  return await lines(db, bureauIds).where(eb => eb.or([eb('state', '!=', 'open'), eb('expires_at', '<=', now)])).$if(account !== undefined, query => query.where('account_id', '=', account ?? 0))
    .orderBy('requested_at', 'desc').orderBy('account_request.id').limit(size).execute()
}

/** One request. */
export async function findRequest (db: Db, id: string, bureauIds: readonly number[]): Promise<RequestLine | undefined> {
  return await lines(db, bureauIds).where('account_request.id', '=', id).executeTakeFirst()
}

/** Whether something is asked for an account already: the same act, or the same username for a new one. */
export async function isPending (db: Db, { act, username }: { act: string, username: string }, now: string): Promise<boolean> {
  return await db.selectFrom('account_request').select('id').where('state', '=', 'open').where('expires_at', '>', now).where('act', '=', act).where('username', '=', username).limit(1).executeTakeFirst() !== undefined
}

/** Keeps a request. */
export async function insertRequest (trx: Db, row: AccountRequestTable): Promise<void> {
  await trx.insertInto('account_request').values(row).execute()
}

/** Ends a request that waits; false when somebody was faster. */
export async function endRequest (trx: Db, id: string, { state, by, now }: { state: RequestState, by: number, now: string }): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('account_request').set({ state, decided_by: by, decided_at: now }).where('id', '=', id).where('state', '=', 'open').executeTakeFirst()
  return numUpdatedRows > 0n
}
