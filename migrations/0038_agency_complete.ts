import type { Kysely } from 'kysely'
import { createTable, type Engine } from './table.ts'

/**
 * What an agency adds to its answers and says in public, and what a complainant says of one demand: files of an answer (`turn` as in `agency_answer`), a statement about
 * a letter of a closed case (its published words stand in `text`, the draft is sealed), and whether something was done (each answer a row of its own).
 */
export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  await createTable(db, engine, 'agency_file')
    .addColumn('attachment_id', 'text', c => c.notNull())
    .addColumn('document_id', 'text', c => c.notNull())
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('no', 'integer', c => c.notNull())
    .addColumn('turn', 'integer', c => c.notNull())
    .addColumn('complaint_id', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('agency_file_pk', ['attachment_id', 'document_id', 'kind', 'no', 'turn'])
    .execute()
  await db.schema.createIndex('agency_file_by_complaint').on('agency_file').column('complaint_id').execute()
  await createTable(db, engine, 'agency_statement')
    .addColumn('document_id', 'text', c => c.primaryKey().notNull())
    .addColumn('complaint_id', 'text', c => c.notNull())
    .addColumn('agency_id', 'integer', c => c.notNull())
    .addColumn('state', 'text', c => c.notNull())
    .addColumn('version', 'integer', c => c.notNull())
    .addColumn('sealed', 'text', c => c.notNull())
    .addColumn('author_id', 'integer', c => c.notNull())
    .addColumn('at', 'text', c => c.notNull())
    .addColumn('signed_by', 'integer')
    .addColumn('signed_at', 'text')
    .addColumn('decided_by', 'integer')
    .addColumn('decided_at', 'text')
    .addColumn('reason_sealed', 'text')
    .addColumn('text', 'text')
    .addColumn('published_on', 'text')
    .execute()
  await db.schema.createIndex('agency_statement_by_agency').on('agency_statement').columns(['agency_id', 'state']).execute()
  await db.schema.createIndex('agency_statement_by_complaint').on('agency_statement').column('complaint_id').execute()
  await createTable(db, engine, 'demand_confirmation')
    .addColumn('document_id', 'text', c => c.notNull())
    .addColumn('no', 'integer', c => c.notNull())
    .addColumn('seq', 'integer', c => c.notNull())
    .addColumn('complaint_id', 'text', c => c.notNull())
    .addColumn('answer', 'text', c => c.notNull())
    .addColumn('sealed', 'text')
    .addColumn('at', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('demand_confirmation_pk', ['document_id', 'no', 'seq'])
    .execute()
  await db.schema.createIndex('demand_confirmation_by_complaint').on('demand_confirmation').column('complaint_id').execute()
}
