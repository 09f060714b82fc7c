import { sql, type ColumnDataType, type CreateTableBuilder, type Kysely } from 'kysely'
import { createTable, createTableWithId, type Engine } from './table.ts'

/** Discretion benchmarks with their tiers, exemptions, and the matters that both are about. */
export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  await common(createTableWithId(db, engine, 'benchmark'))
    .addColumn('issuer', 'text', c => c.notNull())
    .addColumn('legal_text', 'text')
    .addColumn('tiers', 'text', c => c.notNull())
    .execute()
  await tiers(db, engine)
  await common(createTableWithId(db, engine, 'exemption'))
    .addColumn('type', 'text', c => c.notNull())
    .addColumn('match', 'text', c => c.notNull())
    .addColumn('conditions', 'text', c => c.notNull())
    .addColumn('measures', 'text')
    .execute()
  for (const kind of ['benchmark', 'exemption']) await linksAndSearch(db, engine, kind)
}

function common (table: CreateTableBuilder<string>): CreateTableBuilder<string> {
  return table
    .addColumn('code', 'text', c => c.notNull().unique())
    .addColumn('version', 'integer', c => c.notNull())
    .addColumn('violation', 'text', c => c.notNull())
    .addColumn('field', 'text')
    .addColumn('agency_id', 'integer', c => c.notNull())
    .addColumn('bases', 'text', c => c.notNull())
    .addColumn('list_name', 'text')
    .addColumn('list_version', 'text')
    .addColumn('effective_from', 'text', c => c.notNull())
    .addColumn('effective_to', 'text')
    .addColumn('note', 'text')
    .addColumn('source', 'text', c => c.notNull())
    .addColumn('verified', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('fictional', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('status', 'text', c => c.notNull().defaultTo('in_force'))
    .addColumn('updated_at', 'text', c => c.notNull())
}

/** Fines of companies exceed what 32 bits hold in fen. */
async function tiers (db: Kysely<any>, engine: Engine): Promise<void> {
  const money: ColumnDataType = engine === 'postgres' ? 'bigint' : 'integer'
  await createTable(db, engine, 'benchmark_tier')
    .addColumn('benchmark_id', 'integer', c => c.notNull())
    .addColumn('seq', 'integer', c => c.notNull())
    .addColumn('tier', 'text', c => c.notNull())
    .addColumn('circumstances', 'text', c => c.notNull())
    .addColumn('match', 'text', c => c.notNull())
    .addColumn('conditions', 'text', c => c.notNull())
    .addColumn('kinds', 'text')
    .addColumn('measures', 'text')
    .addColumn('unit', 'text')
    .addColumn('base', 'text')
    .addColumn('floor', money)
    .addColumn('ceiling', money)
    .addColumn('floor_open', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('ceiling_open', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('base_from', money)
    .addColumn('base_below', money)
    .addPrimaryKeyConstraint('benchmark_tier_pk', ['benchmark_id', 'seq'])
    .execute()
}

/** `matter_key` is the code of a matter, or the base code that all holders of one power share. */
async function linksAndSearch (db: Kysely<any>, engine: Engine, kind: string): Promise<void> {
  await createTable(db, engine, `${kind}_matter`)
    .addColumn(`${kind}_id`, 'integer', c => c.notNull())
    .addColumn('seq', 'integer', c => c.notNull())
    .addColumn('matter_key', 'text', c => c.notNull())
    .addPrimaryKeyConstraint(`${kind}_matter_pk`, [`${kind}_id`, 'seq'])
    .execute()
  await db.schema.createIndex(`${kind}_by_matter`).on(`${kind}_matter`).columns(['matter_key', `${kind}_id`]).execute()
  const search = `${kind}_search`
  if (engine === 'sqlite') {
    await sql`create virtual table ${sql.ref(search)} using fts5(name, body, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0', prefix=1)`.execute(db)
  } else {
    await sql`create table ${sql.ref(search)} (rowid integer primary key, name tsvector not null, body tsvector not null)`.execute(db)
    await sql`create index ${sql.ref(`${search}_by_name`)} on ${sql.ref(search)} using gin (name)`.execute(db)
    await sql`create index ${sql.ref(`${search}_by_text`)} on ${sql.ref(search)} using gin ((name || body))`.execute(db)
  }
}
