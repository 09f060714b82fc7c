import { PostgresDialect } from 'kysely'
import pg from 'pg'
import { StartError } from './start-error.ts'

/** int8 (counts, sums) comes as text by default; ours never pass 2^53, so both engines give numbers. */
const INT8 = 20
const NUMERIC = 1700

/** Connects and checks the collation: with C, order agrees with SQLite. Throws StartError when it cannot. */
export async function postgresDialect (url: string): Promise<PostgresDialect> {
  const types = { getTypeParser: (oid: number, format?: 'text' | 'binary') => oid === INT8 || oid === NUMERIC ? Number : pg.types.getTypeParser(oid, format as 'text') }
  const pool = new pg.Pool({ connectionString: url, types, max: 10, statement_timeout: 30_000, idle_in_transaction_session_timeout: 30_000 })
  pool.on('error', () => {}) // an idle connection that the server dropped; the next query opens another
  try {
    const { rows } = await pool.query<{ collation: string }>('select datcollate as collation from pg_database where datname = current_database()')
    const collation = rows[0]?.collation ?? ''
    if (!/^(C|POSIX)(\.UTF-?8)?$/i.test(collation)) throw new StartError('database_collation', { collation })
  } catch (error) {
    await pool.end()
    if (error instanceof StartError) throw error
    throw new StartError('database_unreachable', { why: (error as Error).message || (error as { code?: string }).code }, error)
  }
  return new PostgresDialect({ pool })
}
