import { sql } from 'kysely'
import { engineOf } from '../../db/open.ts'
import type { Db, SubscriptionTable } from '../../db/schema.ts'

export type Subscription = SubscriptionTable
export type Frequency = Subscription['frequency']

const LOCK = 20_261_125

/** Until the transaction ends nobody else counts what this address has; SQLite lets one writer in at a time by itself. */
export async function holdAddress (trx: Db, hash: string): Promise<void> {
  if (engineOf(trx) === 'postgres') await sql`select pg_advisory_xact_lock(${LOCK}, hashtext(${hash}))`.execute(trx)
}

/** What somebody follows already, whatever its state. */
export async function findSame (db: Db, { address_hash: hash, set_name: set, code, query }: Pick<Subscription, 'address_hash' | 'set_name' | 'code' | 'query'>): Promise<Subscription | undefined> {
  return await db.selectFrom('subscription').selectAll().where('address_hash', '=', hash).where('set_name', '=', set).where('code', '=', code).where('query', '=', query).executeTakeFirst()
}

/** Keeps a wish that has to be confirmed; one that waits already gets the new secret. */
export async function keepPending (trx: Db, row: Subscription): Promise<void> {
  const { confirm_hash: confirm, frequency, locale, created_at: at } = row
  await trx.insertInto('subscription').values(row)
    .onConflict(conflict => conflict.columns(['address_hash', 'set_name', 'code', 'query']).doUpdateSet({ confirm_hash: confirm, frequency, locale, created_at: at }).where('subscription.status', '=', 'pending')).execute()
}

/** How many an address follows or has asked for. */
export async function countByAddress (db: Db, hash: string): Promise<number> {
  const { count } = await db.selectFrom('subscription').select(eb => eb.fn.countAll<number>().as('count')).where('address_hash', '=', hash).executeTakeFirstOrThrow()
  return count
}

export async function findSubscription (db: Db, id: string): Promise<Subscription | undefined> {
  return await db.selectFrom('subscription').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The wish behind a secret that is not older than `since`. */
export async function findPending (db: Db, hash: string, since: string): Promise<Subscription | undefined> {
  return await db.selectFrom('subscription').selectAll().where('confirm_hash', '=', hash).where('status', '=', 'pending').where('created_at', '>', since).executeTakeFirst()
}

/** Whether a secret began a subscription that is in force. */
export async function isConfirmed (db: Db, hash: string): Promise<boolean> {
  return await db.selectFrom('subscription').select('id').where('confirm_hash', '=', hash).where('status', '=', 'active').executeTakeFirst() !== undefined
}

/** Begins it; the secret is kept, so that its link can be answered when it is opened again: it begins nothing any more. */
export async function activate (db: Db, id: string, now: string): Promise<void> {
  await db.updateTable('subscription').set({ status: 'active', digest_at: now }).where('id', '=', id).where('status', '=', 'pending').execute()
}

export async function setFrequency (db: Db, id: string, frequency: Frequency): Promise<void> {
  await db.updateTable('subscription').set({ frequency }).where('id', '=', id).execute()
}

/** Nothing of a subscription is kept once it has ended. */
export async function removeSubscription (db: Db, id: string): Promise<void> {
  await db.deleteFrom('subscription').where('id', '=', id).execute()
}

/** Wishes that nobody confirmed in time. */
export async function removeUnconfirmed (db: Db, before: string): Promise<void> {
  await db.deleteFrom('subscription').where('status', '=', 'pending').where('created_at', '<=', before).execute()
}

/** Subscriptions of a rhythm whose last letter is older than `before`. */
export async function listDue (db: Db, frequency: Frequency, before: string, limit: number): Promise<Subscription[]> {
  return await db.selectFrom('subscription').selectAll().where('status', '=', 'active').where('frequency', '=', frequency).where('digest_at', '<=', before).orderBy('digest_at').orderBy('id').limit(limit).execute()
}

/** Moves the moment up to which changes were told; false when another process already has. */
export async function moveOn (trx: Db, { id, digest_at: from }: Subscription, to: string): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('subscription').set({ digest_at: to }).where('id', '=', id).where('digest_at', '=', from).executeTakeFirst()
  return numUpdatedRows === 1n
}
