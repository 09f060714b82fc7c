import { sql, type Kysely } from 'kysely'
import { engineOf } from './open.ts'
import type { Database } from './schema.ts'

/**
 * Takes what was just deleted out of SQLite's write-ahead log too: the database itself overwrites deleted rows (secure_delete), the log
 * would hold them until it is used again. While another process reads, it is left to the next time, because waiting would stop everybody.
 * PostgreSQL clears by its own vacuum.
 */
export async function eraseTraces (db: Kysely<Database>): Promise<void> {
  if (engineOf(db) !== 'sqlite') return
  await db.connection().execute(async connection => {
    const { rows } = await sql<{ timeout: number }>`pragma busy_timeout`.execute(connection)
    await sql`pragma busy_timeout = 0`.execute(connection)
    await sql`pragma wal_checkpoint(truncate)`.execute(connection)
    await sql`pragma busy_timeout = ${sql.lit(rows[0]?.timeout ?? 5000)}`.execute(connection)
  })
}
