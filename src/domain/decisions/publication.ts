import { addDays, type Calendar, type Reckoning } from '../time/calendar.ts'
import type { BasisKind } from '../time/clocks.ts'
import type { Enumeration } from '../records/enumerations.ts'

/** How soon a decision has to be published, and for how long it stays: the lengths are data of the city pack, shown with their basis. */
export const PUBLICATION_RULES = ['publish_fast', 'publish_other', 'keep_organisation', 'keep_person', 'keep_minor'] as const
export type PublicationRuleName = (typeof PUBLICATION_RULES)[number]
export const PUBLICATION_UNITS = ['working_days', 'months'] as const

/** One rule. The thresholds stand with `keep_minor`: up to which fine (fen) a penalty of a person or of an organisation is minor. */
export interface PublicationRule {
  rule: PublicationRuleName, amount: number, unit: (typeof PUBLICATION_UNITS)[number], finePersonFen: number | null, fineOrganisationFen: number | null, basis: string, basisEn: string, kind: BasisKind
}
export type PublicationRules = ReadonlyMap<PublicationRuleName, PublicationRule>

/** Why a published decision is taken back (行政处罚法 48 二). */
export const WITHDRAWAL_GROUNDS = {
  changed: { zh: '变更', aliases: ['依法变更'] },
  revoked: { zh: '撤销', aliases: ['依法撤销'] },
  unlawful: { zh: '确认违法' },
  void: { zh: '确认无效' }
} as const satisfies Enumeration
export type WithdrawalGround = keyof typeof WITHDRAWAL_GROUNDS

/** Where a decision stands: shown, past its period, or taken back. */
export const DECISION_STATES = ['in_force', 'expired', 'withdrawn'] as const
export type DecisionState = (typeof DECISION_STATES)[number]

/** The state on a day; what is past its period is expired from the next day on, whether a job has noted it or not. */
export function stateOn (decision: { status: string, public_until: string }, today: string): DecisionState {
  if (decision.status === 'withdrawn') return 'withdrawn'
  return decision.status === 'in_force' && decision.public_until >= today ? 'in_force' : 'expired'
}

/** Permits and penalties are published sooner than other acts (国办发〔2018〕118号). */
export function publishRuleOf (category: string): PublicationRuleName {
  return category === 'permit' || category === 'penalty' ? 'publish_fast' : 'publish_other'
}

/** The last day on which a decision is published in time. Throws RangeError when the pack names no such rule. */
export function publishDue (decision: { category: string, decided_on: string }, rules: PublicationRules, calendar: Calendar): Reckoning {
  const { amount, unit } = ruleOf(rules, publishRuleOf(decision.category))
  return unit === 'working_days' ? calendar.addWorkingDays(decision.decided_on, amount) : { date: addMonths(decision.decided_on, amount), assured: true, skipped: [], madeUp: [] }
}

export interface Sanction { category: string, party_type: string, penalty_kinds: string | null, fine_fen: number | null, confiscated_fen: number | null }

const LIGHT = new Set(['warning', 'public_criticism', 'fine'])

/** Which rule ends the publication: a minor penalty, a natural person's decision, or any other. */
export function keepRuleOf (sanction: Sanction, rules: PublicationRules): PublicationRuleName {
  const person = sanction.party_type === 'person'
  const { finePersonFen, fineOrganisationFen } = ruleOf(rules, 'keep_minor')
  const kinds = (sanction.penalty_kinds ?? '').split(' ').filter(kind => kind !== '')
  const light = sanction.category === 'penalty' && kinds.length > 0 && kinds.every(kind => LIGHT.has(kind)) && (sanction.confiscated_fen ?? 0) === 0
  const bound = person ? finePersonFen : fineOrganisationFen
  if (light && (sanction.fine_fen ?? (kinds.includes('fine') ? Infinity : 0)) <= (bound ?? 0)) return 'keep_minor'
  return person ? 'keep_person' : 'keep_organisation'
}

/** The last day of a publication that began on a day: the corresponding day, or the month's last (民法典 202). */
export function lastPublicDay (publishedOn: string, rule: PublicationRule): string {
  return rule.unit === 'months' ? addMonths(publishedOn, rule.amount) : addDays(publishedOn, rule.amount)
}

function ruleOf (rules: PublicationRules, name: PublicationRuleName): PublicationRule {
  const rule = rules.get(name)
  if (rule === undefined) throw new RangeError(`no publication rule ${name}`)
  return rule
}

function addMonths (date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0))
  return new Date(Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), Math.min(day, last.getUTCDate()))).toISOString().slice(0, 10)
}
