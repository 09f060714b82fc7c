import { existsSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import Sqlite from 'better-sqlite3'
import { CompiledQuery, SqliteAdapter, SqliteDialect, SqliteDriver, SqliteQueryCompiler, type DatabaseConnection, type SqliteDatabase, type SqliteDialectConfig, type SqliteStatement } from 'kysely'
import { makeFolder } from './folders.ts'
import { patient } from './patience.ts'
import { StartError } from './start-error.ts'

/** Kysely prepares a statement anew on each call, which costs more than running it; busy statements are being streamed. */
function withStatementCache (db: Sqlite.Database): SqliteDatabase {
  const cache = new Map<string, Sqlite.Statement>()
  return {
    prepare (query: string): SqliteStatement {
      const known = cache.get(query)
      if (known !== undefined && !known.busy) return known as unknown as SqliteStatement
      const statement = db.prepare(query)
      if (cache.size >= 500) cache.delete(cache.keys().next().value as string)
      cache.set(query, statement)
      return statement as unknown as SqliteStatement
    },
    close () {
      cache.clear()
      db.pragma('wal_checkpoint(TRUNCATE)')
      db.close()
    }
  }
}

/** Kysely declares that SQLite cannot roll back schema changes; it can. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl (): boolean { return true }
}

/** A deferred `begin` that reads before it writes meets SQLITE_BUSY however long it may wait; `immediate` queues. */
class ImmediateDriver extends SqliteDriver {
  override async acquireConnection (): Promise<DatabaseConnection> {
    return patient(await super.acquireConnection())
  }

  override async beginTransaction (connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  /** On a full disk SQLite itself has rolled back already; to say so again would hide why. */
  override async rollbackTransaction (connection: DatabaseConnection): Promise<void> {
    await super.rollbackTransaction(connection).catch((error: Error) => {
      if (!error.message.includes('no transaction is active')) throw error
    })
  }
}

/**
 * SQLite here is built with STAT4: it plans a statement anew whenever a parameter gets another value, in case that matters to the plan. On a join
 * that is nine tenths of the time (43 µs instead of 5). A plus sign changes no value and keeps the parameter out of the planner's sight.
 */
class PlainCompiler extends SqliteQueryCompiler {
  protected override getCurrentParameterPlaceholder (): string { return '+?' }
}

class Dialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig
  constructor (config: SqliteDialectConfig) { super(config); this.#config = config }
  override createAdapter (): SqliteAdapter { return new TransactionalAdapter() }
  override createQueryCompiler (): SqliteQueryCompiler { return new PlainCompiler() }
  override createDriver (): SqliteDriver { return new ImmediateDriver(this.#config) }
}

/**
 * Opens (or, where none ever was, creates) the embedded database; the bytes of one open as a copy in memory.
 * Throws StartError for one that is gone, empty, damaged or read-only.
 */
export function sqliteDialect (file: string | Buffer): { dialect: SqliteDialect, raw: Sqlite.Database } {
  const raw = typeof file === 'string' && file !== ':memory:' ? openMarked(file) : openFile(file)
  return { dialect: new Dialect({ database: withStatementCache(raw) }), raw }
}

/** The marker beside the file tells a database that is gone from one that never was. */
function openMarked (file: string): Sqlite.Database {
  const marker = `${file}.marker`
  makeFolder(path.dirname(path.resolve(file)))
  const empty = !existsSync(file) || statSync(file).size === 0
  if (empty && existsSync(marker)) throw new StartError('database_missing', { file })
  const raw = openFile(file)
  if (!existsSync(marker)) leaveMarker(marker)
  return raw
}

function leaveMarker (marker: string): void {
  try {
    writeFileSync(marker, 'A database was created beside this file. Restore it from a backup if it is missing.\n')
  } catch (error) {
    throw StartError.of(error, { file: marker })
  }
}

function openFile (file: string | Buffer): Sqlite.Database {
  try {
    const raw = new Sqlite(file, { timeout: 5000 }) // another process may be starting at the same moment
    // FULL: a complaint that was acknowledged survives a power cut; the driver's WAL default would be NORMAL.
    raw.pragma('journal_mode = WAL')
    raw.pragma('synchronous = FULL')
    raw.pragma('foreign_keys = ON')
    raw.pragma('trusted_schema = OFF')
    raw.pragma('secure_delete = ON')
    raw.pragma('cache_size = -8192') // 8 MB: what is mapped need not be cached again
    raw.pragma('mmap_size = 268435456')
    raw.prepare('select count(*) from sqlite_schema').get()
    raw.pragma('busy_timeout = 10') // from now on longer waits do not block the process: patience.ts
    return raw
  } catch (error) {
    throw StartError.of(error, { file })
  }
}
