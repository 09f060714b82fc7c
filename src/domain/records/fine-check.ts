import { BASE_AMOUNTS, type BaseAmount, type FineRule, type Match, type Tier } from './benchmarks.ts'
import { codesOf } from './enumerations.ts'
import type { FineRange } from './fines.ts'

/** A range in fen; an open end does not include its number (超过, 不满). No floor means from nothing, no ceiling without bound. */
export interface FenRange { floor: number, ceiling: number | null, floorOpen: boolean, ceilingOpen: boolean }

/** Why a rule gives no range: it needs the base amount, it is for other base amounts, or it names none. */
export type NoRange = 'needs_base' | 'elsewhere' | 'no_range'

/** Once the base amount: multiples are stored in ten-thousandths, as statutes name per mille. */
export const TIMES = 10_000

const NOTHING: FenRange = { floor: 0, ceiling: 0, floorOpen: false, ceilingOpen: false }

/** The range that a rule gives for a base amount (fen; null when it is not known). */
export function rangeInFen (rule: FineRule, base: number | null): FenRange | NoRange {
  const { unit, floor, ceiling } = rule
  if (unit === null || (floor === null && ceiling === null)) return 'no_range'
  if (base === null && (unit === 'times' || rule.base_from !== null || rule.base_below !== null)) return 'needs_base'
  if (base !== null && isElsewhere(rule, base)) return 'elsewhere'
  const scaled = (value: number): number => unit === 'times' ? value * (base ?? 0) / TIMES : value
  return { floor: scaled(floor ?? 0), ceiling: ceiling === null ? null : scaled(ceiling), floorOpen: rule.floor_open === 1, ceilingOpen: rule.ceiling_open === 1 }
}

function isElsewhere ({ base_from: from, base_below: below }: FineRule, base: number): boolean {
  return (from !== null && base < from) || (below !== null && base >= below)
}

/** The range of a tier: none at all where it spares the penalty or names penalties without a fine. */
export function tierRange (tier: Tier, base: number | null): FenRange | NoRange {
  if (tier.tier === 'no_penalty') return NOTHING
  if (tier.unit === null && tier.kinds !== null && !tier.kinds.split(' ').includes('fine')) return NOTHING
  return rangeInFen(tier, base)
}

export type Place = 'below' | 'inside' | 'above'

/** Where a fine (fen) lies. */
export function placeOf (fine: number, { floor, ceiling, floorOpen, ceilingOpen }: FenRange): Place {
  if (floorOpen ? fine <= floor && floor > 0 : fine < floor) return 'below'
  if (ceiling !== null && (ceilingOpen ? fine >= ceiling : fine > ceiling)) return 'above'
  return 'inside'
}

/** The answer: one place for all ranges that apply; `inside_some` and `between` where they differ; else why nothing can be said. */
export type Verdict = Place | 'inside_some' | 'between' | 'needs_base' | 'no_range'

export interface Compared<T> { rule: T, range: FenRange, place: Place }
export interface Judgement<T> { verdict: Verdict, compared: Array<Compared<T>> }

/** Compares a fine with every rule that applies. Total: whatever is given, there is an answer. */
export function judge<T> (fine: number, rules: ReadonlyArray<{ rule: T, range: FenRange | NoRange }>): Judgement<T> {
  const compared = rules.flatMap(({ rule, range }) => typeof range === 'string' ? [] : [{ rule, range, place: placeOf(fine, range) }])
  const places = new Set(compared.map(({ place }) => place))
  const [only] = places
  if (only === undefined) return { verdict: rules.some(({ range }) => range === 'needs_base') ? 'needs_base' : 'no_range', compared }
  if (places.size === 1) return { verdict: only, compared }
  return { verdict: places.has('inside') ? 'inside_some' : 'between', compared }
}

/** Whether the ticked conditions are enough. A list without conditions is never met by ticking. */
export function conditionsMet (conditions: readonly string[], match: Match, ticked: ReadonlySet<string>): boolean {
  const met = conditions.filter(condition => ticked.has(condition)).length
  return conditions.length > 0 && (match === 'all' ? met === conditions.length : met > 0)
}

/** Pairs of words of which a case has only one: who errs for the first time was not penalised for the same within the year. */
const OPPOSITES: ReadonlyArray<readonly [RegExp, RegExp]> = [
  [/^(?:初次|首次)违法/, /受过(?:行政)?处罚|(?:再次|多次|屡次)违法/],
  [/^(?:没有|未)造成(?:危害|严重)?后果$|^危害后果轻微$/, /^造成(?:严重|较大|重大|恶劣)/],
  [/^(?:及时|当场|主动)改正/, /拒不改正|逾期[不未]改正/],
  [/配合(?:调查|检查|执法)/, /(?:阻碍|拒绝|阻挠|抗拒)[^；]*(?:执法|检查|调查)|隐匿、销毁证据/]
]

/** Ticked conditions that cannot both be true, in pairs. What is not known to exclude each other is left to the agency to weigh. */
export function contradictions (ticked: Iterable<string>): Array<[string, string]> {
  const all = [...ticked]
  return OPPOSITES.flatMap(([one, other]) => all.filter(text => one.test(text)).flatMap(first => all.filter(text => text !== first && other.test(text)).map((second): [string, string] => [first, second])))
}

/** Every condition of the tiers once, in their order: what a person is asked. */
export function conditionsOf (tiers: ReadonlyArray<Pick<Tier, 'conditions'>>): string[] {
  return [...new Set(tiers.flatMap(tier => tier.conditions))]
}

/**
 * The tiers that the ticked circumstances mean. Where none is met, the ordinary ones without special circumstances; where there are none of
 * these either, the ordinary tier itself.
 */
export function tiersFor<T extends Tier> (tiers: readonly T[], ticked: ReadonlySet<string>): T[] {
  const met = tiers.filter(tier => conditionsMet(tier.conditions, tier.match, ticked))
  if (met.length > 0) return met
  const ordinary = tiers.filter(tier => tier.tier === 'ordinary')
  const plain = ordinary.filter(tier => tier.conditions.length === 0)
  return plain.length > 0 ? plain : ordinary
}

/** Whether a fine lies below every range of the statute that could be read for this base amount: only mitigation allows that (行政处罚法 32). */
export function belowStatute (fine: number, rules: readonly FineRule[], base: number | null): boolean {
  const ranges = rules.map(rule => rangeInFen(rule, base)).filter(range => range !== 'elsewhere' && range !== 'no_range')
  return ranges.length > 0 && ranges.every(range => range !== 'needs_base' && placeOf(fine, range) === 'below')
}

/** The statute's ranges as rules to compare with. None where one of them counts by area, head or day: then a sum alone says nothing. */
export function statutoryRules (ranges: readonly FineRange[]): Array<FineRule & { range: FineRange }> {
  if (ranges.some(range => range.per !== null)) return []
  return ranges.map(range => ({
    unit: range.unit === 'fen' ? 'yuan' : 'times', base: range.base === null ? null : baseIn(range.base), floor: range.from, ceiling: range.to, floor_open: 0, ceiling_open: 0, base_from: null, base_below: null, range
  }))
}

/** Which amount the words of a statute mean (违法生产经营的药品货值金额 → goods_value). */
function baseIn (words: string): BaseAmount {
  return codesOf(BASE_AMOUNTS).find(base => [BASE_AMOUNTS[base].zh, ...BASE_AMOUNTS[base].aliases].some(name => words.includes(name))) ?? 'other'
}

export type TierFault = 'floor_above_ceiling' | 'outside_statute' | 'window_empty'

/**
 * What is wrong with a tier's numbers: turned round, for no base amount at all, or outside every statutory range of the same kind. Only a mitigated tier may go below the
 * statute's floor, which is what mitigating means; nothing may go above its ceiling.
 */
export function tierFault (tier: Tier, statutory: readonly FineRule[]): TierFault | null {
  const { floor, ceiling } = tier
  if (floor !== null && ceiling !== null && (floor > ceiling || (floor === ceiling && (tier.floor_open === 1 || tier.ceiling_open === 1)))) return 'floor_above_ceiling'
  if (tier.base_from !== null && tier.base_below !== null && tier.base_from >= tier.base_below) return 'window_empty'
  const same = statutory.filter(rule => rule.unit === tier.unit && (rule.unit !== 'times' || rule.base === tier.base))
  if (tier.unit === null || same.length === 0) return null
  return same.some(rule => liesWithin(tier, rule)) ? null : 'outside_statute'
}

function liesWithin (tier: Tier, rule: FineRule): boolean {
  const floorHolds = tier.tier === 'mitigated' || (tier.floor ?? 0) >= (rule.floor ?? 0)
  const ceilingHolds = rule.ceiling === null || (tier.ceiling !== null && tier.ceiling <= rule.ceiling)
  return floorHolds && ceilingHolds
}
