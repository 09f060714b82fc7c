/** What a refusal asks of the clerk besides its reasons in words. */
export const DEMANDS = ['receiving_body', 'parallel', 'earlier_reference', 'path', 'approver', 'supplement_lapsed', 'anonymous', 'complainant_asked'] as const
export type Demand = (typeof DEMANDS)[number]

/** What the complainant can still do; the sentence stands at `remedy.<key>` and closes the letter. `answered` closes the reply (行政复议法 20, 行政诉讼法 46). */
export const REMEDIES = ['resubmit', 'right_body', 'other_procedure', 'new_facts', 'statutory_path', 'identify', 'none_needed', 'concluded', 'answered', 'reviewed'] as const
export type Remedy = (typeof REMEDIES)[number]

export interface Refusal { demands: readonly Demand[], remedy: Remedy, basis?: string }

/** Reasons for not accepting a complaint. Each also needs reasons in words; a basis stands only where a statute that was read says so. */
export const REFUSALS = {
  N01: { demands: [], remedy: 'resubmit' },
  N02: { demands: [], remedy: 'resubmit' },
  N03: { demands: [], remedy: 'right_body', basis: '《行政执法监督条例》第二条' },
  N04: { demands: ['receiving_body'], remedy: 'right_body' },
  N05: { demands: ['parallel'], remedy: 'other_procedure', basis: '《行政执法监督条例》第三十三条第三款' },
  N06: { demands: ['earlier_reference'], remedy: 'new_facts' },
  N07: { demands: ['path'], remedy: 'statutory_path', basis: '《行政执法监督条例》第三十三条第三款' },
  N08: { demands: ['anonymous'], remedy: 'identify' },
  N09: { demands: ['complainant_asked'], remedy: 'none_needed' },
  N10: { demands: ['approver'], remedy: 'new_facts' },
  N11: { demands: [], remedy: 'concluded', basis: '《信访工作条例》第三十六条' },
  N12: { demands: ['supplement_lapsed'], remedy: 'resubmit' }
} as const satisfies Record<string, Refusal>
export type RefusalCode = keyof typeof REFUSALS

/** What a reason still lacks, in the order of its demands; empty when the refusal may go out. */
export function missingDemands (code: RefusalCode, met: Partial<Record<Demand, boolean>>): Demand[] {
  return REFUSALS[code].demands.filter(demand => met[demand] !== true)
}

/** The ways of the law to which a complainant is guided (行政执法监督条例 33(3)). */
export const PATHS = ['reconsideration', 'litigation'] as const
export type Path = (typeof PATHS)[number]
