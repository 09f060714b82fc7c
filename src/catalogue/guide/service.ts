import type { FastifyRequest } from 'fastify'
import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { lawKey } from '../../domain/records/citations.ts'
import { citeChinese, citeEnglish, LAWS, type Citation } from '../../domain/records/laws.ts'
import type { RemedyStep } from '../../domain/time/remedies.ts'
import { rightsOf, type Moment, type Right } from '../../domain/process/rights.ts'
import { formatDate } from '../../i18n/format.ts'
import { listStatutes } from '../law/repository.ts'

/** A place in a statute as it is read; `href` leads to its text where the law library holds it. */
export interface Cited { label: string, href: string | null }
export interface RightView { code: string, when: Moment, basis: Cited[] }

/** A way to write citations in the reader's language, each with a link where the register has that statute with so many articles. */
export async function citing (db: Kysely<Database>, request: FastifyRequest): Promise<(citation: Citation) => Cited> {
  const held = new Map((await listStatutes(db)).map(statute => [statute.law_key, statute]))
  return citation => {
    const statute = held.get(lawKey(LAWS[citation.law].name))
    return {
      label: request.locale === 'en' ? citeEnglish(citation) : citeChinese(citation),
      href: statute === undefined || citation.article > statute.article_count ? null : request.path('article', [statute.slug, citation.article])
    }
  }
}

/** Rights with their articles as links. */
export async function citedRights (db: Kysely<Database>, request: FastifyRequest, rights: readonly Right[]): Promise<RightView[]> {
  const cite = await citing(db, request)
  return rights.map(({ code, when, basis }) => ({ code, when, basis: basis.map(cite) }))
}

/** What the page of a matter says of rights: the main ones of its kind. */
export async function briefRights (db: Kysely<Database>, request: FastifyRequest, category: string): Promise<RightView[]> {
  return await citedRights(db, request, rightsOf(category).filter(right => right.brief === true))
}

/** The arithmetic of a date in sentences, one for each step. */
export function stepSentences (request: FastifyRequest, steps: readonly RemedyStep[]): string[] {
  const day = (date: string): string => formatDate(request.locale, date)
  return steps.map(step => request.t(`due_step.${step.step}`, {
    ...'date' in step ? { date: day(step.date) } : {},
    ...'from' in step ? { from: day(step.from) } : {},
    ...'to' in step ? { to: day(step.to) } : {},
    ...'days' in step ? { days: step.days, count: Array.isArray(step.days) ? step.days.length : step.days } : {},
    ...'dates' in step ? { count: step.dates.length } : {},
    ...'count' in step ? { count: step.count } : {},
    ...'why' in step ? { why: request.t(`pause.${step.why}`) } : {}
  }))
}

/** The days that a count passed over, each with its reason. */
export function skippedDays (request: FastifyRequest, steps: readonly RemedyStep[]): Array<{ on: string, reason: string }> {
  return steps.flatMap(step => step.step === 'skipped' || step.step === 'rolled' ? step.days : [])
    .map(({ date, reason }) => ({ on: date, reason: request.t(`day_reason.${reason}`) }))
}

/** The rest days on which people worked, and which therefore counted. */
export function madeUpDays (steps: readonly RemedyStep[]): string[] {
  return steps.flatMap(step => step.step === 'made_up' ? step.dates : [])
}
