import { sql, type Kysely } from 'kysely'
import { createTable, type Engine } from './table.ts'

/** Which keys there are and which of them is used; the keys themselves lie in files outside the database. */
export async function up (db: Kysely<any>, engine: Engine): Promise<void> {
  await createTable(db, engine, 'vault_key')
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('id', 'text', c => c.notNull())
    .addColumn('state', 'text', c => c.notNull())
    .addColumn('public_key', 'text')
    .addColumn('made_at', 'text', c => c.notNull())
    .addColumn('current_at', 'text')
    .addColumn('former_at', 'text')
    .addColumn('retired_at', 'text')
    .addPrimaryKeyConstraint('vault_key_pk', ['name', 'id'])
    .execute()
  await db.schema.createIndex('vault_key_current').on('vault_key').columns(['name']).where(sql`state`, '=', sql`'current'`).unique().execute()
}
