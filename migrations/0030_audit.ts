import { sql, type Kysely } from 'kysely'
import { createTable, type Engine } from './table.ts'

/**
 * What the audit chain was on each day, to be published; like the chain itself it is written once. Indexes for the auditor's questions. SQLite
 * replaces a row without asking the trigger that guards its removal: there a row's place is taken only once.
 */
export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  await createTable(db, engine, 'audit_anchor')
    .addColumn('day', 'text', c => c.primaryKey().notNull())
    .addColumn('seq', 'integer', c => c.notNull())
    .addColumn('hash', 'text', c => c.notNull())
    .addColumn('at', 'text', c => c.notNull())
    .addColumn('key_id', 'text', c => c.notNull())
    .addColumn('signature', 'text', c => c.notNull())
    .execute()
  await guard(db, engine)
  const exact = sql.raw(engine === 'postgres' ? ' collate "C"' : '')
  await sql`create index audit_by_subject on audit_entry (subject${exact}, seq)`.execute(db)
  await db.schema.createIndex('audit_by_action').on('audit_entry').columns(['action', 'seq']).execute()
  await db.schema.createIndex('audit_by_actor').on('audit_entry').columns(['actor_id', 'seq']).execute()
  await db.schema.createIndex('audit_by_result').on('audit_entry').columns(['result', 'seq']).execute()
  await db.schema.createIndex('audit_by_time').on('audit_entry').columns(['at']).execute()
}

async function guard (db: Kysely<any>, engine: Engine): Promise<void> {
  if (engine === 'postgres') {
    await sql`create function audit_anchor_refuse() returns trigger language plpgsql as $$ begin raise exception 'append-only'; end $$`.execute(db)
    for (const verb of ['update', 'delete', 'truncate']) {
      await sql`create trigger ${sql.ref(`audit_anchor_no_${verb}`)} before ${sql.raw(verb)} on audit_anchor for each statement execute function audit_anchor_refuse()`.execute(db)
    }
    return
  }
  for (const verb of ['update', 'delete']) {
    await sql`create trigger ${sql.ref(`audit_anchor_no_${verb}`)} before ${sql.raw(verb)} on audit_anchor begin select raise(abort, 'append-only'); end`.execute(db)
  }
  await sql`create trigger audit_anchor_once before insert on audit_anchor when exists (select 1 from audit_anchor where day = new.day) begin select raise(abort, 'append-only'); end`.execute(db)
  await sql`create trigger audit_entry_once before insert on audit_entry when exists (select 1 from audit_entry where seq = new.seq) begin select raise(abort, 'append-only'); end`.execute(db)
}
