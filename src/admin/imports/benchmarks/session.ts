import { canonical } from '../../../db/records.ts'
import type { Db } from '../../../db/schema.ts'
import { PENALTY_KINDS, type PenaltyKind } from '../../../domain/records/enumerations.ts'
import { TIERS } from '../../../domain/records/benchmarks.ts'
import { statutoryRules } from '../../../domain/records/fine-check.ts'
import { readFines } from '../../../domain/records/fines.ts'
import { loadKnown, readCode } from '../discretion/read.ts'
import { matterKeys, storeDiscretion, type Kind } from '../discretion/store.ts'
import { writeMade } from '../register/place.ts'
import type { Current, ImportOptions, Session } from '../schema.ts'
import { BENCHMARK_COLUMNS } from './columns.ts'
import { joinRows, mergeBenchmark, readBenchmark, type BenchmarkChange, type BenchmarkState } from './read.ts'

/** Everything that an import of discretion benchmarks needs to know. */
export async function openBenchmarks (db: Db, options: ImportOptions, source: string): Promise<Session<BenchmarkState, BenchmarkChange>> {
  const known = { ...await loadKnown(db, options, source), readClause: (text: string) => statutoryRules(readFines(text)) }
  return {
    columns: BENCHMARK_COLUMNS,
    joined: { keyOf: readCode, join: joinRows },
    parse: cells => readBenchmark(cells, known),
    find: async codes => await findBenchmarks(db, codes),
    merge: (cells, change, current) => mergeBenchmark(cells, change, current, known),
    same: (a, b) => canonical({ ...a, source: '' }) === canonical({ ...b, source: '' }),
    prepare: async (trx, publication) => { await writeMade(trx, known.directory, publication) },
    store: async (trx, items, publication) => {
      await storeDiscretion(trx, KIND, items.map(item => ({ ...item, state: { ...item.state, agency_id: known.directory.realId(item.state.agency_id) } })), publication)
    },
    created: () => ({ divisions: known.directory.madeDivisions, agencies: known.directory.madeAgencies.map(agency => agency.name) })
  }
}

const KIND: Kind<BenchmarkState> = {
  name: 'benchmark',
  columns: ({ matters: _, bases, tiers, ...columns }) => ({ ...columns, bases: JSON.stringify(bases), tiers: [...new Set(tiers.map(tier => tier.tier))].join(' ') }),
  parts: async (trx, id, { tiers }) => {
    await trx.deleteFrom('benchmark_tier').where('benchmark_id', '=', id).execute()
    await trx.insertInto('benchmark_tier').values(tiers.map((tier, seq) => ({ benchmark_id: id, seq, ...tier, conditions: JSON.stringify(tier.conditions) }))).execute()
  },
  words: ({ issuer, list_name: list, legal_text: clause, tiers }) => [issuer, list ?? '', clause ?? '', ...tiers.map(tier => `${TIERS[tier.tier].zh} ${tier.circumstances} ${(tier.kinds ?? '').split(' ').map(kind => PENALTY_KINDS[kind as PenaltyKind]?.zh ?? '').join(' ')}`)]
}

/** The stored benchmarks with these codes, each with its tiers and matters. */
async function findBenchmarks (db: Db, codes: string[]): Promise<Map<string, Current<BenchmarkState>>> {
  const rows = await db.selectFrom('benchmark').selectAll().where('code', 'in', codes).execute()
  const ids = rows.map(row => row.id)
  if (ids.length === 0) return new Map()
  const tiers = Map.groupBy(await db.selectFrom('benchmark_tier').selectAll().where('benchmark_id', 'in', ids).orderBy('benchmark_id').orderBy('seq').execute(), row => row.benchmark_id)
  const matters = await matterKeys(db, 'benchmark', ids)
  return new Map(rows.map(({ id, version, updated_at: _at, tiers: _tiers, bases, ...columns }) => [columns.code, {
    id,
    version,
    state: {
      ...columns,
      bases: JSON.parse(bases) as BenchmarkState['bases'],
      matters: matters.get(id) ?? [],
      tiers: (tiers.get(id) ?? []).map(({ benchmark_id: _id, seq: _seq, conditions, ...tier }) => ({ ...tier, conditions: JSON.parse(conditions) as string[] })) as BenchmarkState['tiers']
    }
  }]))
}
