import { sql, type Kysely } from 'kysely'
import { createTable, createTableWithId, type Engine } from './table.ts'

/** The lists of the three systems in one table, with their matters and legal bases; what else is known of a statute, and its other texts. */
export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  await items(db, engine)
  await searchTable(db, engine)
  for (const [name, type] of [['issuer', 'text'], ['doc_no', 'text'], ['effective_on', 'text'], ['effective_article', 'text'], ['amended_by', 'text'], ['repeals', 'text']] as const) {
    await db.schema.alterTable('statute').addColumn(name, type).execute()
  }
  await createTableWithId(db, engine, 'statute_text')
    .addColumn('statute_id', 'integer', c => c.notNull())
    .addColumn('text_date', 'text', c => c.notNull())
    .addColumn('version', 'integer', c => c.notNull())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('effective_on', 'text')
    .addColumn('amended_by', 'text')
    .addColumn('article_count', 'integer', c => c.notNull())
    .addColumn('data', 'text', c => c.notNull())
    .addColumn('updated_at', 'text', c => c.notNull())
    .addUniqueConstraint('statute_text_by_date', ['statute_id', 'text_date'])
    .execute()
}

async function items (db: Kysely<any>, engine: Engine): Promise<void> {
  await createTableWithId(db, engine, 'list_item')
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('code', 'text', c => c.notNull())
    .addColumn('version', 'integer', c => c.notNull())
    .addColumn('title', 'text', c => c.notNull())
    .addColumn('category', 'text')
    .addColumn('agency_id', 'integer')
    .addColumn('region_code', 'text', c => c.notNull())
    .addColumn('data', 'text', c => c.notNull())
    .addColumn('status', 'text', c => c.notNull().defaultTo('in_force'))
    .addColumn('effective_from', 'text')
    .addColumn('effective_to', 'text')
    .addColumn('note', 'text')
    .addColumn('source', 'text', c => c.notNull())
    .addColumn('verified', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('fictional', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('updated_at', 'text', c => c.notNull())
    .addUniqueConstraint('list_item_by_code', ['kind', 'code'])
    .execute()
  await db.schema.createIndex('list_item_by_agency').on('list_item').columns(['agency_id', 'kind']).execute()
  await createTable(db, engine, 'list_item_matter')
    .addColumn('item_id', 'integer', c => c.notNull())
    .addColumn('seq', 'integer', c => c.notNull())
    .addColumn('matter_code', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('list_item_matter_pk', ['item_id', 'seq'])
    .execute()
  await db.schema.createIndex('list_item_matter_by_code').on('list_item_matter').columns(['matter_code']).execute()
  await createTable(db, engine, 'list_item_basis')
    .addColumn('item_id', 'integer', c => c.notNull())
    .addColumn('seq', 'integer', c => c.notNull())
    .addColumn('law_name', 'text', c => c.notNull())
    .addColumn('law_key', 'text', c => c.notNull())
    .addColumn('article', 'text')
    .addColumn('article_no', 'integer')
    .addPrimaryKeyConstraint('list_item_basis_pk', ['item_id', 'seq'])
    .execute()
  await db.schema.createIndex('list_item_basis_by_article').on('list_item_basis').columns(['law_key', 'article_no']).execute()
}

async function searchTable (db: Kysely<any>, engine: Engine): Promise<void> {
  if (engine === 'sqlite') {
    await sql`create virtual table list_item_search using fts5(name, body, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0', prefix=1)`.execute(db)
    return
  }
  await sql`create table list_item_search (rowid integer primary key, name tsvector not null, body tsvector not null)`.execute(db)
  await sql`create index list_item_search_by_name on list_item_search using gin (name)`.execute(db)
  await sql`create index list_item_search_by_text on list_item_search using gin ((name || body))`.execute(db)
}
