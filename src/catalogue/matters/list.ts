import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { MATTER_FIELDS, type MatterField } from '../../domain/records/matter-fields.ts'
import { listTrades, tradesOf } from '../industries/repository.ts'
import type { ListField, ListRow, PublicRecord, RegisterList } from '../lists/definition.ts'
import { highlight, holdsAll, snippet, type Piece } from '../search/engine/snippet.ts'
import { listBasesOf, listMatterRows, listMatterSlice, listPublicMatters, type BasisRow, type MatterRow } from './repository.ts'

/** Fields that nothing is searched or counted by, under the words of their table. */
const DETAIL_FIELDS = Object.entries(MATTER_FIELDS as Record<string, MatterField>).map(([key, { type, values }]): ListField => ({
  key, label: `matter_field.${key}`, type: type === 'date' || type === 'flag' ? type : 'text', ...values === undefined ? {} : { words: values.words }
}))

/** The enforcement matters as a list. */
export const MATTERS: RegisterList = {
  name: 'matters',
  words: 'matters',
  route: 'matters',
  record: 'matter',
  section: 'matters',
  table: 'matter_search',
  facets: [
    { name: 'category', says: { words: 'category' }, shown: 8 },
    { name: 'agency', says: 'agency', shown: 12 },
    { name: 'level', says: { words: 'level' }, shown: 6, several: ' ' },
    { name: 'field', says: 'text', shown: 8 },
    { name: 'relief', says: { words: 'relief' }, shown: 2, several: ' ' },
    { name: 'industry', says: 'industry', shown: 6, several: ' ' },
    { name: 'region', says: 'region', shown: 8, pointlessAlone: true }
  ],
  sorts: ['updated'],
  read: readMatters,
  hit: 'catalogue/matter-hit',
  describe: describeMatters,
  fields: [
    { key: 'code', label: 'column.code', type: 'text' },
    { key: 'name', label: 'column.name', type: 'text' },
    { key: 'category', label: 'column.category', type: 'text', words: 'category' },
    { key: 'agency', label: 'column.agency', type: 'text' },
    { key: 'levels', label: 'column.levels', type: 'texts', words: 'level' },
    { key: 'region', label: 'column.region', type: 'text' },
    { key: 'field', label: 'column.field', type: 'text' },
    { key: 'industries', label: 'column.industries', type: 'texts' },
    { key: 'targets', label: 'column.targets', type: 'texts', words: 'target' },
    { key: 'penalty_kinds', label: 'column.penalty_kinds', type: 'texts', words: 'penalty_kind' },
    { key: 'bases', label: 'column.bases', type: 'texts' },
    { key: 'statutory_days', label: 'column.statutory_days', type: 'integer' },
    { key: 'promise_days', label: 'column.promise_days', type: 'integer' },
    { key: 'day_unit', label: 'column.day_unit', type: 'text', words: 'day_unit' },
    { key: 'frequency_cap', label: 'column.frequency_cap', type: 'text' },
    { key: 'aliases', label: 'column.aliases', type: 'text' },
    ...DETAIL_FIELDS,
    { key: 'status', label: 'column.status', type: 'text', words: 'record_status' },
    { key: 'version', label: 'column.version', type: 'integer' },
    { key: 'updated_at', label: 'column.updated_at', type: 'instant' }
  ],
  records: publicMatters
}

async function readMatters (db: Kysely<Database>, after: string, limit: number): Promise<ListRow[]> {
  const trades = await listTrades(db)
  return (await listMatterSlice(db, after, limit)).map(row => ({
    id: row.id,
    code: row.code,
    name: row.name,
    aliases: row.aliases ?? '',
    ended: row.status !== 'in_force',
    values: { category: row.category, agency: row.agency_slug, level: row.levels, field: row.field ?? '', relief: [row.benchmarked === 1 ? 'benchmark' : '', row.exempted === 1 ? 'exemption' : ''].join(' ').trim(), industry: tradesOf(trades, row.tags).join(' '), region: row.region_code },
    keys: { updated: Math.floor(Date.parse(row.updated_at) / 60_000) } // minutes since 1970
  }))
}

const listed = (codes: string | null): string[] => (codes ?? '').split(' ').filter(code => code !== '')

function detailsOf (known: Record<string, string>): PublicRecord {
  return Object.fromEntries(DETAIL_FIELDS.map(({ key, type }) => [key, type === 'flag' && known[key] !== undefined ? known[key] === '1' : known[key] ?? null]))
}

async function publicMatters (db: Kysely<Database>, ids: number[]): Promise<PublicRecord[]> {
  const bases = Map.groupBy(await listBasesOf(db, ids), basis => basis.matter_id)
  const trades = await listTrades(db)
  const nameOf = new Map(trades.map(trade => [trade.slug, trade.name]))
  const rows = new Map((await listPublicMatters(db, ids)).map(row => [row.id, row]))
  return ids.flatMap(id => {
    const row = rows.get(id)
    if (row === undefined) return []
    const { id: _, tags, details, ...rest } = row
    const known = details === null ? {} : JSON.parse(details) as Record<string, string>
    return [{ ...rest, ...detailsOf(known), industries: tradesOf(trades, tags).map(slug => nameOf.get(slug) ?? slug), levels: listed(row.levels), targets: listed(row.targets), penalty_kinds: listed(row.penalty_kinds), bases: (bases.get(id) ?? []).map(basis => `《${basis.law_name.replace(/[《》]/g, '')}》${basis.article ?? ''}`) }]
  })
}

export interface MatterHit extends Omit<MatterRow, 'name' | 'status'> {
  name: Piece[]
  /** Where the words stand when they are not all in the name. */
  snippet: Piece[] | null
  basis: { law: string, article: string | null, more: number } | null
  repealed: boolean
}

/** The rows of a page in the order of `ids`, with what was found in each. */
export async function describeMatters (db: Kysely<Database>, ids: number[], runs: string[]): Promise<MatterHit[]> {
  if (ids.length === 0) return []
  const [rows, bases] = [await listMatterRows(db, ids), Map.groupBy(await listBasesOf(db, ids), basis => basis.matter_id)]
  const byId = new Map(rows.map(row => [row.id, row]))
  return ids.flatMap(id => {
    const row = byId.get(id)
    return row === undefined ? [] : [describe(row, bases.get(id) ?? [], runs)]
  })
}

function describe (row: MatterRow, bases: BasisRow[], runs: string[]): MatterHit {
  const { name, status, ...rest } = row
  const [first] = bases
  return {
    ...rest,
    name: highlight(name, runs),
    snippet: runs.length === 0 || holdsAll(name, runs) ? null : bestSnippet(row, bases, runs.filter(run => !holdsAll(name, [run]))),
    basis: first === undefined ? null : { law: first.law_name.replace(/^《(.*)》$/u, '$1'), article: first.article, more: bases.length - 1 },
    repealed: status !== 'in_force'
  }
}

/** The first text that holds most of the phrases that the name lacks. */
function bestSnippet (row: MatterRow, bases: BasisRow[], runs: string[]): Piece[] | null {
  const texts = [row.aliases, ...bases.map(basis => `《${basis.law_name.replace(/[《》]/g, '')}》${basis.article ?? ''}${basis.quoted_text === null ? '' : `：${basis.quoted_text}`}`), row.agency, row.field, row.note]
    .filter(text => text !== null)
  const best = texts.find(text => holdsAll(text, runs)) ?? texts.find(text => runs.some(run => holdsAll(text, [run])))
  return best === undefined ? null : snippet(best, runs)
}
