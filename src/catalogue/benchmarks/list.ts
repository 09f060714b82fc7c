import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { ListRow, PublicRecord, RegisterList } from '../lists/definition.ts'
import { highlight, holdsAll, snippet, type Piece } from '../search/engine/snippet.ts'
import { listBenchmarkRows, listBenchmarkSlice, listBounds, listKeys, type BenchmarkRow } from './repository.ts'

/** The discretion benchmarks as a list. */
export const BENCHMARKS: RegisterList = {
  name: 'benchmarks',
  words: 'benchmarks',
  route: 'benchmarks',
  record: 'benchmark',
  section: 'matters',
  table: 'benchmark_search',
  facets: [
    { name: 'field', says: 'text', shown: 8 },
    { name: 'agency', says: 'agency', shown: 8 },
    { name: 'tier', says: { words: 'tier' }, shown: 5, several: ' ' },
    { name: 'list_version', says: 'text', shown: 5, pointlessAlone: true }
  ],
  sorts: ['updated'],
  read: readBenchmarks,
  hit: 'catalogue/benchmark-hit',
  describe: describeBenchmarks,
  fields: [
    { key: 'code', label: 'column.code', type: 'text' },
    { key: 'violation', label: 'column.violation', type: 'text' },
    { key: 'agency', label: 'column.agency', type: 'text' },
    { key: 'issuer', label: 'column.issuer', type: 'text' },
    { key: 'field', label: 'column.field', type: 'text' },
    { key: 'matters', label: 'column.matter_codes', type: 'texts' },
    { key: 'bases', label: 'column.penalty_bases', type: 'texts' },
    { key: 'legal_text', label: 'column.legal_text', type: 'text' },
    { key: 'tiers', label: 'column.tiers', type: 'texts', words: 'tier' },
    { key: 'lowest_fen', label: 'column.lowest_fine', type: 'fen' },
    { key: 'highest_fen', label: 'column.highest_fine', type: 'fen' },
    { key: 'list_name', label: 'column.list_name', type: 'text' },
    { key: 'list_version', label: 'column.list_version', type: 'text' },
    { key: 'effective_from', label: 'column.effective_from', type: 'date' },
    { key: 'effective_to', label: 'column.effective_to', type: 'date' },
    { key: 'verified', label: 'column.verified', type: 'flag' },
    { key: 'fictional', label: 'column.fictional', type: 'flag' },
    { key: 'status', label: 'column.status', type: 'text', words: 'record_status' },
    { key: 'version', label: 'column.version', type: 'integer' },
    { key: 'updated_at', label: 'column.updated_at', type: 'instant' }
  ],
  records: publicBenchmarks
}

async function readBenchmarks (db: Kysely<Database>, after: string, limit: number): Promise<ListRow[]> {
  return (await listBenchmarkSlice(db, after, limit)).map(row => ({
    id: row.id,
    code: row.code,
    name: row.violation,
    aliases: '',
    ended: row.status !== 'in_force',
    values: { field: row.field ?? '', agency: row.agency, tier: row.tiers, list_version: row.list_version ?? '' },
    keys: { updated: Math.floor(Date.parse(row.updated_at) / 60_000) }
  }))
}

/** 《…法》第…条 of each basis. */
export function citedBases (bases: string): string[] {
  return (JSON.parse(bases) as Array<{ law_name: string, article: string | null }>).map(basis => `《${basis.law_name.replace(/[《》]/g, '')}》${basis.article ?? ''}`)
}

async function publicBenchmarks (db: Kysely<Database>, ids: number[]): Promise<PublicRecord[]> {
  if (ids.length === 0) return []
  const [rows, bounds, keys] = [new Map((await listBenchmarkRows(db, ids)).map(row => [row.id, row])), await listBounds(db, ids), await listKeys(db, 'benchmark', ids)]
  return ids.flatMap(id => {
    const row = rows.get(id)
    if (row === undefined) return []
    const { id: _, bases, tiers, verified, fictional, agency_slug: _slug, ...rest } = row
    return [{ ...rest, matters: keys.get(id) ?? [], bases: citedBases(bases), tiers: tiers.split(' '), lowest_fen: bounds.get(id)?.floor ?? null, highest_fen: bounds.get(id)?.ceiling ?? null, verified: verified === 1, fictional: fictional === 1 }]
  })
}

export interface DiscretionHit { code: string, name: Piece[], agency: string, field: string | null, basis: string, more: number, snippet: Piece[] | null, list: string, repealed: boolean, fictional: boolean }
export interface BenchmarkHit extends DiscretionHit { tiers: string[], ceiling: number | null }

/** What the rows of both kinds of list have in common. */
export function describeHit (row: Pick<BenchmarkRow, 'code' | 'violation' | 'agency' | 'field' | 'bases' | 'list_name' | 'list_version' | 'status' | 'fictional'>, texts: string[], runs: string[]): DiscretionHit {
  const bases = citedBases(row.bases)
  const searched = [...bases, row.agency, row.field ?? '', row.list_name ?? '', ...texts]
  const best = runs.length === 0 || holdsAll(row.violation, runs) ? undefined : searched.find(text => holdsAll(text, runs)) ?? searched.find(text => runs.some(run => holdsAll(text, [run])))
  return {
    code: row.code,
    name: highlight(row.violation, runs),
    agency: row.agency,
    field: row.field,
    basis: bases[0] ?? '',
    more: bases.length - 1,
    snippet: best === undefined ? null : snippet(best, runs),
    list: [row.list_name, row.list_version].filter(part => part !== null).join(' '),
    repealed: row.status !== 'in_force',
    fictional: row.fictional === 1
  }
}

async function describeBenchmarks (db: Kysely<Database>, ids: number[], runs: string[]): Promise<BenchmarkHit[]> {
  if (ids.length === 0) return []
  const [rows, bounds] = [new Map((await listBenchmarkRows(db, ids)).map(row => [row.id, row])), await listBounds(db, ids)]
  return ids.flatMap(id => {
    const row = rows.get(id)
    return row === undefined ? [] : [{ ...describeHit(row, [row.issuer, row.legal_text ?? ''], runs), tiers: row.tiers.split(' '), ceiling: bounds.get(id)?.ceiling ?? null }]
  })
}
