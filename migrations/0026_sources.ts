import type { Kysely } from 'kysely'
import { createTable, type Engine } from './table.ts'

/**
 * Where a complaint came from and who entered it; the number that it has at its source is kept as a keyed hash, so that the same item is not entered
 * twice. Keys with which other systems hand complaints over, and what each of their requests was answered with.
 */
export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  await db.schema.alterTable('complaint').renameColumn('channel', 'source').execute()
  await db.schema.alterTable('complaint').addColumn('source_key', 'text').execute()
  await db.schema.alterTable('complaint').addColumn('received_on', 'text').execute()
  await db.schema.alterTable('complaint').addColumn('entered_by', 'integer').execute()
  await db.schema.createIndex('complaint_by_source_key').unique().on('complaint').column('source_key').execute()
  await db.schema.alterTable('draft').addColumn('entered_by', 'integer').execute()
  await db.schema.alterTable('draft').addColumn('source', 'text').execute()
  await db.schema.alterTable('draft').addColumn('received_on', 'text').execute()
  await db.schema.createIndex('draft_by_entered').on('draft').columns(['entered_by', 'saved_at']).execute()
  await createTable(db, engine, 'api_key')
    .addColumn('id', 'text', c => c.primaryKey().notNull())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('scope', 'text', c => c.notNull())
    .addColumn('secret_hash', 'text', c => c.notNull().unique())
    .addColumn('source', 'text', c => c.notNull())
    .addColumn('bureau_id', 'integer', c => c.notNull())
    .addColumn('created_at', 'text', c => c.notNull())
    .addColumn('used_on', 'text')
    .addColumn('revoked_at', 'text')
    .execute()
  await createTable(db, engine, 'api_request')
    .addColumn('key_id', 'text', c => c.notNull())
    .addColumn('idempotency_hash', 'text', c => c.notNull())
    .addColumn('body_digest', 'text', c => c.notNull())
    .addColumn('complaint_id', 'text', c => c.notNull())
    .addColumn('at', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('api_request_pk', ['key_id', 'idempotency_hash'])
    .execute()
  await db.schema.createIndex('api_request_by_time').on('api_request').columns(['at']).execute()
}
