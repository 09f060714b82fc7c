import type { Kysely } from 'kysely'
import { createTable, type Engine } from './table.ts'

/** What people call things, and what they looked for in vain. */
export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  await createTable(db, engine, 'everyday_word')
    .addColumn('word', 'text', column => column.primaryKey().notNull())
    .addColumn('terms', 'text', column => column.notNull()) // what the official texts say, the best first, one a line
    .execute()
  await createTable(db, engine, 'search_miss')
    .addColumn('day', 'text', column => column.notNull())
    .addColumn('words', 'text', column => column.notNull()) // folded; no address, no time of day, nobody's name
    .addColumn('count', 'integer', column => column.notNull())
    .addPrimaryKeyConstraint('search_miss_pk', ['day', 'words'])
    .execute()
}
