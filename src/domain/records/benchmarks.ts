import type { Enumeration } from './enumerations.ts'
import type { Citation } from './laws.ts'

/** Tiers of a discretion benchmark (裁量阶次), from none to the heaviest. */
export const TIERS = {
  no_penalty: { zh: '不予处罚', aliases: ['不予', '免予处罚', '免罚', '不予行政处罚'] },
  mitigated: { zh: '减轻处罚', aliases: ['减轻', '减轻行政处罚'] },
  lighter: { zh: '从轻处罚', aliases: ['从轻', '较轻', '从轻行政处罚'] },
  ordinary: { zh: '一般处罚', aliases: ['一般', '一般情节', '中等'] },
  heavier: { zh: '从重处罚', aliases: ['从重', '较重', '严重', '从重行政处罚'] }
} as const satisfies Enumeration
export type TierName = keyof typeof TIERS

/** What a fine is a multiple of, or what decides which of two ranges applies. */
export const BASE_AMOUNTS = {
  goods_value: { zh: '货值金额', aliases: ['货值'] },
  illegal_income: { zh: '违法所得', aliases: ['违法收入'] },
  contract_price: { zh: '合同价款', aliases: ['工程合同价款', '合同金额'] },
  advertising_fee: { zh: '广告费用', aliases: ['广告费'] },
  wages: { zh: '应付金额', aliases: ['应付工资'] },
  tax: { zh: '税款', aliases: ['不缴或者少缴的税款'] },
  other: { zh: '其他基数', aliases: ['其他'] }
} as const satisfies Enumeration
export type BaseAmount = keyof typeof BASE_AMOUNTS

/** Whether all ticked circumstances must be there, or one is enough. */
export const MATCHES = {
  all: { zh: '同时具备', aliases: ['全部', '均具备', '同时'] },
  any: { zh: '具备之一', aliases: ['任一', '之一', '任意一项'] }
} as const satisfies Enumeration
export type Match = keyof typeof MATCHES

/**
 * How much a fine may be. `floor` and `ceiling` are fen, or ten-thousandths of the base amount where `unit` is times; 以上 and 以下 include the number,
 * 超过 and 不满 do not (民法典 1259), hence the open ends. The row holds for base amounts from `base_from` to below `base_below` (fen).
 */
export interface FineRule {
  unit: 'yuan' | 'times' | null
  base: BaseAmount | null
  floor: number | null
  ceiling: number | null
  floor_open: 0 | 1
  ceiling_open: 0 | 1
  base_from: number | null
  base_below: number | null
}

/** One tier: when it applies, and what it brings. */
export interface Tier extends FineRule {
  tier: TierName
  circumstances: string
  match: Match
  conditions: string[]
  /** codes of penalty kinds joined by spaces; null when the list names none */
  kinds: string | null
  measures: string | null
}

interface ExemptionType { zh: string, aliases: readonly string[], basis: readonly Citation[], conditions: number, effect: 'none' | 'may_none' | 'less' }

/**
 * Why a penalty may be left out or be less (行政处罚法 32, 33). `conditions` counts those that the statute itself names; their words stand at
 * `exemption_condition.<type>_<n>`. First offenders may be spared, the other two must be.
 */
export const EXEMPTION_TYPES = {
  minor: { zh: '轻微不罚', aliases: ['轻微违法不予处罚', '轻微免罚', '违法行为轻微不予处罚'], basis: [{ law: 'penalty', article: 33, paragraph: 1 }], conditions: 3, effect: 'none' },
  first_time: { zh: '首违不罚', aliases: ['初次违法不予处罚', '首次违法不予处罚', '首违可以不罚'], basis: [{ law: 'penalty', article: 33, paragraph: 1 }], conditions: 3, effect: 'may_none' },
  no_fault: { zh: '无主观过错不罚', aliases: ['无主观过错', '没有主观过错不予处罚'], basis: [{ law: 'penalty', article: 33, paragraph: 2 }], conditions: 1, effect: 'none' },
  mitigated: { zh: '减轻处罚', aliases: ['减轻'], basis: [{ law: 'penalty', article: 32 }], conditions: 5, effect: 'less' },
  lighter: { zh: '从轻处罚', aliases: ['从轻'], basis: [{ law: 'penalty', article: 32 }], conditions: 5, effect: 'less' }
} as const satisfies Record<string, ExemptionType>
export type ExemptionTypeName = keyof typeof EXEMPTION_TYPES

/** What decides whether a version of a list was in force on a day. */
export interface Effective { effective_from: string, effective_to: string | null, status: string }

/** What a benchmark and an exemption are both published with. `matters` are codes or base codes of matters. */
export interface DiscretionRecord extends Effective {
  code: string
  violation: string
  agency_id: number
  matters: string[]
  field: string | null
  bases: Array<{ law_name: string, law_key: string, article: string | null, article_no: number | null }>
  list_name: string | null
  list_version: string | null
  note: string | null
  source: string
  verified: 0 | 1
  fictional: 0 | 1
}
export interface BenchmarkRecord extends DiscretionRecord { issuer: string, legal_text: string | null, tiers: Tier[] }
export interface ExemptionRecord extends DiscretionRecord { type: ExemptionTypeName, match: Match, conditions: string[], measures: string | null }

/** Whether a version of a benchmark or an exemption held on a day; the last day still counts. What is repealed held until the day it names. */
export function heldOn ({ status, effective_from: from, effective_to: to }: Effective, day: string): boolean {
  return (status === 'in_force' || (status === 'repealed' && to !== null)) && from <= day && (to === null || day <= to)
}

/**
 * Of the versions of one record, newest first, the one that held on a day. What was said last about that day decides, also that nothing holds:
 * a version speaks from its first day on; one that ends the record without naming a day, from the day it was recorded.
 */
export function versionHeldOn<T extends { state: Effective, recordedOn: string }> (versions: readonly T[], day: string): T | undefined {
  const said = versions.find(({ state, recordedOn }) => (state.status === 'in_force' || state.effective_to !== null ? state.effective_from : recordedOn) <= day)
  return said !== undefined && heldOn(said.state, day) ? said : undefined
}
