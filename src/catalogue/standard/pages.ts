import type { FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { loadReckoner } from '../../db/reckoner.ts'
import { LEAST_CASES } from '../../domain/records/small-numbers.ts'
import { localDate, type Calendar } from '../../domain/time/calendar.ts'
import { CLOCKS, explain, type Clock, type ClockRule } from '../../domain/time/clocks.ts'
import { remedyDue, REMEDY_RULES, type RemedyName, type RemedyRule, type RemedyStep } from '../../domain/time/remedies.ts'
import { AppError } from '../../errors.ts'
import { formatNumber } from '../../i18n/format.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { citing, skippedDays, stepSentences, type Cited } from '../guide/service.ts'
import { findCoverage, listEndedPeriods } from './repository.ts'
import { RuleParams } from './schema.ts'
import { ACCOUNTABLE, quarterBefore, spreads, type Quarter } from './service.ts'

interface Stage { clock: Clock, href: string, target: string, kind: string, basis: string, who: string, figure: string | null }
interface Example { steps: string[], skipped: Array<{ on: string, reason: string }> }

declare module '../../views.ts' {
  interface Views {
    'catalogue/standard/show': Frame & { stages: Stage[], quarter: Quarter, least: number, remedies: Array<{ label: string, href: string }> }
    'catalogue/standard/rule': Frame & { length: string, kind: string, basis: string | null, cited: Cited[], who: string | null, note: string | null, example: Example, today: string, coverage: { from: string, to: string } | null, reckon: boolean }
  }
}

/** What the bureau promises and what it keeps; every period with its basis and how it is counted. */
export async function standard (app: App): Promise<void> {
  app.get(ROUTES.serviceStandard, { config: { permission: 'public' } }, async (request, reply) => {
    const { rules, calendar } = await loadReckoner(app.db)
    const quarter = quarterBefore(localDate(app.now()))
    const found = spreads(await listEndedPeriods(app.db, quarter.from, quarter.to), calendar)
    return await reply.page('catalogue/standard/show', {
      title: request.t('standard.title'),
      description: request.t('standard.lead'),
      breadcrumbs: [{ text: request.t('guide.trail'), href: request.path('guide') }, { text: request.t('standard.title') }],
      stages: CLOCKS.flatMap(clock => {
        const rule = rules.get(clock)
        return rule === undefined ? [] : [stageOf(request, rule, found.get(clock))]
      }),
      quarter,
      least: LEAST_CASES,
      remedies: Object.keys(REMEDY_RULES).map(rule => ({ label: request.t(`remedy_rule.${rule}`), href: request.path('dueDateRule', [rule]) }))
    })
  })

  app.get(ROUTES.dueDateRule, { schema: { params: RuleParams }, config: { permission: 'public' } }, async (request, reply) => {
    const { rule } = request.params
    const { rules, calendar } = await loadReckoner(app.db)
    const known = rules.get(rule as Clock)
    const view = isRemedy(rule) ? await remedyView(app, request, rule, calendar) : known === undefined ? null : clockView(request, known, calendar, app.now())
    if (view === null) throw new AppError('not_found', { rule })
    return await reply.page('catalogue/standard/rule', { ...view, today: localDate(app.now()), coverage: await findCoverage(app.db) })
  })
}

function isRemedy (rule: string): rule is RemedyName {
  return Object.hasOwn(REMEDY_RULES, rule)
}

function stageOf (request: FastifyRequest, rule: ClockRule, spread: { cases: number, median: number, ninth: number } | undefined): Stage {
  const number = (value: number): string => formatNumber(request.locale, value)
  return {
    clock: rule.clock,
    href: request.path('dueDateRule', [rule.clock]),
    target: lengthOf(request, rule.days, rule.dayType),
    kind: request.t(`basis_kind.${rule.kind}`),
    basis: request.locale === 'en' ? rule.basisEn : rule.basis,
    who: request.t(`standard.who_${ACCOUNTABLE[rule.clock]}`),
    figure: spread === undefined ? null : request.t(`standard.figure_${rule.dayType}`, { cases: number(spread.cases), median: number(spread.median), ninth: number(spread.ninth) })
  }
}

function lengthOf (request: FastifyRequest, count: number, unit: string): string {
  return request.t(`period.${unit}`, { count: formatNumber(request.locale, count) })
}

type RuleView = Omit<Frame, 'title'> & { title: string, length: string, kind: string, basis: string | null, cited: Cited[], who: string | null, note: string | null, example: Example, reckon: boolean }

function clockView (request: FastifyRequest, rule: ClockRule, calendar: Calendar, now: string): RuleView {
  return {
    ...frameOf(request, request.t(`clock.${rule.clock}`)),
    length: lengthOf(request, rule.days, rule.dayType),
    kind: request.t(`basis_kind.${rule.kind}`),
    basis: request.locale === 'en' ? rule.basisEn : rule.basis,
    cited: [],
    who: request.t(`standard.who_${ACCOUNTABLE[rule.clock]}`),
    note: request.t(`clock_note.${rule.clock}`),
    example: exampleOf(request, explain(now, rule, calendar)),
    reckon: false
  }
}

async function remedyView (app: App, request: FastifyRequest, rule: RemedyName, calendar: Calendar): Promise<RuleView> {
  const { count, unit, basis }: RemedyRule = REMEDY_RULES[rule]
  return {
    ...frameOf(request, request.t(`remedy_rule.${rule}`)),
    length: lengthOf(request, count, unit),
    kind: request.t('basis_kind.law'),
    basis: null,
    cited: basis.map(await citing(app.db, request)),
    who: null,
    note: request.t(`remedy_note.${rule}`),
    example: exampleOf(request, remedyDue(rule, localDate(app.now()), calendar).steps),
    reckon: true
  }
}

function frameOf (request: FastifyRequest, name: string): { title: string, breadcrumbs: NonNullable<Frame['breadcrumbs']> } {
  return { title: request.t('standard.rule_title', { name }), breadcrumbs: [{ text: request.t('guide.trail'), href: request.path('guide') }, { text: request.t('standard.title'), href: request.path('serviceStandard') }, { text: name }] }
}

function exampleOf (request: FastifyRequest, steps: readonly RemedyStep[]): Example {
  return { steps: stepSentences(request, steps), skipped: skippedDays(request, steps) }
}
