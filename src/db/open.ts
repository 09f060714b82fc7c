import { Kysely } from 'kysely'
import type { Engine } from '../../migrations/table.ts'
import type { Database, Db } from './schema.ts'
import { postgresDialect } from './postgres.ts'
import { sqliteDialect } from './sqlite.ts'

const engines = new WeakMap<object, Engine>()

/** Opens the database behind `sqlite:<file>`, `sqlite::memory:` or `postgres://…`. Throws StartError. */
export async function openDatabase (url: string): Promise<Kysely<Database>> {
  const sqlite = url.startsWith('sqlite:')
  const dialect = sqlite ? sqliteDialect(url.slice('sqlite:'.length)).dialect : await postgresDialect(url)
  const db = new Kysely<Database>({ dialect })
  engines.set(db.getExecutor().adapter, sqlite ? 'sqlite' : 'postgres')
  return db
}

/** Which engine a handle speaks to; a transaction shares its database's adapter. */
export function engineOf (db: Db): Engine {
  return engines.get(db.getExecutor().adapter) ?? (db.getExecutor().adapter.supportsMultipleConnections ? 'postgres' : 'sqlite')
}

/** Does the work in the caller's own transaction, or in one for this. */
export async function inTransaction<T> (db: Db, work: (trx: Db) => Promise<T>): Promise<T> {
  return db.isTransaction ? await work(db) : await (db as Kysely<Database>).transaction().execute(work)
}
