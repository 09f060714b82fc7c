import type { Kysely } from 'kysely'
import { createTable, type Engine } from './table.ts'

/**
 * Accounts that administrators keep, what of it a second one must confirm, ties with officers, and where a person's morning letter goes.
 */
export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  await db.schema.alterTable('account').addColumn('version', 'integer', c => c.notNull().defaultTo(1)).execute()
  await db.schema.alterTable('account').addColumn('email_sealed', 'text').execute()
  await db.schema.alterTable('account').addColumn('digest', 'integer', c => c.notNull().defaultTo(1)).execute()
  await db.schema.alterTable('account').addColumn('digest_on', 'text').execute()
  await db.schema.alterTable('conflict_declaration').addColumn('officer_id', 'integer').execute()
  await createTable(db, engine, 'account_request')
    .addColumn('id', 'text', c => c.primaryKey().notNull())
    .addColumn('act', 'text', c => c.notNull())
    .addColumn('account_id', 'integer')
    .addColumn('username', 'text', c => c.notNull())
    .addColumn('bureau_id', 'integer', c => c.notNull())
    .addColumn('version', 'integer', c => c.notNull())
    .addColumn('change', 'text', c => c.notNull())
    .addColumn('reason', 'text', c => c.notNull())
    .addColumn('state', 'text', c => c.notNull())
    .addColumn('requested_by', 'integer', c => c.notNull())
    .addColumn('requested_at', 'text', c => c.notNull())
    .addColumn('expires_at', 'text', c => c.notNull())
    .addColumn('decided_by', 'integer')
    .addColumn('decided_at', 'text')
    .execute()
  await db.schema.createIndex('account_request_by_state').on('account_request').columns(['state', 'requested_at']).execute()
  await db.schema.createIndex('account_request_by_account').on('account_request').columns(['account_id', 'requested_at']).execute()
}
