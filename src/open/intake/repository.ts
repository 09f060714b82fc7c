import type { Selectable } from 'kysely'
import type { ApiKeyTable, ApiRequestTable, Db } from '../../db/schema.ts'

export type KeyRow = Selectable<ApiKeyTable>

export async function insertKey (trx: Db, row: ApiKeyTable): Promise<void> {
  await trx.insertInto('api_key').values(row).execute()
}

export async function listKeys (db: Db): Promise<KeyRow[]> {
  return await db.selectFrom('api_key').selectAll().orderBy('created_at').execute()
}

/** The key with this hash that has not been revoked. */
export async function findKey (db: Db, hash: string): Promise<KeyRow | undefined> {
  return await db.selectFrom('api_key').selectAll().where('secret_hash', '=', hash).where('revoked_at', 'is', null).executeTakeFirst()
}

/** Ends a key; false when no such key is in force. */
export async function endKey (trx: Db, id: string, now: string): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('api_key').set({ revoked_at: now }).where('id', '=', id).where('revoked_at', 'is', null).executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function markUsed (trx: Db, id: string, day: string): Promise<void> {
  await trx.updateTable('api_key').set({ used_on: day }).where('id', '=', id).execute()
}

export async function findRequest (db: Db, keyId: string, hash: string): Promise<ApiRequestTable | undefined> {
  return await db.selectFrom('api_request').selectAll().where('key_id', '=', keyId).where('idempotency_hash', '=', hash).executeTakeFirst()
}

/** Keeps what a request was answered with, and forgets those before `forgotten`. */
export async function insertRequest (trx: Db, row: ApiRequestTable, forgotten: string): Promise<void> {
  await trx.deleteFrom('api_request').where('at', '<', forgotten).execute()
  await trx.insertInto('api_request').values(row).execute()
}
