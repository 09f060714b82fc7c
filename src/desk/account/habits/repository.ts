import type { Db } from '../../../db/schema.ts'

/** What a person chose, by name; what was never chosen is missing. */
export async function readSettings (db: Db, accountId: number): Promise<Map<string, string>> {
  const rows = await db.selectFrom('account_setting').select(['name', 'value']).where('account_id', '=', accountId).execute()
  return new Map(rows.map(({ name, value }) => [name, value]))
}

/** Keeps what a person chose. */
export async function writeSetting (db: Db, accountId: number, name: string, value: string): Promise<void> {
  await db.insertInto('account_setting').values({ account_id: accountId, name, value })
    .onConflict(conflict => conflict.columns(['account_id', 'name']).doUpdateSet({ value })).execute()
}
