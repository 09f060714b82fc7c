import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { BASE_AMOUNTS, MATCHES, TIERS, type FineRule, type Tier } from '../../../domain/records/benchmarks.ts'
import { codesOf, PENALTY_KINDS } from '../../../domain/records/enumerations.ts'
import { tierFault } from '../../../domain/records/fine-check.ts'
import type { Cells } from '../cells/cells.ts'
import { checkState } from '../cells/check.ts'
import { readOne, readSeveral, said } from '../cells/values.ts'
import { DISCRETION_STATE, mergeCommon, readCode, readCommon, type Known } from '../discretion/read.ts'
import type { Outcome } from '../schema.ts'
import { readAmount, readBound } from './bounds.ts'

const amount = Type.Union([Type.Null(), Type.Integer({ minimum: 0 })])
const text = (maxLength: number) => Type.Union([Type.Null(), Type.String({ minLength: 1, maxLength })])
const flag = Type.Union([Type.Literal(0), Type.Literal(1)])

const TierState = Type.Object({
  tier: Type.Enum(codesOf(TIERS)),
  circumstances: Type.String({ minLength: 1, maxLength: 2000 }),
  match: Type.Enum(codesOf(MATCHES)),
  conditions: Type.Array(Type.String({ minLength: 1, maxLength: 300 }), { maxItems: 20 }),
  kinds: text(300),
  measures: text(1000),
  unit: Type.Union([Type.Null(), Type.Enum(['yuan', 'times'])]),
  base: Type.Union([Type.Null(), Type.Enum(codesOf(BASE_AMOUNTS))]),
  floor: amount,
  ceiling: amount,
  floor_open: flag,
  ceiling_open: flag,
  base_from: amount,
  base_below: amount
})

/** A benchmark as it is published and kept, with all its tiers. */
const BenchmarkState = Type.Object({ ...DISCRETION_STATE, issuer: Type.String({ minLength: 1, maxLength: 200 }), legal_text: text(5000), tiers: Type.Array(TierState, { minItems: 1, maxItems: 30 }) })
export type BenchmarkState = Static<typeof BenchmarkState>
const check = Compile(BenchmarkState)

/** One tier with the cells it was read from, so that a fault is told at its row. */
interface TierLine { cells: Cells, tier: Tier }
export interface BenchmarkChange { common: Record<string, unknown>, tiers: TierLine[] }

/** Reads one row: a tier, and what the row says of the benchmark. */
export function readBenchmark (cells: Cells, known: Known): Outcome<BenchmarkChange> {
  const code = readCode(cells)
  const common = { ...readCommon(cells, known), issuer: cells.read('issuer'), legal_text: cells.read('legal_text'), agency_name: cells.read('agency') }
  const tier = readTier(cells)
  if (code === undefined || tier === undefined) return null
  return { key: code, change: { common: { ...said(common), code }, tiers: [{ cells, tier }] } }
}

/** The next row of the same benchmark: its tier comes after; what it says of the benchmark must not contradict. */
export function joinRows (before: BenchmarkChange, next: BenchmarkChange): BenchmarkChange {
  const [line] = next.tiers
  for (const [field, value] of Object.entries(next.common)) {
    const first = before.common[field]
    if (first !== undefined && JSON.stringify(first) !== JSON.stringify(value)) line?.cells.fault(field === 'agency_id' || field === 'agency_name' ? 'agency' : field, 'contradicts')
  }
  return { common: { ...next.common, ...before.common }, tiers: [...before.tiers, ...next.tiers] }
}

function readTier (cells: Cells): Tier | undefined {
  const tier = readOne(cells, 'tier', TIERS)
  const circumstances = cells.need('circumstances')
  if (tier === undefined || tier === null) { if (cells.read('tier') === undefined || tier === null) cells.fault('tier', 'required'); return undefined }
  const rest = { match: readOne(cells, 'match', MATCHES) ?? 'all' as const, conditions: readLines(cells, 'conditions'), kinds: readSeveral(cells, 'kinds', PENALTY_KINDS) ?? null, measures: cells.read('measures') ?? null }
  return { tier, circumstances: circumstances ?? '', ...rest, ...readFine(cells) }
}

/** Points of a list in one cell: one on each line, or separated by ；. */
export function readLines (cells: Cells, field: string): string[] {
  const text = cells.read(field)
  if (typeof text !== 'string') return []
  return [...new Set(text.split(/[；;\n]/).map(line => line.trim().replace(/^(?:[（(]?[一二三四五六七八九十\d]{1,2}[）)]|\d{1,2}[.．、])\s*/, '').replace(/[。；]$/, '')).filter(line => line !== ''))]
}

const NO_BOUND = { unit: null, value: null, open: 0 } as const

function readFine (cells: Cells): FineRule {
  const [floor, ceiling] = [readBound(cells, 'floor') ?? NO_BOUND, readBound(cells, 'ceiling') ?? NO_BOUND]
  const base = readOne(cells, 'base', BASE_AMOUNTS) ?? null
  const [from, below] = [readAmount(cells, 'base_from'), readAmount(cells, 'base_below')]
  const rule = { unit: floor.unit ?? ceiling.unit, base, floor: floor.value, ceiling: ceiling.value, floor_open: floor.open, ceiling_open: ceiling.open, base_from: from, base_below: below }
  if (floor.unit !== null && ceiling.unit !== null && floor.unit !== ceiling.unit) cells.fault('ceiling', 'bounds_differ')
  if (base === null && (rule.unit === 'times' || from !== null || below !== null)) cells.fault('base', 'base_missing')
  return rule
}

/** The ranges that a penalty clause names, for the comparison with the tiers; none where it cannot be read for sure. */
export type ReadClause = (text: string) => FineRule[]

/** The benchmark after the change; its tiers are replaced as a whole. */
export function mergeBenchmark (cells: Cells, { common: { agency_name: agency, ...common }, tiers }: BenchmarkChange, current: BenchmarkState | undefined, known: Known & { readClause: ReadClause }): BenchmarkState | null {
  const state = { issuer: agency, legal_text: null, ...mergeCommon(cells, common, current, known), tiers: tiers.map(line => line.tier) } as Record<string, unknown>
  const statutory = typeof state['legal_text'] === 'string' ? known.readClause(state['legal_text']) : []
  for (const line of tiers) {
    const fault = tierFault(line.tier, statutory)
    if (fault !== null) line.cells.fault(fault === 'window_empty' ? 'base_below' : 'ceiling', fault)
  }
  const sound = cells.faults.length === 0 && tiers.every(line => line.cells.faults.length === 0)
  return sound && checkState(cells, check, state) ? state as BenchmarkState : null
}
