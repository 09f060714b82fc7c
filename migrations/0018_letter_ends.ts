import type { Kysely } from 'kysely'

/** Letters know the subscription that they come from: with it end those that have not left. */
export async function up (db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('outbox').addColumn('subscription_id', 'text').execute()
  await db.schema.createIndex('outbox_by_subscription').on('outbox').columns(['subscription_id']).execute()
}
