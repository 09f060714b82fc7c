import { sql } from 'kysely'
import type { Db } from '../../../db/schema.ts'
import { localDate } from '../../../domain/time/calendar.ts'

/** The marks by which numbers of one kind of document are told from another's; house style, as the law is silent. */
const MARKS = {
  case: '', receipt: '收', supplement_request: '补', acceptance_notice: '受', refusal_notice: '不', guidance_letter: '引', transfer_letter: '移', reply_letter: '复', review_reply: '查',
  assignment_letter: '交', agency_notice: '询', suspension_notice: '中', extension_notice: '延', urging_letter: '督', opinion_letter: '意', decision_letter: '决', notice_letter: '通',
  advice_letter: '建', talk_notice: '约', circular: '报', officer_advice: '处'
} as const
export type Series = keyof typeof MARKS

/** Whether documents of this type have a number series. */
export function isNumbered (type: string): type is Series {
  return type in MARKS
}

/**
 * The next number such as 沈司执监诉〔2026〕12号, without gaps for each kind and year: it is taken inside the transaction that uses it, the
 * row stays locked until then, and a rollback gives it back. District bureaus that share the city's prefix share its series.
 */
export async function takeNumber (trx: Db, prefix: string, kind: Series, now: string): Promise<string> {
  const head = `${prefix}${MARKS[kind]}`
  const year = Number(localDate(now).slice(0, 4))
  const { last } = await trx.insertInto('number_series').values({ series: head, year, last: 1 })
    .onConflict(conflict => conflict.columns(['series', 'year']).doUpdateSet({ last: sql<number>`number_series.last + 1` }))
    .returning('last').executeTakeFirstOrThrow()
  return `${head}〔${year}〕${last}号`
}
