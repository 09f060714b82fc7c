import { sql, type Kysely } from 'kysely'
import { createTable, type Engine } from './table.ts'

/**
 * How people work with the queue: views they keep, what was done to many cases at once (for ten minutes it can be taken back), who opened a case
 * when, and what a person likes the desk to do. The indexes hold what the counts of the views ask, and open cases in the order in which they came.
 */
export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  await createTable(db, engine, 'saved_view')
    .addColumn('id', 'text', c => c.primaryKey().notNull())
    .addColumn('account_id', 'integer', c => c.notNull())
    .addColumn('bureau_id', 'integer', c => c.notNull())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('query', 'text', c => c.notNull())
    .addColumn('shared', 'integer', c => c.notNull())
    .addColumn('version', 'integer', c => c.notNull())
    .addColumn('created_at', 'text', c => c.notNull())
    .execute()
  await db.schema.createIndex('saved_view_by_account').on('saved_view').columns(['account_id', 'created_at']).execute()
  await db.schema.createIndex('saved_view_by_bureau').on('saved_view').columns(['bureau_id', 'shared']).execute()
  await bulkTables(db, engine)
  await createTable(db, engine, 'case_visit')
    .addColumn('complaint_id', 'text', c => c.notNull())
    .addColumn('account_id', 'integer', c => c.notNull())
    .addColumn('at', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('case_visit_pk', ['complaint_id', 'account_id'])
    .execute()
  await createTable(db, engine, 'account_setting')
    .addColumn('account_id', 'integer', c => c.notNull())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('value', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('account_setting_pk', ['account_id', 'name'])
    .execute()
  await db.schema.dropIndex('complaint_by_status').execute()
  await db.schema.createIndex('complaint_by_status').on('complaint').columns(['status', 'bureau_id', 'suspect', 'sort_on', 'handler_id', 'unread', 'urgent', 'closed_at', 'agency_id', 'id']).execute()
  await db.schema.createIndex('complaint_open_by_age').on('complaint').columns(['submitted_at', 'ref', 'bureau_id', 'status', 'handler_id', 'unread', 'suspect', 'urgent', 'sort_on', 'agency_id', 'id']).where(sql`closed_at`, 'is', null).execute()
  await db.schema.dropIndex('complaint_closed').execute()
  await db.schema.createIndex('complaint_closed').on('complaint').columns(['closed_at', 'ref', 'bureau_id', 'agency_id', 'id', 'status', 'handler_id', 'unread', 'sort_on', 'source']).where(sql`closed_at`, 'is not', null).execute()
  await db.schema.createIndex('demand_by_state').on('demand').columns(['state', 'due_on', 'complaint_id']).execute()
}

async function bulkTables (db: Kysely<any>, engine: Engine): Promise<void> {
  await createTable(db, engine, 'bulk_batch')
    .addColumn('id', 'text', c => c.primaryKey().notNull())
    .addColumn('account_id', 'integer', c => c.notNull())
    .addColumn('act', 'text', c => c.notNull())
    .addColumn('value', 'text', c => c.notNull())
    .addColumn('at', 'text', c => c.notNull())
    .addColumn('undone_at', 'text')
    .execute()
  await createTable(db, engine, 'bulk_item')
    .addColumn('batch_id', 'text', c => c.notNull())
    .addColumn('complaint_id', 'text', c => c.notNull())
    .addColumn('result', 'text', c => c.notNull())
    .addColumn('before', 'text')
    .addColumn('seq', 'integer')
    .addColumn('undo', 'text')
    .addPrimaryKeyConstraint('bulk_item_pk', ['batch_id', 'complaint_id'])
    .execute()
}
