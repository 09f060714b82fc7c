import type { Kysely } from 'kysely'
import { createTable, type Engine } from './table.ts'

/** Letters that are issued: why a number was voided, when and how each was delivered; one number is never given twice. */
export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  await db.schema.alterTable('document').addColumn('voided_by', 'integer').execute()
  await db.schema.alterTable('document').addColumn('void_sealed', 'text').execute()
  await db.schema.createIndex('document_by_number').unique().on('document').column('number').execute()
  await db.schema.createIndex('document_by_issue').on('document').columns(['issued_at', 'type']).execute()
  await createTable(db, engine, 'delivery')
    .addColumn('document_id', 'text', c => c.notNull())
    .addColumn('no', 'integer', c => c.notNull())
    .addColumn('way', 'text', c => c.notNull())
    .addColumn('state', 'text', c => c.notNull())
    .addColumn('on_day', 'text', c => c.notNull())
    .addColumn('sealed', 'text', c => c.notNull())
    .addColumn('account_id', 'integer', c => c.notNull())
    .addColumn('at', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('delivery_pk', ['document_id', 'no'])
    .execute()
}
