import type { Kysely } from 'kysely'
import { createTable, type Engine } from './table.ts'

/** What a matter says beside what is queried, the trades it concerns, what came of old codes, and what kind of change each publication was. */
export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  await db.schema.alterTable('matter').addColumn('details', 'text').execute()
  await db.schema.alterTable('matter').addColumn('tags', 'text').execute()
  await createTable(db, engine, 'matter_succession')
    .addColumn('old_code', 'text', c => c.notNull())
    .addColumn('new_code', 'text', c => c.notNull())
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('since', 'text', c => c.notNull())
    .addColumn('reason', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('matter_succession_pk', ['old_code', 'new_code'])
    .execute()
  await db.schema.createIndex('matter_succession_by_new').on('matter_succession').columns(['new_code']).execute()
  await db.schema.alterTable('record_version').addColumn('change', 'text', c => c.notNull().defaultTo('changed')).execute()
  await db.updateTable('record_version').set({ change: 'new' }).where('version', '=', 1).execute()
  await db.schema.createIndex('record_version_by_time').on('record_version').columns(['recorded_at', 'kind', 'change', 'record_id', 'version']).execute()
}
