import type { Kysely } from 'kysely'
import { createTable, type Engine } from './table.ts'

/** Trades with a page of their own, and an index for the service standard, which asks which periods ended in a quarter. */
export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  await db.schema.createIndex('clock_by_stopped').on('clock').column('stopped_on').execute()
  await createTable(db, engine, 'industry')
    .addColumn('slug', 'text', c => c.primaryKey().notNull())
    .addColumn('seq', 'integer', c => c.notNull())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('name_en', 'text', c => c.notNull())
    .addColumn('intro', 'text', c => c.notNull())
    .addColumn('intro_en', 'text', c => c.notNull())
    .addColumn('tags', 'text', c => c.notNull())
    .execute()
}
