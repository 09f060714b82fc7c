import { sql, type Kysely } from 'kysely'

/**
 * How soon the bureau wants to look at a complaint. Open ones lie in an index in that order, then by due date; the expression is the one that the
 * queue orders by. Those of one priority are counted from an index alone.
 */
export async function up (db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('complaint').addColumn('priority', 'text', c => c.notNull().defaultTo('normal')).execute()
  await sql`create index complaint_open_by_priority on complaint ((case priority when 'high' then 0 when 'low' then 2 else 1 end), sort_on, ref, bureau_id, status, handler_id, unread, suspect, urgent, priority, agency_id, id) where closed_at is null`.execute(db)
  await db.schema.createIndex('complaint_by_priority').on('complaint').columns(['priority', 'closed_at', 'suspect', 'bureau_id', 'status', 'handler_id', 'unread', 'urgent', 'sort_on', 'submitted_at', 'ref', 'agency_id', 'id']).execute()
}
