import type { Kysely } from 'kysely'

/** Attachments: what they show, the original beside the copy made anew, by whom and with which message they came, and whether they were checked. */
export async function up (db: Kysely<any>): Promise<void> {
  const columns: Array<[name: string, type: 'text' | 'integer', value?: string | number]> = [
    ['description_sealed', 'text'],
    ['original_id', 'text'],
    ['original_size', 'integer'],
    ['original_sha256', 'text'],
    ['active', 'integer', 0],
    ['state', 'text', 'ready'],
    ['by_side', 'text', 'complainant'],
    ['author_id', 'integer'],
    ['sent', 'integer', 1],
    ['message_id', 'integer']
  ]
  for (const [name, type, value] of columns) {
    await db.schema.alterTable('attachment').addColumn(name, type, c => value === undefined ? c : c.notNull().defaultTo(value)).execute()
  }
  await db.schema.createIndex('attachment_by_original').on('attachment').columns(['original_id']).execute()
  await db.schema.createIndex('attachment_by_state').on('attachment').columns(['state', 'at']).execute()
  await db.schema.createIndex('attachment_by_sent').on('attachment').columns(['sent', 'at']).execute()
}
