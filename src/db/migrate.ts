import { sql, type Kysely } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'
import { MIGRATIONS } from '../../migrations/index.ts'
import { engineOf } from './open.ts'
import type { Database } from './schema.ts'
import { StartError } from './start-error.ts'

/** Brings the schema up to date, in one transaction and under a lock; two processes may start at once. Returns the steps taken. */
export async function migrateToLatest (db: Kysely<Database>): Promise<string[]> {
  await refuseNewer(db)
  const engine = engineOf(db)
  const migrations: Record<string, Migration> = {}
  for (const [name, step] of Object.entries(MIGRATIONS)) migrations[name] = { up: async inner => await step.up(inner, engine) }
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  for (let attempt = 1; ; attempt++) {
    const { error, results } = await migrator.migrateToLatest()
    if (error === undefined) return (results ?? []).map(result => result.migrationName)
    // SQLite has no migration lock: the loser of a race finds the tables made, and then has nothing left to do.
    if (attempt === 3 || !/already exists|UNIQUE|database is locked|duplicate key/i.test(String((error as Error).message))) throw StartError.of(error, { file: '' })
    await new Promise(resolve => setTimeout(resolve, 200 * attempt))
  }
}

async function refuseNewer (db: Kysely<Database>): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(table => table.name === 'kysely_migration')) return
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  const unknown = rows.find(row => !(row.name in MIGRATIONS))
  if (unknown !== undefined) throw new StartError('database_newer', { step: unknown.name })
}
