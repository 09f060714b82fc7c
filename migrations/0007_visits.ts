import { sql, type Kysely } from 'kysely'
import { createTable, type Engine } from './table.ts'

/** Codes that stand on certificates, and the private notes of those who were visited. */
export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  await createTable(db, engine, 'certificate_code')
    .addColumn('id', 'text', c => c.primaryKey().notNull())
    .addColumn('officer_id', 'integer', c => c.notNull())
    .addColumn('turn', 'integer', c => c.notNull())
    .addColumn('certificate_no', 'text', c => c.notNull())
    .addColumn('valid_from', 'text')
    .addColumn('valid_to', 'text')
    .addColumn('made_at', 'text', c => c.notNull())
    .addColumn('ended_at', 'text')
    .addColumn('ending', 'text')
    .addUniqueConstraint('certificate_code_turn', ['officer_id', 'turn'])
    .execute()
  await db.schema.createIndex('certificate_code_in_force').on('certificate_code').columns(['officer_id']).unique().where(sql`ended_at`, 'is', null).execute()
  await createTable(db, engine, 'visit_note')
    .addColumn('id', 'text', c => c.primaryKey().notNull())
    .addColumn('ref', 'text', c => c.notNull().unique())
    .addColumn('code_hash', 'text', c => c.notNull())
    .addColumn('code_sealed', 'text')
    .addColumn('wrapped_key', 'text', c => c.notNull())
    .addColumn('sealed', 'text', c => c.notNull())
    .addColumn('version', 'integer', c => c.notNull())
    .addColumn('made_at', 'text', c => c.notNull())
    .addColumn('ends_at', 'text', c => c.notNull())
    .execute()
  await db.schema.createIndex('visit_note_by_end').on('visit_note').columns(['ends_at']).execute()
}
