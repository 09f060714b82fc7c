import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { conditionsOf, contradictions } from '../../domain/records/fine-check.ts'
import { addDays, localDate } from '../../domain/time/calendar.ts'
import { byField, type Fault } from '../../forms/field-errors.ts'
import { formatDate } from '../../i18n/format.ts'
import { pageNumber, pagerOf, type Pager } from '../../pager.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { exemptionView, type ExemptionView } from '../exemptions/service.ts'
import { findInList } from '../lists/engine/find.ts'
import { MATTERS, type MatterHit } from '../matters/list.ts'
import { readQuestion } from '../search/engine/query.ts'
import { amountOf, answerPath, carried, dayOf, EARLIEST, readAnswers, type Answers, type Step } from './answers.ts'
import { showResult } from './result.ts'
import { CheckQuery } from './schema.ts'
import { basesOf, chosenTiers, loadSituation, tickedWords, type Situation } from './service.ts'

interface Box { value: string, label: string, checked: boolean }
interface StepFrame extends Frame { step: number, steps: number, carry: Array<{ name: string, value: string }>, faults: Record<string, string>, about: { code: string, name: string } }

declare module '../../views.ts' {
  interface Views {
    'catalogue/check-fine/matter': Frame & { words: string, refused: string | null, hits: Array<{ hit: MatterHit, href: string }>, total: number, from: number, to: number, many: boolean, pager: Pager }
    'catalogue/check-fine/day': StepFrame & { typed: { year: string, month: string, day: string }, example: string, benchmarks: Box[] }
    'catalogue/check-fine/circumstances': StepFrame & { boxes: Box[], tiers: Array<{ value: string, label: string }>, tier: string, exemptions: Array<ExemptionView & { boxes: Box[], asked: string[] }>, list: string, none: boolean }
    'catalogue/check-fine/amount': StepFrame & { fine: string, base: string, askBase: boolean, baseHint: string, bases: string[] }
  }
}

/** "Was my fine in range?": matter, day, circumstances, amount, answer. Every answer stands in the address; nothing is kept. */
export async function checkFine (app: App): Promise<void> {
  app.get(ROUTES.checkFine, { schema: { querystring: CheckQuery }, config: { permission: 'public', cache: 'none', limit: 'search' } }, async (request, reply) => {
    const answers = readAnswers(request.query)
    const { on, fault } = dayOf(answers, localDate(app.now()))
    const situation = answers.matter === '' ? undefined : await loadSituation(app.db, answers, on)
    if (situation === undefined || situation.matter.category !== 'penalty') return await showMatters(app, request, reply, answers, situation?.matter.name)
    return await showStep(app, request, reply, { answers, situation, faulty: fault !== null })
  })
}

interface Asked { answers: Answers, situation: Situation, faulty: boolean }

/** The page that is asked for, or the first before it where something is missing or wrong. */
async function showStep (app: App, request: FastifyRequest, reply: FastifyReply, { answers, situation, faulty }: Asked): Promise<string> {
  const undecided = situation.benchmark === null && situation.benchmarks.length > 0
  if (answers.step === 'day' || faulty || undecided) return await showDay(app, request, reply, { answers, situation })
  const empty = situation.benchmark === null && situation.exemptions.length === 0
  const torn = answers.tier === '' && contradictions(tickedWords(situation, answers)).length > 0
  if ((answers.step === 'circumstances' && !empty) || torn) return await showCircumstances(request, reply, { answers, situation })
  if (answers.step !== 'result' || amountOf(answers.fine, true).fault !== null || amountOf(answers.base, false).fault !== null) return await showAmount(request, reply, { answers, situation })
  return await showResult(app, request, reply, { answers, situation })
}

async function showMatters (app: App, request: FastifyRequest, reply: FastifyReply, { matter }: Answers, name?: string): Promise<string> {
  const { q, page } = request.query as CheckQuery
  const question = readQuestion(typeof q === 'string' ? q : name === undefined ? matter : '')
  const wish = { question, selection: { category: ['penalty'] }, sort: 'relevance', page: pageNumber(typeof page === 'string' ? page : undefined), per: 20 }
  const found = question.text === '' ? null : await findInList(app.db, MATTERS, wish)
  const hits = found === null ? [] : await MATTERS.describe(app.db, found.ids, question.runs) as MatterHit[]
  const first = found === null ? 0 : (found.page - 1) * wish.per
  return await reply.page('catalogue/check-fine/matter', {
    title: request.t('check_fine.title'),
    description: request.t('check_fine.lead'),
    section: 'matters',
    hideSearch: true,
    noindex: question.text !== '',
    words: question.text,
    refused: refusalOf(request, matter, name),
    hits: hits.map(hit => ({ hit, href: request.path('checkFine', [], { matter: hit.code }) })),
    total: found?.total ?? 0,
    from: first + 1,
    to: first + hits.length,
    many: found?.many === true,
    pager: pagerOf(found?.page ?? 1, found?.pages ?? 1, number => request.path('checkFine', [], { q: question.text, page: number === 1 ? undefined : number }))
  })
}

/** Why a matter cannot be compared: there is none of that code, or it is no penalty and brings no fine. */
function refusalOf (request: FastifyRequest, code: string, name: string | undefined): string | null {
  if (code === '') return null
  return name === undefined ? request.t('check_fine.unknown', { code }) : request.t('check_fine.no_penalty', { code, name })
}

interface Placed { answers: Answers, situation: Situation }
interface Form { next: Step, asked: string[], faults: Fault[] }

function frameOf (request: FastifyRequest, { answers, situation: { matter } }: Placed, step: Step, { next, asked, faults }: Form): StepFrame {
  const before = { day: null, circumstances: 'day', amount: 'circumstances' } as Record<string, Step | null>
  return {
    title: request.t(`check_fine.${step}`),
    section: 'matters',
    noindex: true,
    hideSearch: true,
    back: { href: before[step] == null ? request.path('checkFine') : answerPath(request, answers, { step: before[step] as Step }) },
    step: ['day', 'circumstances', 'amount'].indexOf(step) + 2,
    steps: 4,
    carry: carried(answers, next, asked),
    faults: byField(faults),
    about: { code: matter.code, name: matter.name },
    ...faults.length === 0 ? {} : { errors: faults }
  }
}

async function showDay (app: App, request: FastifyRequest, reply: FastifyReply, { answers, situation }: Placed): Promise<string> {
  const today = localDate(app.now())
  const { fault } = dayOf(answers, today)
  const example = formatDate(request.locale, addDays(today, -30))
  const faults = fault === null ? [] : [{ field: 'on', text: request.t(`check_fine.error_${fault}`, { example, earliest: formatDate(request.locale, EARLIEST) }) }]
  const { benchmarks, benchmark } = situation
  if (faults.length === 0 && answers.step !== 'day' && benchmarks.length > 1) faults.push({ field: 'benchmark', text: request.t('check_fine.error_benchmark') })
  if (faults.length > 0) reply.code(422)
  return await reply.page('catalogue/check-fine/day', {
    ...frameOf(request, { answers, situation }, 'day', { next: 'circumstances', asked: ['on_year', 'on_month', 'on_day', 'benchmark'], faults }),
    typed: answers,
    example,
    benchmarks: benchmarks.length < 2 ? [] : benchmarks.map(({ state }) => ({ value: state.code, label: state.violation, checked: state === benchmark?.state }))
  })
}

async function showCircumstances (request: FastifyRequest, reply: FastifyReply, placed: Placed): Promise<string> {
  const { answers, situation } = placed
  const { benchmark } = situation
  const tiers = benchmark?.state.tiers ?? []
  const ticked = tickedWords(situation, answers)
  const torn = answers.step === 'circumstances' ? [] : contradictions(ticked)
  if (torn.length > 0) reply.code(422)
  return await reply.page('catalogue/check-fine/circumstances', {
    ...frameOf(request, placed, 'circumstances', { next: 'amount', asked: ['c', 'x', 'tier'], faults: torn.slice(0, 1).map(([one, other]) => ({ field: 'c', text: request.t('check_fine.error_torn', { one, other }) })) }),
    boxes: conditionsOf(tiers).map((label, at) => ({ value: String(at), label, checked: ticked.has(label) })),
    tiers: [...new Set(tiers.map(tier => tier.tier))].map(tier => ({ value: tier, label: request.t(`tier.${tier}`) })),
    tier: answers.tier,
    exemptions: exemptionBoxes(request, situation, ticked),
    list: benchmark === null ? '' : [benchmark.state.list_name, benchmark.state.list_version].filter(part => part !== null).join(' '),
    none: benchmark === null
  })
}

/** The conditions of the exemptions, but for those that were asked before them in the same words. */
function exemptionBoxes (request: FastifyRequest, { benchmark, exemptions }: Situation, ticked: ReadonlySet<string>): Array<ExemptionView & { boxes: Box[], asked: string[] }> {
  const seen = new Set(conditionsOf(benchmark?.state.tiers ?? []))
  return exemptions.map(({ state }) => {
    const asked = state.conditions.filter(label => seen.has(label))
    const boxes = state.conditions.map((label, at) => ({ value: `${state.code}~${at}`, label, checked: ticked.has(label) })).filter(box => !seen.has(box.label))
    for (const { label } of boxes) seen.add(label)
    return { ...exemptionView(request, state), boxes, asked }
  })
}

async function showAmount (request: FastifyRequest, reply: FastifyReply, placed: Placed): Promise<string> {
  const { answers, situation: { benchmark } } = placed
  const bases = basesOf(chosenTiers(placed.situation, answers))
  const sent = answers.step === 'result'
  const faults = (['fine', 'base'] as const).flatMap(field => {
    const { fault } = amountOf(answers[field], sent && field === 'fine')
    return fault === null ? [] : [{ field, text: request.t(`check_fine.error_${fault}`) }]
  })
  if (faults.length > 0) reply.code(422)
  return await reply.page('catalogue/check-fine/amount', {
    ...frameOf(request, placed, 'amount', { next: 'result', asked: ['fine', 'base'], faults }),
    fine: answers.fine,
    base: answers.base,
    askBase: bases.length > 0 || benchmark === null || answers.base !== '',
    baseHint: request.t(bases.length > 0 ? 'check_fine.base_needed' : 'check_fine.base_hint'),
    bases: bases.map(base => request.t(`base_amount.${base}`))
  })
}
