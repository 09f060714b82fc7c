import type { Db } from '../../db/schema.ts'
import { versionHeldOn, type BaseAmount, type BenchmarkRecord, type DiscretionRecord, type ExemptionRecord, type Tier } from '../../domain/records/benchmarks.ts'
import { conditionsMet, conditionsOf, judge, tierRange, tiersFor, type Judgement } from '../../domain/records/fine-check.ts'
import { listIdsOf, listVersions, type DiscretionKind, type Version } from '../benchmarks/repository.ts'
import { findMatter, type MatterRecord } from '../matters/repository.ts'
import type { Answers } from './answers.ts'

/** A version that held on the day; `newer`: a later one exists, which may be milder (行政处罚法 37). */
export interface Held<R> extends Version<R> { newer: Version<R> | null }

/** What was published of a matter for a day. `benchmark` is the chosen one, or the only one. */
export interface Situation { matter: MatterRecord, on: string, benchmarks: Array<Held<BenchmarkRecord>>, benchmark: Held<BenchmarkRecord> | null, exemptions: Array<Held<ExemptionRecord>> }

/** Reads what was in force for a matter on a day; undefined for an unknown matter. */
export async function loadSituation (db: Db, answers: Answers, on: string): Promise<Situation | undefined> {
  const matter = await findMatter(db, answers.matter)
  if (matter === undefined) return undefined
  const benchmarks = await heldRecords<BenchmarkRecord>(db, 'benchmark', matter, on)
  const only = benchmarks.length === 1 ? benchmarks[0] : undefined
  return { matter, on, benchmarks, benchmark: benchmarks.find(({ state }) => state.code === answers.benchmark) ?? only ?? null, exemptions: await heldRecords<ExemptionRecord>(db, 'exemption', matter, on) }
}

async function heldRecords<R extends DiscretionRecord> (db: Db, kind: DiscretionKind, matter: MatterRecord, on: string): Promise<Array<Held<R>>> {
  const found: Array<Held<R>> = []
  for (const id of await listIdsOf(db, kind, matter)) {
    const versions = await listVersions<R>(db, kind, id)
    const held = versionHeldOn(versions, on)
    const [present] = versions
    if (held !== undefined) found.push({ ...held, newer: present === undefined || present.version === held.version ? null : present })
  }
  return found
}

/** What was ticked, by its words: a condition that the benchmark and an exemption share is asked once and counts for both. */
export function tickedWords ({ benchmark, exemptions }: Situation, answers: Answers): Set<string> {
  const conditions = conditionsOf(benchmark?.state.tiers ?? [])
  const ofTiers = answers.circumstances.flatMap(at => conditions[Number(at)] ?? [])
  return new Set([...ofTiers, ...exemptions.flatMap(({ state }) => state.conditions.filter((_, at) => answers.exemptions.includes(`${state.code}~${at}`)))])
}

/** The tiers that the answers mean: the one that the decision names, else those of the ticked circumstances; none without a benchmark. */
export function chosenTiers (situation: Situation, answers: Answers): Tier[] {
  const tiers = situation.benchmark?.state.tiers ?? []
  if (answers.tier !== '' && tiers.some(tier => tier.tier === answers.tier)) return tiers.filter(tier => tier.tier === answers.tier)
  return tiersFor(tiers, tickedWords(situation, answers))
}

/** The amounts from which these tiers count. */
export function basesOf (tiers: readonly Tier[]): BaseAmount[] {
  return [...new Set(tiers.filter(tier => tier.unit === 'times' || tier.base_from !== null || tier.base_below !== null).map(tier => tier.base ?? 'other'))]
}

/** Compares a fine with the tiers, for a base amount where one was given. */
export function judgeTiers (tiers: readonly Tier[], fine: number, base: number | null): Judgement<Tier> {
  return judge(fine, tiers.map(tier => ({ rule: tier, range: tierRange(tier, base) })))
}

export interface Weighed { held: Held<ExemptionRecord>, met: boolean, missing: string[], ticked: number }

/** Which exemptions the ticked conditions are enough for, and what the others lack. */
export function weighExemptions (situation: Situation, answers: Answers): Weighed[] {
  const words = tickedWords(situation, answers)
  return situation.exemptions.map(held => {
    const { conditions, match } = held.state
    const ticked = new Set(conditions.filter(condition => words.has(condition)))
    return { held, met: conditionsMet(conditions, match, ticked), missing: conditions.filter(condition => !ticked.has(condition)), ticked: ticked.size }
  })
}
