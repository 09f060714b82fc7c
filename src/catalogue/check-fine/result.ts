import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import type { FineRule, Tier } from '../../domain/records/benchmarks.ts'
import { belowStatute, placeOf, rangeInFen, statutoryRules, type Compared, type Verdict } from '../../domain/records/fine-check.ts'
import { readFines } from '../../domain/records/fines.ts'
import { formatDate } from '../../i18n/format.ts'
import type { Frame } from '../../views.ts'
import { amountText, basisLinks, isExcerpt, listText, rangeText, ruleText, tierView, type BasisLink, type TierView } from '../benchmarks/service.ts'
import { exemptionView, type ExemptionView } from '../exemptions/service.ts'
import { citing, type Cited } from '../guide/service.ts'
import { basisViews, type BasisView } from '../matters/content/bases.ts'
import { citedFines } from '../matters/content/fines.ts'
import { listArticles, listBases } from '../matters/repository.ts'
import { amountOf, answerPath, dayOf, type Answers, type Step } from './answers.ts'
import { basesOf, chosenTiers, judgeTiers, weighExemptions, type Situation } from './service.ts'

interface Line { label: string, circumstances: string, range: string, rule: string, place: string }
interface Rule { code: string, list: string, issuer: string, from: string, version: number, href: string, legalText: string | null, excerpt: boolean, basis: BasisLink[], fictional: boolean, newer: { from: string, href: string } | null }

declare module '../../views.ts' {
  interface Views {
    'catalogue/check-fine/result': Frame & {
      verdict: string, fine: string, base: string, on: string, given: boolean, lines: Line[], others: TierView[], mitigated: Cited | null, rule: Rule | null, changes: Array<{ label: string, href: string }>
      exempt: ExemptionView[], partly: Array<ExemptionView & { missing: string[] }>, cites: Record<'range' | 'spared' | 'stands' | 'older', Cited>, complain: string, deadlines: string, about: { code: string, name: string }, clauses: BasisView[], statute: Line[]
    }
  }
}

/** The answer, with everything it rests on, and what can be done. */
export async function showResult (app: App, request: FastifyRequest, reply: FastifyReply, { answers, situation }: { answers: Answers, situation: Situation }): Promise<string> {
  const { matter, benchmark, on } = situation
  const [fine, base] = [amountOf(answers.fine, true).fen ?? 0, amountOf(answers.base, false).fen]
  const tiers = chosenTiers(situation, answers)
  const { verdict, compared } = judgeTiers(tiers, fine, base)
  const weighed = weighExemptions(situation, answers)
  const bases = await listBases(app.db, matter.id)
  const clauses = benchmark === null ? basisViews(request, bases, await listArticles(app.db, bases)) : []
  const cite = await citing(app.db, request)
  const said = fine === 0 ? 'no_fine' : benchmark === null ? 'no_benchmark' : verdict
  return await reply.page('catalogue/check-fine/result', {
    title: request.t('check_fine.result'),
    section: 'matters',
    noindex: true,
    hideSearch: true,
    back: { href: answerPath(request, answers, { step: 'amount' }) },
    verdict: said,
    fine: amountText(request, fine),
    base: baseText(request, tiers, base),
    mitigated: fine > 0 && belowStatute(fine, lawRules(benchmark, clauses), base) ? cite({ law: 'penalty', article: 32 }) : null,
    on,
    given: dayOf(answers, on).given,
    lines: linesOf(request, tiers, fine === 0 ? [] : compared, fine === 0 ? 'no_fine' : verdict),
    others: (benchmark?.state.tiers ?? []).map(tier => tierView(request, tier)),
    rule: benchmark === null ? null : await ruleOf(app, request, benchmark),
    changes: changesOf(request, answers, situation),
    exempt: weighed.filter(one => one.met).map(({ held }) => exemptionView(request, held.state)),
    partly: weighed.filter(one => !one.met).map(({ held, missing }) => ({ ...exemptionView(request, held.state), missing })),
    cites: { range: cite({ law: 'penalty', article: 34 }), spared: cite({ law: 'penalty', article: 33 }), stands: cite({ law: 'penalty', article: 73, paragraph: 1 }), older: cite({ law: 'penalty', article: 37 }) },
    complain: request.path('complain', [], { matter: matter.code, on: dayOf(answers, on).given ? on : undefined }),
    deadlines: request.path('guideDeadlines', [], { act: 'penalty' }),
    about: { code: matter.code, name: matter.name },
    clauses,
    statute: statuteLines(request, clauses, fine, base)
  })
}

/** The base amount, with what it is an amount of where a tier says so. */
function baseText (request: FastifyRequest, tiers: Tier[], base: number | null): string {
  if (base === null) return ''
  const [amount, names] = [amountText(request, base), basesOf(tiers).map(name => request.t(`base_amount.${name}`)).join(request.t('ui.between'))]
  return names === '' ? amount : request.t('check_fine.base_given', { base: names, amount })
}

/** The ranges that the statute lays down: read in the clause that the benchmark quotes, else in the article. */
function lawRules (benchmark: Situation['benchmark'], clauses: BasisView[]): FineRule[] {
  const quoted = benchmark?.state.legal_text ?? null
  return statutoryRules(quoted === null ? citedFines(clauses).map(({ range }) => range) : readFines(quoted))
}

/** The tiers that were compared; where none could be, those that were meant, so that a reader sees what is missing. */
function linesOf (request: FastifyRequest, tiers: Tier[], compared: Array<Compared<Tier>>, verdict: Verdict | 'no_fine'): Line[] {
  if (compared.length > 0) return compared.map(({ rule, range, place }) => ({ label: request.t(`tier.${rule.tier}`), circumstances: rule.circumstances, range: rangeText(request, range), rule: rule.unit === 'times' ? ruleText(request, rule) : '', place: request.t(`fine_place.${place}`) }))
  return tiers.map(tier => ({ label: request.t(`tier.${tier.tier}`), circumstances: tier.circumstances, range: ruleText(request, tier), rule: '', place: request.t(`fine_place.${verdict === 'needs_base' || verdict === 'no_fine' ? verdict : 'unknown'}`) }))
}

async function ruleOf (app: App, request: FastifyRequest, { state, version, newer }: NonNullable<Situation['benchmark']>): Promise<Rule> {
  return {
    code: state.code,
    list: listText(state),
    issuer: state.issuer,
    from: state.effective_from,
    version,
    href: request.path('benchmark', [state.code], { version }),
    legalText: state.legal_text,
    excerpt: isExcerpt(state.legal_text),
    basis: await basisLinks(app, request, state.bases),
    fictional: state.fictional === 1,
    newer: newer === null ? null : { from: formatDate(request.locale, newer.state.effective_from), href: request.path('benchmark', [state.code]) }
  }
}

function changesOf (request: FastifyRequest, answers: Answers, { benchmark, exemptions }: Situation): Array<{ label: string, href: string }> {
  const steps: Step[] = ['day', ...benchmark === null && exemptions.length === 0 ? [] : ['circumstances' as const], 'amount']
  return steps.map(step => ({ label: request.t(`check_fine.change_${step}`), href: answerPath(request, answers, { step }) }))
}

/** Where the fine lies in each range that a program could read in the statute; the case that the statute names is for the reader to judge. */
function statuteLines (request: FastifyRequest, clauses: BasisView[], fine: number, base: number | null): Line[] {
  return statutoryRules(citedFines(clauses).map(({ range }) => range)).map(rule => {
    const range = rangeInFen(rule, base)
    const place = fine === 0 ? 'no_fine' : typeof range !== 'string' ? placeOf(fine, range) : range === 'needs_base' ? 'needs_base' : 'unknown'
    const { when, on, quote } = rule.range
    return { label: '', circumstances: [when, on, quote].filter(part => part !== null).join('：'), range: typeof range === 'string' ? ruleText(request, rule) : rangeText(request, range), rule: '', place: request.t(`fine_place.${place}`) }
  })
}
