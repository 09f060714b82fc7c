import type { AuditKey } from '../db/audit.ts'
import type { Publication } from '../db/records.ts'
import { loadCalendar } from '../db/reckoner.ts'
import type { Db } from '../db/schema.ts'
import { decisionCode, publishDecisions, withdrawDecision } from '../catalogue/publication/service.ts'
import { loadPublicationRules, type DecisionState } from '../catalogue/publication/repository.ts'
import { TIERS } from '../domain/records/benchmarks.ts'
import { codesOf } from '../domain/records/enumerations.ts'
import { coverIn, publicParty } from '../domain/decisions/parties.ts'
import { keepRuleOf, lastPublicDay, publishDue, stateOn, type PublicationRule, type PublicationRules } from '../domain/decisions/publication.ts'
import { addDays, localDate, type Calendar } from '../domain/time/calendar.ts'
import { around, oneOf } from './random.ts'
import type { DecisionKind, DemoPack } from './schema.ts'

interface Matter { id: number, version: number, name: string, agency_id: number, category: string, basis: string }

/** Decisions lie this many days back at most; one in so many was published late. */
const DAYS = 365
const LATE = 9
const STEPS = codesOf(TIERS).filter(tier => tier !== 'no_penalty')

/** What the decisions are made of, and when. */
interface Making { pack: DemoPack, rules: PublicationRules, calendar: Calendar, today: string, series: Map<string, number>, random: () => number }

/** Publishes fictional decisions on the real matters of the register, spread over the past year; a few were withdrawn since. */
export async function makeDecisions (trx: Db, pack: DemoPack, count: number, { publication, auditKey, random }: { publication: Publication, auditKey: AuditKey, random: () => number }): Promise<void> {
  const matters = await listMatters(trx)
  const kinds = pack.decisions.kinds.flatMap(kind => matters.some(matter => matter.category === kind.category) ? Array.from({ length: kind.share }, () => kind) : [])
  if (kinds.length === 0) return
  const making: Making = { pack, rules: await loadPublicationRules(trx), calendar: await loadCalendar(trx), today: localDate(publication.at), series: new Map(), random }
  const days = Array.from({ length: count }, () => Math.floor(random() * DAYS) + 1).sort((a, b) => b - a)
  const states = days.map((ago, at) => {
    const kind = around(kinds, at)
    return makeDecision(making, kind, { at, matter: oneOf(matters.filter(one => one.category === kind.category), random), decidedOn: addDays(making.today, -ago) })
  })
  await publishDecisions(trx, states.map(state => ({ state, current: undefined })), publication)
  await withdrawSome(trx, making, states, { publication, auditKey })
}

async function listMatters (trx: Db): Promise<Matter[]> {
  const rows = await trx.selectFrom('matter').leftJoin('legal_basis', join => join.onRef('legal_basis.matter_id', '=', 'matter.id').on('legal_basis.seq', '=', 0))
    .select(['matter.id', 'matter.version', 'matter.name', 'matter.agency_id', 'matter.category', 'legal_basis.law_name', 'legal_basis.article']).where('matter.status', '=', 'in_force').orderBy('matter.code').execute()
  return rows.map(({ law_name: law, article, ...matter }) => ({ ...matter, basis: law === null ? '' : `《${law.replace(/[《》]/g, '')}》${article ?? ''}` }))
}

/** How soon it was published: in time as a rule, a few weeks late now and then; never after today. */
function publishedOn ({ rules, calendar, today, random }: Making, category: string, decidedOn: string, at: number): string {
  const due = publishDue({ category, decided_on: decidedOn }, rules, calendar).date
  const day = at % LATE === LATE - 1 ? addDays(due, 5 + Math.floor(random() * 20)) : addDays(decidedOn, 1 + Math.floor(random() * 4))
  return day > today ? today : day
}

function makeDecision (making: Making, kind: DecisionKind, { at, matter, decidedOn }: { at: number, matter: Matter, decidedOn: string }): DecisionState {
  const { pack, rules, today, random } = making
  const [party, type] = oneOf(pack.decisions.parties, random)
  const number = numberOf(making, `${kind.series}〔${decidedOn.slice(0, 4)}〕`)
  const sanction = sanctionOf(oneOf(kind.contents, random), random)
  const told = (text: string): string => coverIn(text.replace('{matter}', matter.name).replace('{party}', party), party, type)
  const published = publishedOn(making, kind.category, decidedOn, at)
  const state: DecisionState = {
    ...EMPTY, ...sanction, number, code: decisionCode(number), category: kind.category, agency_id: matter.agency_id, matter_id: matter.id, matter_version: matter.version, party_name: publicParty(party, type), party_type: type,
    violation: kind.violation === undefined ? null : told(kind.violation), facts: told(kind.facts), basis: matter.basis === '' ? null : matter.basis, tier: kind.category === 'penalty' ? around(STEPS, at) : null,
    decided_on: decidedOn, published_on: published, public_until: '', until_rule: ''
  }
  const rule = keepRuleOf(state, rules)
  const settled = { ...state, until_rule: rule, public_until: lastPublicDay(published, rules.get(rule) as PublicationRule) }
  return { ...settled, status: stateOn(settled, today) }
}

function numberOf ({ series }: Making, name: string): string {
  const number = (series.get(name) ?? 0) + 1
  series.set(name, number)
  return `${name}${number}号`
}

/** What the text of a decision orders, as numbers and kinds of penalty. */
function sanctionOf (template: string, random: () => number): Pick<DecisionState, 'content' | 'fine_fen' | 'confiscated_fen' | 'penalty_kinds'> {
  const [fine, gain] = [(1 + Math.floor(random() * 40)) * 500, (1 + Math.floor(random() * 30)) * 100]
  const kinds = [['警告', 'warning'], ['{fine}', 'fine'], ['{gain}', 'confiscation']].filter(([word = '']) => template.includes(word)).map(([, kind]) => kind)
  return {
    content: template.replace('{fine}', String(fine)).replace('{gain}', String(gain)),
    fine_fen: template.includes('{fine}') ? fine * 100 : null,
    confiscated_fen: template.includes('{gain}') ? gain * 100 : null,
    penalty_kinds: kinds.length === 0 ? null : kinds.join(' ')
  }
}

const EMPTY = {
  party_uscc: null, benchmark_code: null, details: null, status: 'in_force', overturned_on: null, withdrawn_on: null, withdrawal_ground: null, withdrawal_reason: null, replaced_by: null, source: 'demo', fictional: 1
} as const

/** A decision is challenged for some weeks before it falls, and had been published soon after it was made. */
const CHALLENGED = 21
const SOON = 7

/** Penalties that were overturned, and so many days after it taken back; where one was made again, the newest penalty stands for it. */
async function withdrawSome (trx: Db, { pack, today }: Making, states: DecisionState[], { publication, auditKey }: { publication: Publication, auditKey: AuditKey }): Promise<void> {
  const penalties = states.filter(state => state.category === 'penalty' && state.status === 'in_force').reverse()
  const taken = new Set<string>()
  for (const { ground, reason, days, after, replaced } of pack.decisions.withdrawals) {
    const overturnedOn = addDays(today, -days)
    const state = penalties.find(one => !taken.has(one.number) && one.decided_on <= addDays(overturnedOn, -CHALLENGED) && one.published_on <= addDays(one.decided_on, SOON))
    if (state === undefined) continue
    taken.add(state.number)
    const again = penalties.find(one => one.agency_id === state.agency_id && one.decided_on > overturnedOn) ?? penalties[0]
    const by = { now: publication.at, day: addDays(overturnedOn, after), actor: { id: null, role: 'system', name: publication.actor }, auditKey, requestId: 'demo' }
    await withdrawDecision(trx, { number: state.number, ground, reason, overturnedOn, ...replaced ? { replacedBy: again?.number ?? '' } : {} }, by)
  }
}
