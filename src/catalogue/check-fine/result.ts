import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import type { Tier } from '../../domain/records/benchmarks.ts'
import { placeOf, rangeInFen, statutoryRules, type Compared, type Verdict } from '../../domain/records/fine-check.ts'
import { readFines } from '../../domain/records/fines.ts'
import { lawKey, parseNumeral } from '../../domain/records/citations.ts'
import { formatDate } from '../../i18n/format.ts'
import type { Frame } from '../../views.ts'
import { amountText, basisLinks, listText, rangeText, ruleText, tierView, type BasisLink, type TierView } from '../benchmarks/service.ts'
import { exemptionView, type ExemptionView } from '../exemptions/service.ts'
import { citing, type Cited } from '../guide/service.ts'
import { listArticles, listBases } from '../matters/repository.ts'
import { paragraphsOf } from '../search/engine/snippet.ts'
import { amountOf, answerPath, dayOf, type Answers, type Step } from './answers.ts'
import { basesOf, chosenTiers, judgeTiers, weighExemptions, type Situation } from './service.ts'

interface Line { label: string, circumstances: string, range: string, rule: string, place: string }
interface Clause extends BasisLink { paragraphs: string[] }
interface Rule { code: string, list: string, issuer: string, from: string, version: number, href: string, legalText: string | null, basis: BasisLink[], fictional: boolean, newer: { from: string, href: string } | null }

declare module '../../views.ts' {
  interface Views {
    'catalogue/check-fine/result': Frame & {
      verdict: string, fine: string, base: string, on: string, given: boolean, lines: Line[], others: TierView[], rule: Rule | null, changes: Array<{ label: string, href: string }>
      exempt: ExemptionView[], partly: Array<ExemptionView & { missing: string[] }>, cites: Record<'range' | 'spared' | 'stands' | 'older', Cited>, complain: string, deadlines: string, about: { code: string, name: string }, clauses: Clause[], statute: Line[]
    }
  }
}

/** The answer, with everything it rests on, and what can be done. */
export async function showResult (app: App, request: FastifyRequest, reply: FastifyReply, { answers, situation }: { answers: Answers, situation: Situation }): Promise<string> {
  const { matter, benchmark, on } = situation
  const [fine, base] = [amountOf(answers.fine, true).fen ?? 0, amountOf(answers.base, false).fen]
  const tiers = benchmark === null ? [] : chosenTiers(benchmark, answers)
  const { verdict, compared } = judgeTiers(tiers, fine, base)
  const weighed = weighExemptions(situation, answers)
  const clauses = benchmark === null ? await clausesOf(app, request, matter.id) : []
  const cite = await citing(app.db, request)
  return await reply.page('catalogue/check-fine/result', {
    title: request.t('check_fine.result'),
    section: 'matters',
    noindex: true,
    hideSearch: true,
    back: { href: answerPath(request, answers, { step: 'amount' }) },
    verdict: benchmark === null ? 'no_benchmark' : verdict,
    fine: amountText(request, fine),
    base: base === null ? '' : request.t('check_fine.base_given', { base: basesOf(tiers).map(name => request.t(`base_amount.${name}`)).join(request.t('ui.between')), amount: amountText(request, base) }),
    on,
    given: dayOf(answers, on).given,
    lines: linesOf(request, tiers, compared, verdict),
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

/** The tiers that were compared; where none could be, those that were meant, so that a reader sees what is missing. */
function linesOf (request: FastifyRequest, tiers: Tier[], compared: Array<Compared<Tier>>, verdict: Verdict): Line[] {
  if (compared.length > 0) return compared.map(({ rule, range, place }) => ({ label: request.t(`tier.${rule.tier}`), circumstances: rule.circumstances, range: rangeText(request, range), rule: rule.unit === 'times' ? ruleText(request, rule) : '', place: request.t(`fine_place.${place}`) }))
  return tiers.map(tier => ({ label: request.t(`tier.${tier.tier}`), circumstances: tier.circumstances, range: ruleText(request, tier), rule: '', place: request.t(`fine_place.${verdict === 'needs_base' ? 'needs_base' : 'unknown'}`) }))
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
    basis: await basisLinks(app, request, state.bases),
    fictional: state.fictional === 1,
    newer: newer === null ? null : { from: formatDate(request.locale, newer.state.effective_from), href: request.path('benchmark', [state.code]) }
  }
}

function changesOf (request: FastifyRequest, answers: Answers, { benchmark, exemptions }: Situation): Array<{ label: string, href: string }> {
  const steps: Step[] = ['day', ...benchmark === null && exemptions.length === 0 ? [] : ['circumstances' as const], 'amount']
  return steps.map(step => ({ label: request.t(`check_fine.change_${step}`), href: answerPath(request, answers, { step }) }))
}

/** Without a benchmark the statute alone decides: its clauses as far as the register holds their text. */
async function clausesOf (app: App, request: FastifyRequest, matterId: number): Promise<Clause[]> {
  const bases = await listBases(app.db, matterId)
  const articles = await listArticles(app.db, bases)
  const links = await basisLinks(app, request, bases.map(basis => ({ ...basis, law_key: lawKey(basis.law_name) })))
  return bases.map((basis, at) => {
    const article = articles.find(one => one.statute_id === basis.statute_id && one.article_no === basis.article_no && basis.article?.startsWith(one.label) === true)
    return { ...links[at] as BasisLink, paragraphs: citedParagraphs(basis.article, article?.body ?? basis.quoted_text) }
  })
}

/** The paragraph (款) that a citation names, with the items (项) after it; else the whole article. */
function citedParagraphs (article: string | null, text: string | null): string[] {
  const paragraphs = paragraphsOf(text)
  const no = parseNumeral(/第(.{1,3})款/.exec(article ?? '')?.[1] ?? '') ?? 0
  const starts = paragraphs.flatMap((paragraph, at) => /^[（(][一二三四五六七八九十]{1,3}[）)]/.test(paragraph) ? [] : [at])
  const from = no === 0 ? undefined : starts[no - 1]
  return from === undefined ? paragraphs : paragraphs.slice(from, starts[no] ?? paragraphs.length)
}

/** Where the fine lies in each range that a program could read in the statute; the case that the statute names is for the reader to judge. */
function statuteLines (request: FastifyRequest, clauses: Clause[], fine: number, base: number | null): Line[] {
  const rules = statutoryRules(readFines(clauses.flatMap(clause => clause.paragraphs).join('\n')))
  return rules.map(rule => {
    const range = rangeInFen(rule, base)
    const place = typeof range === 'string' ? range === 'needs_base' ? 'needs_base' : 'unknown' : placeOf(fine, range)
    const { when, on, quote } = rule.range
    return { label: '', circumstances: [when, on, quote].filter(part => part !== null).join('：'), range: typeof range === 'string' ? ruleText(request, rule) : rangeText(request, range), rule: '', place: request.t(`fine_place.${place}`) }
  })
}
