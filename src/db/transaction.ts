import type { Kysely } from 'kysely'
import type { Database, Db } from './schema.ts'

/** Does the work in the caller's own transaction, or in one for this. */
export async function inTransaction<T> (db: Db, work: (trx: Db) => Promise<T>): Promise<T> {
  return db.isTransaction ? await work(db) : await (db as Kysely<Database>).transaction().execute(work)
}
