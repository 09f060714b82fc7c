import { sql, type Kysely } from 'kysely'

/**
 * Drafts that a code opens again, sessions that last as long as the device allows, and complaints that may be a machine's kept apart. The queue's
 * indexes hold `suspect` too, because every ordinary view asks for it.
 */
export async function up (db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('draft').addColumn('resume_hash', 'text').execute()
  await db.schema.alterTable('draft').addColumn('own_device', 'integer', column => column.notNull().defaultTo(0)).execute()
  await db.schema.createIndex('draft_by_resume_hash').unique().on('draft').column('resume_hash').execute()
  await db.schema.alterTable('login_session').addColumn('idle', 'integer').execute()
  await db.schema.alterTable('complaint').addColumn('suspicions', 'text', column => column.notNull().defaultTo('')).execute()
  await db.schema.alterTable('complaint').addColumn('quarantine', 'text').execute()
  await db.schema.alterTable('complaint').addColumn('text_digest', 'text').execute()
  await sql`update complaint set quarantine = 'waiting' where suspect = 1`.execute(db)
  await db.schema.createIndex('complaint_by_text').on('complaint').columns(['text_digest', 'submitted_at']).execute()
  for (const name of ['complaint_open_by_due', 'complaint_by_status']) await db.schema.dropIndex(name).execute()
  await db.schema.createIndex('complaint_open_by_due').on('complaint').columns(['sort_on', 'ref', 'bureau_id', 'status', 'handler_id', 'unread', 'suspect', 'agency_id', 'id']).where(sql`closed_at`, 'is', null).execute()
  await db.schema.createIndex('complaint_by_status').on('complaint').columns(['status', 'bureau_id', 'suspect', 'sort_on', 'handler_id', 'unread', 'closed_at']).execute()
}
