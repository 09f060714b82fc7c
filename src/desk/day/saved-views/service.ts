import { randomBytes } from 'node:crypto'
import type { App } from '../../../app.ts'
import { countList } from '../../../complaints/case/reading/repository.ts'
import { appendAudit } from '../../../db/audit.ts'
import type { Db } from '../../../db/schema.ts'
import { allows, type Role } from '../../../domain/process/permissions.ts'
import { AppError } from '../../../errors.ts'
import { filterOf, readList, writeList, type QueueQuery } from '../queue/schema.ts'
import { deleteView, findView, insertView, listViews, lockNames, updateView, type ViewRow } from './repository.ts'
import { MOST_VIEWS, NAME_LIMIT } from './schema.ts'

/** Who keeps views: a clerk with the bureau that shares them. */
export interface Keeper { id: number, role: Role, requestId: string, bureauId: number, bureauIds: readonly number[] }
/** A view as its readers see it; `count` is null where its list can no longer be read. */
export interface SavedView { id: string, name: string, owner: string, own: boolean, shared: boolean, editable: boolean, version: number, list: QueueQuery | null, count: number | null }

/** So many are listed on the page of the views, with what others share. */
export const MOST_LISTED = 60
/** Counted up to here: beyond it "99+" says enough. */
export const MOST_COUNTED = 100

/** The views of a person, each counted as the person would find it. */
export async function readViews (app: Pick<App, 'db'>, keeper: Keeper, today: string, most = MOST_LISTED): Promise<SavedView[]> {
  const rows = await listViews(app.db, keeper, most)
  const views: SavedView[] = []
  for (const row of rows) {
    const list = readList(row.query)
    views.push({ ...shown(row, keeper), list, count: list === null ? null : await countList(app.db, filterOf(list, keeper), today, MOST_COUNTED) })
  }
  return views
}

/** One view. Errors: `not_found`, also for what others keep for themselves. */
export async function readView (db: Db, keeper: Keeper, id: string): Promise<SavedView> {
  const row = await findView(db, keeper, id)
  if (row === undefined) throw new AppError('not_found', { id })
  return { ...shown(row, keeper), list: readList(row.query), count: null }
}

function shown (row: ViewRow, { id, role }: Keeper): Omit<SavedView, 'list' | 'count'> {
  const own = row.account_id === id
  return { id: row.id, name: row.name, owner: row.owner, own, shared: row.shared === 1, editable: own || allows(role, 'view.manage'), version: row.version }
}

export interface Saving { name: string, shared: boolean, list: string }

/** Keeps a list under a name. Errors: `form_invalid` for a name that is missing, long or used, a list that is none, and one view too many. */
export async function saveView (app: Pick<App, 'db' | 'keys'>, keeper: Keeper, { name, shared, list }: Saving, now: string): Promise<string> {
  const query = checkedList(list)
  const id = randomBytes(16).toString('base64url')
  await app.db.transaction().execute(async trx => {
    const kept = await lockNames(trx, keeper.id)
    if (kept.length >= MOST_VIEWS) throw wrong('name', 'saved_view.full', { most: MOST_VIEWS })
    const called = checkedName(name, kept)
    await insertView(trx, { id, account_id: keeper.id, bureau_id: keeper.bureauId, name: called, query, shared: shared ? 1 : 0, version: 1, created_at: now })
    await appendAudit(trx, app.keys.audit, { at: now, actorId: keeper.id, role: keeper.role, action: 'view.saved', subject: id, result: 'done', requestId: keeper.requestId })
  })
  return id
}

/** Changes name, list or who sees a view: its owner, or who leads the bureau. Errors: `not_found`, `forbidden`, `stale_version`, `form_invalid`. */
export async function changeView (app: Pick<App, 'db' | 'keys'>, keeper: Keeper, id: string, { name, shared, list, version }: Omit<Saving, 'list'> & { list?: string, version: number }, now: string): Promise<void> {
  const query = list === undefined ? {} : { query: checkedList(list) }
  await app.db.transaction().execute(async trx => {
    const row = await editable(trx, keeper, id)
    const called = checkedName(name, (await lockNames(trx, row.account_id)).filter(other => other.id !== id))
    if (!await updateView(trx, id, version, { name: called, shared: shared ? 1 : 0, ...query })) throw new AppError('stale_version', { id })
    await appendAudit(trx, app.keys.audit, { at: now, actorId: keeper.id, role: keeper.role, action: 'view.changed', subject: id, result: 'done', requestId: keeper.requestId })
  })
}

/** Takes a view away; what it listed stays as it is. Errors: `not_found`, `forbidden`. */
export async function removeView (app: Pick<App, 'db' | 'keys'>, keeper: Keeper, id: string, now: string): Promise<void> {
  await app.db.transaction().execute(async trx => {
    await editable(trx, keeper, id)
    if (!await deleteView(trx, id)) throw new AppError('not_found', { id })
    await appendAudit(trx, app.keys.audit, { at: now, actorId: keeper.id, role: keeper.role, action: 'view.removed', subject: id, result: 'done', requestId: keeper.requestId })
  })
}

async function editable (trx: Db, keeper: Keeper, id: string): Promise<ViewRow> {
  const row = await findView(trx, keeper, id)
  if (row === undefined) throw new AppError('not_found', { id })
  if (row.account_id !== keeper.id && !allows(keeper.role, 'view.manage')) throw new AppError('forbidden', { permission: 'view.manage' })
  return row
}

function checkedName (name: string, others: ReadonlyArray<{ name: string }>): string {
  const called = name.replace(/\s+/g, ' ').trim()
  if (called === '') throw wrong('name', 'saved_view.name_missing')
  if ([...called].length > NAME_LIMIT) throw wrong('name', 'field.maxLength', { limit: NAME_LIMIT })
  if (others.some(other => other.name === called)) throw wrong('name', 'saved_view.name_used')
  return called
}

/** What is stored went through the schema of the address, and goes through it again whenever it is opened. */
function checkedList (text: string): string {
  const list = readList(text)
  if (list === null) throw wrong('name', 'saved_view.list_wrong')
  return writeList(list)
}

function wrong (field: string, key: string, values: Record<string, string | number> = {}): AppError {
  return new AppError('form_invalid', { fields: { [field]: { key, values } } })
}
