import { sql, type Kysely } from 'kysely'
import type { Engine } from './table.ts'

/** The full-text side tables: overlapping character pairs made by the application, the same on both engines. */
const SEARCHED = ['matter_search', 'article_search'] as const

export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  for (const table of SEARCHED) {
    if (engine === 'sqlite') {
      await sql`create virtual table ${sql.ref(table)} using fts5(name, body, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0', prefix=1)`.execute(db)
    } else {
      await sql`create table ${sql.ref(table)} (rowid integer primary key, name tsvector not null, body tsvector not null)`.execute(db)
      await sql`create index ${sql.ref(`${table}_by_name`)} on ${sql.ref(table)} using gin (name)`.execute(db)
      await sql`create index ${sql.ref(`${table}_by_text`)} on ${sql.ref(table)} using gin ((name || body))`.execute(db)
    }
  }
}
