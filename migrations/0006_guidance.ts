import type { Kysely } from 'kysely'

/** The service standard asks which periods ended in a quarter. */
export async function up (db: Kysely<any>): Promise<void> {
  await db.schema.createIndex('clock_by_stopped').on('clock').column('stopped_on').execute()
}
