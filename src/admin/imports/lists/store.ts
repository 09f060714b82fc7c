import { keepVersions, type Publication } from '../../../db/records.ts'
import type { Db } from '../../../db/schema.ts'
import { indexTexts } from '../../../db/text.ts'
import { CATEGORIES, type Enumeration } from '../../../domain/records/enumerations.ts'
import { listKind, type ListName } from '../../../domain/records/list-kinds.ts'
import { ImportError } from '../faults.ts'
import type { Directory } from '../register/directory.ts'
import type { Current, Item } from '../schema.ts'
import type { ItemValue } from './fields.ts'
import type { ItemState } from './read.ts'

/** The stored records of a list with these codes, each with its matters and legal bases. */
export async function findItems (db: Db, kind: ListName, codes: string[]): Promise<Map<string, Current<ItemState>>> {
  const rows = await db.selectFrom('list_item').selectAll().where('kind', '=', kind).where('code', 'in', codes).execute()
  if (rows.length === 0) return new Map()
  const ids = rows.map(row => row.id)
  const matters = Map.groupBy(await db.selectFrom('list_item_matter').selectAll().where('item_id', 'in', ids).orderBy('item_id').orderBy('seq').execute(), row => row.item_id)
  const bases = Map.groupBy(await db.selectFrom('list_item_basis').selectAll().where('item_id', 'in', ids).orderBy('item_id').orderBy('seq').execute(), row => row.item_id)
  return new Map(rows.map(({ id, version, kind: _kind, updated_at: _at, data, ...columns }) => [columns.code, {
    id,
    version,
    state: {
      ...columns,
      data: JSON.parse(data) as Record<string, ItemValue>,
      matters: (matters.get(id) ?? []).map(row => row.matter_code),
      bases: (bases.get(id) ?? []).map(({ item_id: _item, seq: _seq, ...basis }) => basis)
    }
  }]))
}

export interface Storing { publication: Publication, directory: Directory, breathe: () => Promise<void> }

/** Writes a batch of new or changed records with what they rest on, their versions and index terms. */
export async function storeItems (trx: Db, kind: ListName, items: Array<Item<ItemState>>, { publication, directory, breathe }: Storing): Promise<void> {
  const settled = items.map(item => ({ ...item, state: { ...item.state, agency_id: item.state.agency_id === null ? null : directory.realId(item.state.agency_id) } }))
  const ids = new Map<string, number>()
  for (const item of settled) ids.set(item.key, await write(trx, kind, item, publication.at))
  const rowsOf = <T>(list: (state: ItemState) => T[]): Array<T & { item_id: number, seq: number }> =>
    settled.flatMap(({ key, state }) => list(state).map((row, seq) => ({ item_id: ids.get(key) as number, seq, ...row })))
  const matters = rowsOf(state => state.matters.map(code => ({ matter_code: code })))
  const bases = rowsOf(state => state.bases)
  for (let at = 0; at < matters.length; at += 200) await trx.insertInto('list_item_matter').values(matters.slice(at, at + 200)).execute()
  for (let at = 0; at < bases.length; at += 200) await trx.insertInto('list_item_basis').values(bases.slice(at, at + 200)).execute()
  await breathe()
  await keepVersions(trx, settled.map(({ key, state, current }) => ({ kind: 'list_item', id: ids.get(key) as number, version: (current?.version ?? 0) + 1, data: { kind, ...state } })), publication)
  const names = await agencyNames(trx, settled)
  const texts = settled.map(({ key, state }) => ({ id: ids.get(key) as number, name: state.title, body: bodyOf(kind, state, names.get(state.agency_id ?? 0) ?? '') }))
  for (let at = 0; at < texts.length; at += 20) { await indexTexts(trx, 'list_item_search', texts.slice(at, at + 20)); await breathe() }
}

async function write (trx: Db, kind: ListName, { key, state: { matters: _matters, bases: _bases, data, ...columns }, current }: Item<ItemState>, at: string): Promise<number> {
  const row = { ...columns, kind, data: JSON.stringify(data), version: (current?.version ?? 0) + 1, updated_at: at }
  if (current === undefined) return (await trx.insertInto('list_item').values(row).returning('id').executeTakeFirstOrThrow()).id
  const { numUpdatedRows } = await trx.updateTable('list_item').set(row).where('id', '=', current.id).where('version', '=', current.version).executeTakeFirst()
  if (numUpdatedRows !== 1n) throw new ImportError('changed_meanwhile', { key })
  await trx.deleteFrom('list_item_matter').where('item_id', '=', current.id).execute()
  await trx.deleteFrom('list_item_basis').where('item_id', '=', current.id).execute()
  return current.id
}

async function agencyNames (trx: Db, items: Array<Item<ItemState>>): Promise<Map<number, string>> {
  const ids = [...new Set(items.flatMap(item => item.state.agency_id ?? []))]
  if (ids.length === 0) return new Map()
  return new Map((await trx.selectFrom('agency').select(['id', 'name']).where('id', 'in', ids).execute()).map(({ id, name }) => [id, name]))
}

/** What a search finds beside the title: who, which code and matters, on which law, and every field with its values in words. */
function bodyOf (kind: ListName, state: ItemState, agency: string): string {
  const table: Enumeration = CATEGORIES
  const fields = Object.entries(listKind(kind).fields).map(([key, field]) => {
    const value = state.data[key]
    if (value === undefined) return ''
    return field.of === undefined ? String(value) : String(value).split(' ').map(code => field.of?.[code]?.zh ?? '').join('、')
  })
  return [agency, state.code, ...state.matters, table[state.category ?? '']?.zh ?? '', ...fields, ...state.bases.map(basis => `《${basis.law_name}》${basis.article ?? ''}`), state.note ?? ''].join('\n')
}
