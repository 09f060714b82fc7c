import type { Kysely } from 'kysely'
import { createTable, type Engine } from './table.ts'

/**
 * Signing in with two factors, and who may not: recovery codes, ties to agencies and cases.
 */
export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  await db.schema.alterTable('account').addColumn('totp_sealed', 'text').execute()
  await db.schema.alterTable('account').addColumn('totp_since', 'text').execute()
  await db.schema.alterTable('account').addColumn('totp_step', 'integer').execute()
  await createTable(db, engine, 'recovery_code')
    .addColumn('account_id', 'integer', c => c.notNull())
    .addColumn('hash', 'text', c => c.notNull())
    .addColumn('used_at', 'text')
    .addPrimaryKeyConstraint('recovery_code_pk', ['account_id', 'hash'])
    .execute()
  await createTable(db, engine, 'conflict_declaration')
    .addColumn('id', 'text', c => c.primaryKey().notNull())
    .addColumn('account_id', 'integer', c => c.notNull())
    .addColumn('agency_id', 'integer')
    .addColumn('complaint_id', 'text')
    .addColumn('sealed', 'text', c => c.notNull())
    .addColumn('since', 'text', c => c.notNull())
    .addColumn('declared_at', 'text', c => c.notNull())
    .addColumn('ended_at', 'text')
    .addColumn('ended_by', 'integer')
    .execute()
  await db.schema.createIndex('conflict_by_account').on('conflict_declaration').columns(['account_id', 'ended_at']).execute()
}
