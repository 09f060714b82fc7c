import type { Kysely } from 'kysely'
import { createTable, type Engine } from './table.ts'

/**
 * What a supervised agency answers to what was sent to it: an explanation, an objection, and for each demand what was done. Drafted by one person, signed by the
 * agency's head; what the bureau thinks of a demand's answer stands beside it. `turn` counts the answers to one demand.
 */
export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  await createTable(db, engine, 'agency_answer')
    .addColumn('document_id', 'text', c => c.notNull())
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('no', 'integer', c => c.notNull())
    .addColumn('turn', 'integer', c => c.notNull())
    .addColumn('complaint_id', 'text', c => c.notNull())
    .addColumn('version', 'integer', c => c.notNull())
    .addColumn('sealed', 'text', c => c.notNull())
    .addColumn('author_id', 'integer', c => c.notNull())
    .addColumn('at', 'text', c => c.notNull())
    .addColumn('signed_by', 'integer')
    .addColumn('signed_at', 'text')
    .addColumn('verdict', 'text')
    .addColumn('verdict_sealed', 'text')
    .addColumn('judged_by', 'integer')
    .addColumn('judged_at', 'text')
    .addPrimaryKeyConstraint('agency_answer_pk', ['document_id', 'kind', 'no', 'turn'])
    .execute()
  await db.schema.createIndex('agency_answer_by_complaint').on('agency_answer').column('complaint_id').execute()
  await createTable(db, engine, 'agency_receipt')
    .addColumn('document_id', 'text', c => c.primaryKey().notNull())
    .addColumn('account_id', 'integer', c => c.notNull())
    .addColumn('at', 'text', c => c.notNull())
    .execute()
}
