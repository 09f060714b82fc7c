import { sql, type Kysely } from 'kysely'
import { createTable, type Engine } from './table.ts'

/** What cannot wait stands first in the queue; and which text the complainant agreed to. */
export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  await db.schema.alterTable('complaint').addColumn('urgent', 'integer', column => column.notNull().defaultTo(0)).execute()
  await sql`create index complaint_urgent_first on complaint (urgent desc, sort_on, ref, bureau_id, status, handler_id, unread, suspect, agency_id, id) where closed_at is null`.execute(db)
  await createTable(db, engine, 'consent')
    .addColumn('complaint_id', 'text', column => column.notNull().references('complaint.id').onDelete('cascade'))
    .addColumn('code', 'text', column => column.notNull())
    .addColumn('version', 'text', column => column.notNull())
    .addColumn('at', 'text', column => column.notNull())
    .addPrimaryKeyConstraint('consent_key', ['complaint_id', 'code'])
    .execute()
}
