import { sql, type Kysely } from 'kysely'
import { createTable, type Engine } from './table.ts'

/**
 * Rules by which new complaints come to people, every version kept; which one met a complaint, what it could not do, whom it suggests, and what it
 * adds to the checklist. Who is away, who stands in, and cases handed over together.
 */
export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  await createTable(db, engine, 'routing_rule')
    .addColumn('id', 'text', c => c.primaryKey().notNull())
    .addColumn('bureau_id', 'integer', c => c.notNull())
    .addColumn('seq', 'integer', c => c.notNull())
    .addColumn('version', 'integer', c => c.notNull())
    .addColumn('enabled', 'integer', c => c.notNull())
    .execute()
  await db.schema.createIndex('routing_rule_by_bureau').on('routing_rule').columns(['bureau_id', 'seq']).execute()
  await createTable(db, engine, 'routing_rule_version')
    .addColumn('rule_id', 'text', c => c.notNull())
    .addColumn('version', 'integer', c => c.notNull())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('data', 'text', c => c.notNull())
    .addColumn('reason', 'text', c => c.notNull())
    .addColumn('actor_id', 'integer', c => c.notNull())
    .addColumn('at', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('routing_rule_version_pk', ['rule_id', 'version'])
    .execute()
  await columns(db)
  await people(db, engine)
}

async function columns (db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('complaint').addColumn('routing_rule', 'text').execute()
  await db.schema.alterTable('complaint').addColumn('routing_version', 'integer').execute()
  await db.schema.alterTable('complaint').addColumn('routing_faults', 'text', c => c.notNull().defaultTo('')).execute()
  await db.schema.alterTable('complaint').addColumn('suggested_id', 'integer').execute()
  await db.schema.alterTable('complaint').addColumn('checks', 'text', c => c.notNull().defaultTo('')).execute()
  await db.schema.createIndex('complaint_suggested').on('complaint').columns(['suggested_id', 'handler_id', 'bureau_id', 'ref']).where(sql`suggested_id`, 'is not', null).execute()
  await sql`create index complaint_unrouted on complaint (bureau_id, handler_id, ref) where closed_at is null and routing_faults <> ''`.execute(db)
}

async function people (db: Kysely<any>, engine: Engine): Promise<void> {
  await createTable(db, engine, 'absence')
    .addColumn('id', 'text', c => c.primaryKey().notNull())
    .addColumn('account_id', 'integer', c => c.notNull())
    .addColumn('from_on', 'text', c => c.notNull())
    .addColumn('to_on', 'text', c => c.notNull())
    .addColumn('deputy_id', 'integer')
    .addColumn('set_by', 'integer', c => c.notNull())
    .addColumn('set_at', 'text', c => c.notNull())
    .addColumn('ended_at', 'text')
    .addColumn('ended_by', 'integer')
    .execute()
  await db.schema.createIndex('absence_by_account').on('absence').columns(['account_id', 'to_on']).execute()
  await db.schema.createIndex('absence_by_deputy').on('absence').columns(['deputy_id', 'to_on']).execute()
  await createTable(db, engine, 'handover')
    .addColumn('id', 'text', c => c.primaryKey().notNull())
    .addColumn('from_id', 'integer', c => c.notNull())
    .addColumn('to_id', 'integer', c => c.notNull())
    .addColumn('actor_id', 'integer', c => c.notNull())
    .addColumn('note_sealed', 'text', c => c.notNull())
    .addColumn('moved', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('at', 'text', c => c.notNull())
    .addColumn('ended_at', 'text')
    .execute()
  await db.schema.createIndex('handover_by_from').on('handover').columns(['from_id', 'at']).execute()
}
