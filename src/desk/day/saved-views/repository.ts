import type { Selectable } from 'kysely'
import type { Db, SavedViewTable } from '../../../db/schema.ts'

export type ViewRow = Selectable<SavedViewTable> & { owner: string }
/** Whose views are looked for: one's own, and those that the bureau shares. */
export interface Whose { id: number, bureauId: number }

const COLUMNS = ['saved_view.id', 'saved_view.account_id', 'saved_view.bureau_id', 'saved_view.name', 'saved_view.query', 'saved_view.shared', 'saved_view.version', 'saved_view.created_at', 'account.name as owner'] as const

function visible (db: Db, { id, bureauId }: Whose) {
  return db.selectFrom('saved_view').innerJoin('account', 'account.id', 'saved_view.account_id').select([...COLUMNS])
    .where(eb => eb.or([eb('saved_view.account_id', '=', id), eb.and([eb('saved_view.shared', '=', 1), eb('saved_view.bureau_id', '=', bureauId)])]))
}

/** The own views, then those that others of the bureau share, each the oldest first. */
export async function listViews (db: Db, whose: Whose, most: number): Promise<ViewRow[]> {
  return await visible(db, whose).orderBy(eb => eb.case().when('saved_view.account_id', '=', whose.id).then(0).else(1).end()).orderBy('saved_view.created_at').orderBy('saved_view.id').limit(most).execute()
}

/** A view that exists for somebody. */
export async function findView (db: Db, whose: Whose, id: string): Promise<ViewRow | undefined> {
  return await visible(db, whose).where('saved_view.id', '=', id).executeTakeFirst()
}

/** The names that a person gave to views, while nobody else may add one: the account's row is locked. */
export async function lockNames (trx: Db, accountId: number): Promise<Array<{ id: string, name: string }>> {
  await trx.updateTable('account').set(eb => ({ name: eb.ref('name') })).where('id', '=', accountId).execute()
  return await trx.selectFrom('saved_view').select(['id', 'name']).where('account_id', '=', accountId).execute()
}

/** Keeps a new view. */
export async function insertView (trx: Db, row: SavedViewTable): Promise<void> {
  await trx.insertInto('saved_view').values(row).execute()
}

/** Changes a view that is still at `version`; false when it is not. */
export async function updateView (trx: Db, id: string, version: number, change: Partial<Pick<SavedViewTable, 'name' | 'query' | 'shared'>>): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('saved_view').set({ ...change, version: version + 1 }).where('id', '=', id).where('version', '=', version).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Takes a view away; false when it is gone already. */
export async function deleteView (trx: Db, id: string): Promise<boolean> {
  const { numDeletedRows } = await trx.deleteFrom('saved_view').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}
