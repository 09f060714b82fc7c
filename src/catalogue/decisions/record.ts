import type { FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { DECISION_FIELDS, readDetails } from '../../domain/decisions/fields.ts'
import { isCovered, isOrganisation } from '../../domain/decisions/parties.ts'
import { isPower, rightsOf } from '../../domain/process/rights.ts'
import type { PublicationRuleName } from '../../domain/decisions/publication.ts'
import { formatDate, formatMoney } from '../../i18n/format.ts'
import type { Frame } from '../../views.ts'
import { citedRights, type RightView } from '../guide/service.ts'
import { officialName, type Label } from '../lists/labels.ts'
import type { Fact } from '../matters/record.ts'
import { loadPublicationRules } from '../publication/repository.ts'
import { timelinessJudge, type Timeliness } from '../publication/timeliness.ts'
import { withdrawalClock, type WithdrawalClock } from '../publication/service.ts'
import { codeOfNumber, listDecisionVersions, type DecisionRecord } from './repository.ts'

type Link = Label & { href: string }

/** What stands on every page of a decision, whatever became of it. */
interface DecisionFrame extends Frame {
  code: string, number: string, category: string, fictional: boolean, agency: Link, matter: Link & { version: number | null, now: number } | null, version: number, dataOn: string, citation: string
}

export interface DecisionView extends DecisionFrame {
  glance: Fact[], facts: Fact[], money: Fact[], details: Fact[], covered: boolean, timeliness: Timeliness, until: { on: string, given: boolean, basis: string, kind: string, lang: string | undefined }
  rights: RightView[], power: string | null, complain: string, history: Array<{ version: number, at: string, reason: string }>
}

export interface TombstoneView extends DecisionFrame {
  state: 'withdrawn' | 'expired', ground: string | null, reason: string | null, replacement: { number: string, href: string | null } | null, clock: (WithdrawalClock & { text: string, lang: string | undefined }) | null
  rows: Fact[], complain: string
}

function frameOf (app: App, request: FastifyRequest, decision: DecisionRecord): DecisionFrame {
  const { number, code, category, version } = decision
  return {
    title: request.t('decisions.record_title', { number }),
    breadcrumbs: [{ text: request.t('decisions.title'), href: request.path('decisions') }, { text: number, lang: 'zh-CN' }],
    code,
    number,
    category,
    fictional: decision.fictional === 1,
    agency: { ...officialName(request, { name: decision.agency, name_en: decision.agency_en }), href: request.path('agency', [decision.agency_slug]) },
    matter: matterOf(request, decision),
    version,
    dataOn: decision.updated_at,
    citation: request.t('decisions.citation', { number, agency: decision.agency, version, site: app.site[request.locale].name })
  }
}

/** The matter in the version of the day of the decision, where the register had it then. */
function matterOf (request: FastifyRequest, decision: DecisionRecord): DecisionFrame['matter'] {
  const { matter, matter_code: code, matter_version: version, matter_now: now } = decision
  if (matter === null || code === null) return null
  return { ...officialName(request, { name: matter, name_en: null }), href: request.path('matter', [code], version === null || version === now ? {} : { version }), version, now: now ?? 1 }
}

/** Everything that the page of a published decision says. */
export async function describeDecision (app: App, request: FastifyRequest, decision: DecisionRecord): Promise<DecisionView> {
  const timeliness = (await timelinessJudge(app.db))(decision)
  const history = await listDecisionVersions(app.db, decision.id)
  return {
    ...frameOf(app, request, decision),
    register: { set: 'decisions', code: decision.code },
    noindex: !isOrganisation(decision.party_type), // whom it concerns is not to be found by way of other sites
    description: request.t('decisions.description', { number: decision.number, agency: decision.agency }),
    glance: glanceOf(request, decision),
    facts: factsOf(request, decision),
    money: moneyOf(request, decision),
    details: detailsOf(request, decision),
    covered: isCovered(decision.party_name, decision.party_type),
    timeliness,
    until: await untilOf(app, request, decision),
    rights: await citedRights(app.db, request, rightsOf(decision.category).filter(right => right.when === 'after')),
    power: isPower(decision.category) ? decision.category : null,
    complain: request.path('complain', [], { decision: decision.number }),
    history: history.map(({ recorded_at: at, ...row }) => ({ at, ...row }))
  }
}

const given = (facts: Fact[]): Fact[] => facts.filter(fact => fact.value !== '')
const chinese = (request: FastifyRequest): { lang?: string } => request.locale === 'en' ? { lang: 'zh-CN' } : {}

function words (request: FastifyRequest, list: string, codes: string | null): string {
  return (codes ?? '').split(' ').filter(code => code !== '').map(code => request.t(`${list}.${code}`)).join(request.t('ui.between'))
}

function glanceOf (request: FastifyRequest, decision: DecisionRecord): Fact[] {
  const region = decision.region === null ? { label: '' } : officialName(request, { name: decision.region, name_en: decision.region_en })
  return given([
    { key: request.t('facet.category'), value: request.t(`category.${decision.category}`) },
    { key: request.t('column.decided_on'), value: formatDate(request.locale, decision.decided_on) },
    { key: request.t('column.party_type'), value: request.t(`target.${decision.party_type}`) },
    { key: request.t('facet.region'), value: region.label },
    { key: request.t('column.public_until'), value: formatDate(request.locale, decision.public_until) }
  ])
}

function factsOf (request: FastifyRequest, decision: DecisionRecord): Fact[] {
  const official = chinese(request)
  return given([
    { key: request.t('column.party_name'), value: decision.party_name, ...official },
    { key: request.t('column.party_uscc'), value: decision.party_uscc ?? '' },
    { key: request.t('column.violation'), value: decision.violation ?? '', ...official },
    { key: request.t('column.facts'), value: decision.facts, ...official },
    { key: request.t('column.decision_basis'), value: decision.basis ?? '', ...official },
    { key: request.t('column.penalty_kinds'), value: words(request, 'penalty_kind', decision.penalty_kinds) },
    { key: request.t('column.decision_content'), value: decision.content, ...official }
  ])
}

function moneyOf (request: FastifyRequest, decision: DecisionRecord): Fact[] {
  const money = (fen: number | null): string => fen === null ? '' : formatMoney(request.locale, fen)
  return given([
    { key: request.t('column.fine'), value: money(decision.fine_fen) },
    { key: request.t('column.confiscated'), value: money(decision.confiscated_fen) },
    { key: request.t('column.tier'), value: decision.tier === null ? '' : request.t(`tier.${decision.tier}`) }
  ])
}

function detailsOf (request: FastifyRequest, decision: DecisionRecord): Fact[] {
  const values = readDetails(decision.details)
  return Object.entries(DECISION_FIELDS).flatMap(([key, { type }]) => {
    const value = values[key]
    if (value === undefined) return []
    return [{ key: request.t(`decision_field.${key}`), value: type === 'date' ? formatDate(request.locale, value) : value, ...type === 'text' ? chinese(request) : {} }]
  })
}

async function untilOf (app: App, request: FastifyRequest, decision: DecisionRecord): Promise<DecisionView['until']> {
  const rule = (await loadPublicationRules(app.db)).get(decision.until_rule as PublicationRuleName)
  const english = request.locale === 'en'
  if (rule === undefined) return { on: decision.public_until, given: true, basis: '', kind: '', lang: undefined }
  return { on: decision.public_until, given: false, basis: english ? rule.basisEn : rule.basis, kind: rule.kind, lang: undefined }
}

/** The page that stays of a decision that was withdrawn or whose publication is over: no party, no facts (行政处罚法 48 二). */
export async function describeTombstone (app: App, request: FastifyRequest, decision: DecisionRecord, state: 'withdrawn' | 'expired'): Promise<TombstoneView> {
  const day = (value: string | null): string => value === null ? '' : formatDate(request.locale, value)
  const withdrawn = state === 'withdrawn'
  return {
    ...frameOf(app, request, decision),
    noindex: true,
    state,
    ground: withdrawn ? decision.withdrawal_ground : null,
    reason: withdrawn ? decision.withdrawal_reason : null,
    replacement: withdrawn ? await replacementOf(app, request, decision.replaced_by) : null,
    clock: withdrawn ? await clockOf(app, request, decision) : null,
    rows: given([
      { key: request.t('column.decided_on'), value: day(decision.decided_on) },
      { key: request.t('column.published_on'), value: day(decision.published_on) },
      ...withdrawn
        ? [{ key: request.t('decisions.overturned_on'), value: day(decision.overturned_on) }, { key: request.t('decisions.withdrawn_on'), value: day(decision.withdrawn_on) }]
        : [{ key: request.t('column.public_until'), value: day(decision.public_until) }]
    ]),
    complain: request.path('complain', [], { decision: decision.number })
  }
}

async function replacementOf (app: App, request: FastifyRequest, number: string | null): Promise<TombstoneView['replacement']> {
  if (number === null) return null
  const code = await codeOfNumber(app.db, number)
  return { number, href: code === undefined ? null : request.path('decision', [code]) }
}

async function clockOf (app: App, request: FastifyRequest, decision: DecisionRecord): Promise<TombstoneView['clock']> {
  if (decision.overturned_on === null || decision.withdrawn_on === null) return null
  const clock = await withdrawalClock(app.db, decision.overturned_on, decision.withdrawn_on)
  return clock && { ...clock, text: request.locale === 'en' ? clock.basisEn : clock.basis, lang: undefined }
}
