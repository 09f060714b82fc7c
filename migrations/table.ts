import { sql, type CreateTableBuilder, type Kysely } from 'kysely'

export type Engine = 'sqlite' | 'postgres'

/** A table that reports the same on both engines: `strict` gives SQLite real types and non-null text keys. */
export function createTable (db: Kysely<any>, engine: Engine, name: string): CreateTableBuilder<string> {
  const table = db.schema.createTable(name)
  return engine === 'sqlite' ? table.modifyEnd(sql`strict`) : table
}

/** A numeric surrogate key that the engine hands out; full-text rows use the same number. */
export function createTableWithId (db: Kysely<any>, engine: Engine, name: string): CreateTableBuilder<string> {
  return createTable(db, engine, name).addColumn('id', 'integer', column =>
    engine === 'sqlite' ? column.primaryKey().notNull() : column.primaryKey().generatedByDefaultAsIdentity())
}
