import { sql, type Kysely } from 'kysely'
import type { Engine } from './table.ts'

/** The full-text side table of agencies; the city pack fills it when it is installed at the next start. */
export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  if (engine === 'sqlite') {
    await sql`create virtual table agency_search using fts5(name, body, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0', prefix=1)`.execute(db)
    return
  }
  await sql`create table agency_search (rowid integer primary key, name tsvector not null, body tsvector not null)`.execute(db)
  await sql`create index agency_search_by_name on agency_search using gin (name)`.execute(db)
  await sql`create index agency_search_by_text on agency_search using gin ((name || body))`.execute(db)
}
