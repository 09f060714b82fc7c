import { findArticle, findTextArticles, listTexts } from '../../../catalogue/law/repository.ts'
import type { Db } from '../../../db/schema.ts'
import { articleOf, lawKey } from '../../../domain/records/citations.ts'
import { isDate } from '../../../domain/time/calendar.ts'
import { DEMAND_KINDS, LETTER_FIELDS, letterKind, type LetterType } from '../../../domain/supervision/letters.ts'
import type { FieldFaults } from '../core/types.ts'
import type { LetterText, QuotedArticle } from './documents.ts'

export type { LetterDemand, LetterText, QuotedArticle } from './documents.ts'

/** Limits in code points. */
export const LETTER_LIMITS = { addressee: 200, field: 5000, demand: 1000, demands: 10, comment: 2000 } as const
/** What a phrase leaves open: ｛时间｝. */
const OPEN = /[｛{][^｝}]{0,40}[｝}]/
/** A mobile number or an identity number: neither belongs into a letter that an agency reads. */
const PERSONAL = /(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])/

const long = (text: string, limit: number): boolean => [...text].length > limit

/** What is too long or no date, by field of the form; an unfinished letter may be kept. */
export function faultsIn ({ addressee, fields, demands }: LetterText): FieldFaults {
  const faults: FieldFaults = {}
  if (long(addressee, LETTER_LIMITS.addressee)) faults['addressee'] = { key: 'field.maxLength', values: { limit: LETTER_LIMITS.addressee } }
  for (const field of LETTER_FIELDS) if (long(fields[field] ?? '', LETTER_LIMITS.field)) faults[field] = { key: 'field.maxLength', values: { limit: LETTER_LIMITS.field } }
  demands.forEach(({ kind, text, dueOn }, at) => {
    if (!DEMAND_KINDS.includes(kind)) faults[`demand_kind_${at + 1}`] = { key: 'drafting.no_kind', values: { no: at + 1 } }
    if (long(text, LETTER_LIMITS.demand)) faults[`demand_text_${at + 1}`] = { key: 'field.maxLength', values: { limit: LETTER_LIMITS.demand } }
    if (dueOn !== undefined && !isDate(dueOn)) faults[`demand_due_${at + 1}`] = { key: 'drafting.no_date', values: { no: at + 1 } }
  })
  if (demands.length > LETTER_LIMITS.demands) faults['demand_text_1'] = { key: 'drafting.many_demands', values: { limit: LETTER_LIMITS.demands } }
  return faults
}

/** What has to be mended before a letter is handed in: what is missing, left open, in the past, or tells who somebody is. */
export function faultsBeforeApproval (type: LetterType, text: LetterText, today: string): FieldFaults {
  const { needs, demands } = letterKind(type)
  const faults: FieldFaults = {}
  if (text.addressee.trim() === '') faults['addressee'] = { key: 'drafting.no_addressee' }
  for (const field of needs) if ((text.fields[field] ?? '').trim() === '') faults[field] = { key: `drafting.missing_${field}` }
  if (demands && text.demands.length === 0) faults['demand_text_1'] = { key: 'drafting.no_demand' }
  text.demands.forEach(({ text: demand, dueOn }, at) => {
    if (demand.trim() === '') faults[`demand_text_${at + 1}`] = { key: 'drafting.empty_demand', values: { no: at + 1 } }
    if (dueOn !== undefined && dueOn <= today) faults[`demand_due_${at + 1}`] = { key: 'drafting.past_due', values: { no: at + 1 } }
  })
  for (const [field, value] of [['addressee', text.addressee], ...Object.entries(text.fields), ...text.demands.map((demand, at) => [`demand_text_${at + 1}`, demand.text] as const)] as Array<[string, string]>) {
    const open = OPEN.exec(value)
    if (open !== null) faults[field] ??= { key: 'drafting.left_open', values: { what: open[0] } }
    if (PERSONAL.test(value)) faults[field] ??= { key: 'drafting.personal' }
  }
  return { ...faultsIn(text), ...faults }
}

/** The articles that a basis cites, one a line, each as it stood on a day; what the library does not hold is left to the citation. */
export async function quoteArticles (db: Db, basis: string, on: string): Promise<QuotedArticle[]> {
  const quoted: QuotedArticle[] = []
  for (const line of basis.split(/[\n；;]+/).map(line => line.trim()).filter(line => line !== '')) {
    const found = await articleOn(db, line, on)
    if (found !== null) quoted.push(found)
  }
  return quoted
}

async function articleOn (db: Db, cite: string, on: string): Promise<QuotedArticle | null> {
  const name = /《([^》]+)》/.exec(cite)?.[1]
  const no = articleOf(cite)
  if (name === undefined || no === null) return null
  const statute = await db.selectFrom('statute').select(['id', 'name', 'text_date', 'effective_on']).where('law_key', '=', lawKey(name)).executeTakeFirst()
  if (statute === undefined) return null
  const earlier = (await listTexts(db, statute.id)).map(({ text_date: date, effective_on: effective }) => ({ date, effective, latest: false }))
  const texts = [...earlier, { date: statute.text_date, effective: statute.effective_on, latest: true }].filter(text => (text.effective ?? text.date) <= on).sort((a, b) => a.date < b.date ? -1 : 1)
  const text = texts.at(-1)
  if (text === undefined) return null
  const article = text.latest
    ? await findArticle(db, statute.id, no.article, no.sub)
    : (await findTextArticles(db, statute.id, text.date)).find(article => article.article_no === no.article && article.sub_no === no.sub)
  return article === undefined ? null : { cite: `《${statute.name}》${article.label}`, textDate: text.date, body: article.body }
}
