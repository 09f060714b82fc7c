import { createHash } from 'node:crypto'
import { sql, type Kysely } from 'kysely'
import { createTable, createTableWithId, type Engine } from './table.ts'

/**
 * Decisions with all their public fields, the periods of publication, and what is published of an agency.
 * Until now only the demo city made decisions; its rows are carried over into the wider table.
 */
export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  const earlier = await db.selectFrom('decision').leftJoin('matter', 'matter.id', 'decision.matter_id').selectAll('decision').select('matter.category').execute()
  await db.schema.dropTable('decision').execute()
  await decisions(db, engine)
  const rows = earlier.map(carryOver)
  for (let at = 0; at < rows.length; at += 50) await db.insertInto('decision').values(rows.slice(at, at + 50)).execute()
  if (engine === 'postgres') await sql`select setval(pg_get_serial_sequence('decision', 'id'), coalesce(max(id), 1), max(id) is not null) from decision`.execute(db)
  await searchTable(db, engine)
  await createTable(db, engine, 'publication_rule')
    .addColumn('rule', 'text', c => c.primaryKey().notNull())
    .addColumn('amount', 'integer', c => c.notNull())
    .addColumn('unit', 'text', c => c.notNull())
    .addColumn('fine_person_fen', 'integer')
    .addColumn('fine_organisation_fen', 'integer')
    .addColumn('basis', 'text', c => c.notNull())
    .addColumn('basis_en', 'text', c => c.notNull())
    .addColumn('kind', 'text', c => c.notNull())
    .execute()
  await agencies(db, engine)
}

async function decisions (db: Kysely<any>, engine: Engine): Promise<void> {
  // A fine may pass 2^31 fen (21 million yuan): SQLite's integer is wide enough, PostgreSQL's is not.
  const money = engine === 'sqlite' ? 'integer' : 'bigint'
  await createTableWithId(db, engine, 'decision')
    .addColumn('code', 'text', c => c.notNull().unique())
    .addColumn('number', 'text', c => c.notNull().unique())
    .addColumn('version', 'integer', c => c.notNull())
    .addColumn('category', 'text', c => c.notNull())
    .addColumn('agency_id', 'integer', c => c.notNull())
    .addColumn('matter_id', 'integer')
    .addColumn('matter_version', 'integer')
    .addColumn('party_name', 'text', c => c.notNull())
    .addColumn('party_type', 'text', c => c.notNull())
    .addColumn('party_uscc', 'text')
    .addColumn('violation', 'text')
    .addColumn('facts', 'text', c => c.notNull())
    .addColumn('basis', 'text')
    .addColumn('penalty_kinds', 'text')
    .addColumn('content', 'text', c => c.notNull())
    .addColumn('fine_fen', money)
    .addColumn('confiscated_fen', money)
    .addColumn('benchmark_code', 'text')
    .addColumn('tier', 'text')
    .addColumn('details', 'text')
    .addColumn('decided_on', 'text', c => c.notNull())
    .addColumn('published_on', 'text', c => c.notNull())
    .addColumn('public_until', 'text', c => c.notNull())
    .addColumn('until_rule', 'text', c => c.notNull())
    .addColumn('status', 'text', c => c.notNull().defaultTo('in_force'))
    .addColumn('overturned_on', 'text')
    .addColumn('withdrawn_on', 'text')
    .addColumn('withdrawal_ground', 'text')
    .addColumn('withdrawal_reason', 'text')
    .addColumn('replaced_by', 'text')
    .addColumn('source', 'text', c => c.notNull())
    .addColumn('fictional', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('updated_at', 'text', c => c.notNull())
    .execute()
  await db.schema.createIndex('decision_by_matter').on('decision').columns(['matter_id', 'status', 'decided_on']).execute()
  await db.schema.createIndex('decision_by_agency').on('decision').columns(['agency_id', 'status', 'decided_on']).execute()
  await db.schema.createIndex('decision_by_end').on('decision').columns(['status', 'public_until']).execute()
}

/** The end of publication was a year after the decision by a constant of the demo: it stays as given. A person's name goes in no further. */
function carryOver ({ category, ...row }: Record<string, any>): Record<string, unknown> {
  return {
    ...row,
    code: createHash('sha256').update(row['number'] as string).digest('hex').slice(0, 12),
    category: category ?? 'other',
    party_name: row['party_type'] === 'person' ? `${Array.from(row['party_name'] as string)[0] ?? ''}**` : row['party_name'],
    published_on: row['decided_on'],
    until_rule: 'given',
    source: 'demo',
    updated_at: `${String(row['decided_on'])}T04:00:00.000Z`
  }
}

async function searchTable (db: Kysely<any>, engine: Engine): Promise<void> {
  if (engine === 'sqlite') {
    await sql`create virtual table decision_search using fts5(name, body, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0', prefix=1)`.execute(db)
    return
  }
  await sql`create table decision_search (rowid integer primary key, name tsvector not null, body tsvector not null)`.execute(db)
  await sql`create index decision_search_by_name on decision_search using gin (name)`.execute(db)
  await sql`create index decision_search_by_text on decision_search using gin ((name || body))`.execute(db)
}

async function agencies (db: Kysely<any>, engine: Engine): Promise<void> {
  await db.schema.alterTable('agency').addColumn('parent_id', 'integer').execute()
  await db.schema.alterTable('agency').addColumn('details', 'text').execute()
  await createTableWithId(db, engine, 'entrustment')
    .addColumn('code', 'text', c => c.notNull().unique())
    .addColumn('version', 'integer', c => c.notNull())
    .addColumn('principal_id', 'integer', c => c.notNull())
    .addColumn('agent_id', 'integer')
    .addColumn('agent_name', 'text', c => c.notNull())
    .addColumn('basis', 'text', c => c.notNull())
    .addColumn('matters', 'text', c => c.notNull())
    .addColumn('powers', 'text')
    .addColumn('valid_from', 'text', c => c.notNull())
    .addColumn('valid_to', 'text')
    .addColumn('notice_url', 'text')
    .addColumn('status', 'text', c => c.notNull().defaultTo('in_force'))
    .addColumn('source', 'text', c => c.notNull())
    .addColumn('fictional', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('updated_at', 'text', c => c.notNull())
    .execute()
  await db.schema.createIndex('entrustment_by_principal').on('entrustment').columns(['principal_id']).execute()
  await db.schema.createIndex('entrustment_by_agent').on('entrustment').columns(['agent_id']).execute()
}
