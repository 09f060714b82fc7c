import Sqlite from 'better-sqlite3'
import { sql, type Kysely } from 'kysely'
import { engineOf } from './open.ts'
import type { Database } from './schema.ts'
import { StartError } from './start-error.ts'

const LOCK = 20_260_711
const PAUSE = 100
const PATIENCE = 120_000

/**
 * Runs work while no other process does the same on this database; calls `waiting` once when it must wait. The lock goes with the
 * process however that ends: PostgreSQL ties it to the connection, SQLite to an open file. Throws StartError database_locked after two minutes.
 */
export async function alone<T> (db: Kysely<Database>, work: () => Promise<T>, waiting: () => void): Promise<T> {
  if (engineOf(db) === 'postgres') return await aloneOnPostgres(db, work, waiting)
  const { rows } = await sql<{ name: string, file: string }>`pragma database_list`.execute(db)
  const file = rows.find(row => row.name === 'main')?.file ?? ''
  return file === '' ? await work() : await aloneOnSqlite(`${file}.lock`, work, waiting)
}

async function aloneOnPostgres<T> (db: Kysely<Database>, work: () => Promise<T>, waiting: () => void): Promise<T> {
  return await db.connection().execute(async connection => {
    await insist(async () => (await sql<{ got: boolean }>`select pg_try_advisory_lock(${LOCK}) as got`.execute(connection)).rows[0]?.got === true, waiting, '')
    try {
      return await work()
    } finally {
      await sql`select pg_advisory_unlock(${LOCK})`.execute(connection)
    }
  })
}

/** A second, empty database beside the first: its exclusive lock is the operating system's, so nothing is left behind by a process that was killed. */
async function aloneOnSqlite<T> (file: string, work: () => Promise<T>, waiting: () => void): Promise<T> {
  const lock = new Sqlite(file, { timeout: 0 })
  try {
    await insist(async () => begin(lock), waiting, file)
    return await work()
  } finally {
    lock.close()
  }
}

function begin (lock: Sqlite.Database): boolean {
  try {
    lock.exec('begin exclusive')
    return true
  } catch (error) {
    if (/^SQLITE_BUSY/.test((error as { code?: string }).code ?? '')) return false
    throw error
  }
}

async function insist (take: () => Promise<boolean>, waiting: () => void, file: string): Promise<void> {
  for (let waited = 0; !await take(); waited += PAUSE) {
    if (waited === 0) waiting()
    if (waited >= PATIENCE) throw new StartError('database_locked', { file })
    await new Promise(resolve => setTimeout(resolve, PAUSE))
  }
}
