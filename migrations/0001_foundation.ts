import { sql, type Kysely } from 'kysely'
import { createTable, createTableWithId, type Engine } from './table.ts'

/** What every wing stands on: bureaus, staff, sessions, the audit chain, the calendar and the deadline profiles. */
export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  await createTable(db, engine, 'setting')
    .addColumn('name', 'text', c => c.primaryKey().notNull())
    .addColumn('value', 'text', c => c.notNull())
    .execute()
  await createTable(db, engine, 'revision')
    .addColumn('name', 'text', c => c.primaryKey().notNull())
    .addColumn('value', 'integer', c => c.notNull())
    .execute()
  await createTableWithId(db, engine, 'bureau')
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('name_en', 'text', c => c.notNull())
    .addColumn('region_code', 'text', c => c.notNull().unique())
    .addColumn('case_prefix', 'text', c => c.notNull())
    .addColumn('parent_id', 'integer')
    .execute()
  await createTableWithId(db, engine, 'account')
    .addColumn('username', 'text', c => c.notNull().unique())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('role', 'text', c => c.notNull())
    .addColumn('bureau_id', 'integer', c => c.notNull())
    .addColumn('password_hash', 'text', c => c.notNull())
    .addColumn('disabled', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('fictional', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('created_at', 'text', c => c.notNull())
    .addColumn('last_sign_in_at', 'text')
    .addColumn('failed_count', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('failed_at', 'text')
    .addColumn('password_temporary', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('previous_sign_in_at', 'text')
    .addColumn('previous_failed_count', 'integer', c => c.notNull().defaultTo(0))
    .execute()
  await createTable(db, engine, 'login_session')
    .addColumn('id', 'text', c => c.primaryKey().notNull())
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('subject', 'text', c => c.notNull())
    .addColumn('created_at', 'text', c => c.notNull())
    .addColumn('seen_at', 'text', c => c.notNull())
    .addColumn('expires_at', 'text', c => c.notNull())
    .execute()
  await db.schema.createIndex('login_session_by_subject').on('login_session').columns(['kind', 'subject']).execute()
  await createTable(db, engine, 'audit_entry')
    .addColumn('seq', 'integer', c => c.primaryKey().notNull())
    .addColumn('at', 'text', c => c.notNull())
    .addColumn('actor_id', 'integer')
    .addColumn('role', 'text', c => c.notNull())
    .addColumn('action', 'text', c => c.notNull())
    .addColumn('subject', 'text', c => c.notNull())
    .addColumn('result', 'text', c => c.notNull())
    .addColumn('request_id', 'text', c => c.notNull())
    .addColumn('hash', 'text', c => c.notNull())
    .execute()
  await appendOnly(db, engine, 'audit_entry')
  await createTable(db, engine, 'calendar_day')
    .addColumn('date', 'text', c => c.primaryKey().notNull())
    .addColumn('is_workday', 'integer', c => c.notNull())
    .addColumn('name', 'text')
    .addColumn('source', 'text', c => c.notNull())
    .execute()
  await createTable(db, engine, 'deadline_profile')
    .addColumn('profile', 'text', c => c.notNull())
    .addColumn('clock', 'text', c => c.notNull())
    .addColumn('days', 'integer', c => c.notNull())
    .addColumn('day_type', 'text', c => c.notNull())
    .addColumn('basis', 'text', c => c.notNull())
    .addColumn('basis_en', 'text', c => c.notNull())
    .addColumn('kind', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('deadline_profile_pk', ['profile', 'clock'])
    .execute()
}

/** Rows are added and read, never changed or removed, whoever asks (security.md G-1). */
async function appendOnly (db: Kysely<any>, engine: Engine, name: string): Promise<void> {
  const table = sql.table(name)
  if (engine === 'sqlite') {
    for (const verb of ['update', 'delete']) {
      await sql`create trigger ${sql.ref(`${name}_no_${verb}`)} before ${sql.raw(verb)} on ${table} begin select raise(abort, 'append-only'); end`.execute(db)
    }
    return
  }
  await sql`create function ${sql.ref(`${name}_refuse`)}() returns trigger language plpgsql as $$ begin raise exception 'append-only'; end $$`.execute(db)
  for (const verb of ['update', 'delete', 'truncate']) {
    await sql`create trigger ${sql.ref(`${name}_no_${verb}`)} before ${sql.raw(verb)} on ${table} for each statement execute function ${sql.ref(`${name}_refuse`)}()`.execute(db)
  }
}
