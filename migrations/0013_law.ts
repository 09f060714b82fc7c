import { sql, type Kysely } from 'kysely'
import type { Engine } from './table.ts'

/** The full-text side table of statutes: name, issuer and the numbers of the articles. */
export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  if (engine === 'sqlite') {
    await sql`create virtual table statute_search using fts5(name, body, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0', prefix=1)`.execute(db)
    return
  }
  await sql`create table statute_search (rowid integer primary key, name tsvector not null, body tsvector not null)`.execute(db)
  await sql`create index statute_search_by_name on statute_search using gin (name)`.execute(db)
  await sql`create index statute_search_by_text on statute_search using gin ((name || body))`.execute(db)
}
