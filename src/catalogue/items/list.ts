import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { listKind, LIST_NAMES, type ItemField, type ListName } from '../../domain/records/list-kinds.ts'
import type { FacetRule, FieldValue, ListField, ListRow, PublicRecord, RegisterList } from '../lists/definition.ts'
import { highlight, holdsAll, snippet, type Piece } from '../search/engine/snippet.ts'
import { listItemBases, listItemMatters, listItems, listItemSlice, type ItemRow } from './repository.ts'

export type ItemData = Readonly<Record<string, string | number>>
/** A field of a record as it is read: words of the catalogues for codes, the official text otherwise. */
export interface ItemValueView { key: string, codes?: Array<{ words: string, code: string }>, text?: string, day?: string }

/** The fields of a record, as they were published. */
export function dataOf (row: { data: string }): ItemData {
  return JSON.parse(row.data) as ItemData
}

/** What a field holds, or undefined when nothing was published. */
export function valueView (key: string, field: ItemField, data: ItemData): ItemValueView | undefined {
  const value = data[key]
  if (value === undefined) return undefined
  if (field.words !== undefined) return { key, codes: String(value).split(' ').map(code => ({ words: field.words ?? '', code })) }
  if (field.type === 'flag') return { key, codes: [{ words: 'items', code: value === 1 ? 'yes' : 'no' }] }
  return field.type === 'date' ? { key, day: String(value) } : { key, text: String(value) }
}

const MINUTE = 60_000
const TYPES: Readonly<Record<ItemField['type'], ListField['type']>> = { text: 'text', line: 'text', choice: 'text', choices: 'texts', date: 'date', number: 'integer', flag: 'flag', phone: 'text', url: 'text' }
const dayNumber = (date: string | null): number => date === null ? 0 : Math.floor(Date.parse(date) / 86_400_000)

/** Every list of the three systems, described to the list mechanism from its table. */
export const ITEM_LISTS: readonly RegisterList[] = LIST_NAMES.map(makeList)

/** The list of a name. */
export function itemList (name: ListName): RegisterList {
  return ITEM_LISTS[LIST_NAMES.indexOf(name)] as RegisterList
}

function makeList (name: ListName): RegisterList {
  return {
    name,
    words: `list_${name.replaceAll('-', '_')}`,
    route: 'list',
    record: 'listItem',
    params: [name],
    table: 'list_item_search',
    facets: facetsOf(name),
    sorts: ['updated', 'starts'],
    ...listKind(name).newest === true ? { usual: 'starts' } : {},
    read: async (db, after, limit) => (await listItemSlice(db, name, after, limit)).map(row => rowOf(name, row)),
    hit: 'catalogue/item-hit',
    describe: async (db, ids, runs) => await describeItems(db, name, ids, runs),
    fields: fieldsOf(name),
    records: async (db, ids) => await publicItems(db, name, ids)
  }
}

function facetsOf (name: ListName): FacetRule[] {
  const { facets, fields } = listKind(name)
  const common: Record<string, FacetRule> = {
    category: { name: 'category', says: { words: 'category' }, shown: 8 },
    agency: { name: 'agency', says: 'agency', shown: 10 },
    region: { name: 'region', says: 'region', shown: 14 }
  }
  const own = Object.entries(fields).filter(([, field]) => field.facet === true).map(([key, field]): FacetRule => ({
    name: key,
    says: field.words === undefined ? 'text' : { words: field.words },
    shown: 8,
    ...field.type === 'choices' ? { several: ' ' } : {},
    ...field.type === 'number' ? { ordered: true } : {}
  }))
  return [...facets.map(facet => common[facet] as FacetRule), ...own]
}

function rowOf (name: ListName, row: Awaited<ReturnType<typeof listItemSlice>>[number]): ListRow {
  const data = dataOf(row)
  const own = Object.entries(listKind(name).fields).filter(([, field]) => field.facet === true).map(([key]) => [key, String(data[key] ?? '')])
  return {
    id: row.id,
    code: row.code,
    name: row.title,
    aliases: '',
    ended: row.status !== 'in_force',
    values: { category: row.category ?? '', agency: row.agency_slug ?? '', region: row.region_code, ...Object.fromEntries(own) },
    keys: { updated: Math.floor(Date.parse(row.updated_at) / MINUTE), starts: dayNumber(row.effective_from) }
  }
}

export interface ItemHit {
  list: ListName, code: string, name: Piece[], category: string | null, agency: string | null, lines: ItemValueView[], snippet: Piece[] | null
  ended: boolean, until: string | null, unverified: boolean, fictional: boolean
}

/** The rows of a page in the order of `ids`, with what was found in each. */
export async function describeItems (db: Kysely<Database>, name: ListName, ids: readonly number[], runs: readonly string[]): Promise<ItemHit[]> {
  const rows = new Map((await listItems(db, ids)).map(row => [row.id, row]))
  return ids.flatMap(id => {
    const row = rows.get(id)
    return row === undefined ? [] : [hitOf(name, row, runs)]
  })
}

function hitOf (name: ListName, row: ItemRow, runs: readonly string[]): ItemHit {
  const data = dataOf(row)
  const { fields } = listKind(name)
  const missing = runs.filter(run => !holdsAll(row.title, [run]))
  const texts = [...Object.values(data).map(String), row.note ?? '', row.agency ?? '']
  const best = missing.length === 0 ? undefined : texts.find(text => holdsAll(text, missing)) ?? texts.find(text => missing.some(run => holdsAll(text, [run])))
  return {
    list: name,
    code: row.code,
    name: highlight(row.title, runs),
    category: row.category,
    agency: row.agency,
    lines: Object.entries(fields).filter(([, field]) => field.shown === true).flatMap(([key, field]) => valueView(key, field, data) ?? []).map(short),
    snippet: best === undefined ? null : snippet(best, runs),
    ended: row.status !== 'in_force',
    until: row.effective_to,
    unverified: row.verified === 0,
    fictional: row.fictional === 1
  }
}

/** A list shows how a long text begins. */
function short (view: ItemValueView): ItemValueView {
  const characters = Array.from(view.text ?? '')
  return characters.length <= 60 ? view : { ...view, text: `${characters.slice(0, 60).join('')}…` }
}

function column (key: string, type: ListField['type'], words?: string): ListField {
  return { key, label: `column.item_${key}`, type, ...words === undefined ? {} : { words } }
}

function fieldsOf (name: ListName): ListField[] {
  const { facets, fields } = listKind(name)
  return [
    column('code', 'text'), column('title', 'text'), column('agency', 'text'), column('region', 'text'),
    ...facets.includes('category') ? [column('category', 'text', 'category')] : [],
    ...Object.entries(fields).map(([key, field]) => column(key, TYPES[field.type], field.words)),
    column('bases', 'texts'), column('matters', 'texts'), column('effective_from', 'date'), column('effective_to', 'date'), column('note', 'text'), column('source', 'text'),
    column('verified', 'flag'), column('fictional', 'flag'), column('status', 'text', 'record_status'), column('version', 'integer'), column('updated_at', 'instant')
  ]
}

async function publicItems (db: Kysely<Database>, name: ListName, ids: readonly number[]): Promise<PublicRecord[]> {
  const rows = new Map((await listItems(db, ids)).map(row => [row.id, row]))
  const bases = Map.groupBy(await listItemBases(db, ids), basis => basis.item_id)
  const matters = Map.groupBy(await listItemMatters(db, ids), matter => matter.item_id)
  return ids.flatMap(id => {
    const row = rows.get(id)
    if (row === undefined) return []
    return [{
      ...pick(row, ['code', 'title', 'agency', 'region']),
      ...listKind(name).facets.includes('category') ? { category: row.category } : {},
      ...ownValues(name, dataOf(row)),
      bases: (bases.get(id) ?? []).map(basis => `《${basis.law_name.replace(/[《》]/g, '')}》${basis.article ?? ''}`),
      matters: (matters.get(id) ?? []).map(matter => matter.code),
      ...pick(row, ['effective_from', 'effective_to', 'note', 'source', 'status', 'version', 'updated_at']),
      verified: row.verified === 1,
      fictional: row.fictional === 1
    }]
  })
}

/** Every field of the kind, null where nothing was published. */
function ownValues (name: ListName, data: ItemData): Record<string, FieldValue> {
  return Object.fromEntries(Object.entries(listKind(name).fields).map(([key, field]): [string, FieldValue] => {
    const value = data[key]
    if (value === undefined) return [key, field.type === 'choices' ? [] : null]
    if (field.type === 'choices') return [key, String(value).split(' ')]
    return [key, field.type === 'flag' ? value === 1 : value]
  }))
}

function pick<K extends keyof ItemRow> (row: ItemRow, keys: readonly K[]): Record<K, ItemRow[K]> {
  return Object.fromEntries(keys.map(key => [key, row[key]])) as Record<K, ItemRow[K]>
}
