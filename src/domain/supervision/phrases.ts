import type { Action } from '../process/workflow.ts'
import { LETTER_FIELDS, type LetterField } from './letters.ts'

/** Steps whose text the complainant reads, and for which a bureau keeps standard wording. */
const WORDED = ['request_supplement', 'refuse', 'guide', 'transfer', 'suspend', 'reply', 'answer_review'] as const satisfies readonly Action[]

/** Where standard wording fits: a part of a letter, or the text of a step. */
export const PHRASE_PLACES = [...LETTER_FIELDS.map(field => `letter_${field}` as const), ...WORDED.map(action => `step_${action}` as const)]
export type PhrasePlace = (typeof PHRASE_PLACES)[number]

/** The place of a part of a letter. */
export const letterPlace = (field: LetterField): PhrasePlace => `letter_${field}`

/** The place of a step's text; null for steps without standard wording. */
export function stepPlace (action: string): PhrasePlace | null {
  return PHRASE_PLACES.find(place => place === `step_${action}`) ?? null
}

/** What the portal fills in, by the name that is written between the brackets. Names are Chinese because what they stand in is. */
export const PHRASE_VARIABLES = { 案号: 'case_no', 投诉编号: 'reference', 被监督单位: 'agency', 提交日期: 'submitted_on', 办理期限: 'due_on', 今天: 'today' } as const
export type PhraseVariable = (typeof PHRASE_VARIABLES)[keyof typeof PHRASE_VARIABLES]
export type PhraseValues = Partial<Record<PhraseVariable, string>>

/** Limits in code points; a phrase is a paragraph, not a letter. */
export const PHRASE_LIMITS = { title: 60, text: 2000, reason: 500 } as const

const BRACKETS = /[｛{]([^｛{｝}]{0,60})[｝}]/g
/** How a blank is shown to who writes a phrase. */
export const PHRASE_BLANK = '填写：……'
/** What whoever uses the phrase fills in by hand: {填写：时间}. */
const BLANK = /^填写[:：]\s*\S/

/** What stands between brackets and is neither known nor a blank; as it was written. */
export function unknownVariables (text: string): string[] {
  return [...text.matchAll(BRACKETS)].filter(([, name = '']) => !Object.hasOwn(PHRASE_VARIABLES, name.trim()) && !BLANK.test(name.trim())).map(([whole]) => whole)
}

/** The text with what is known put in; blanks, and what the case has not got, stay for the writer. */
export function fillPhrase (text: string, values: PhraseValues): string {
  return text.replaceAll(BRACKETS, (whole, name: string) => {
    const variable = (PHRASE_VARIABLES as Readonly<Record<string, PhraseVariable>>)[name.trim()]
    return variable === undefined ? whole : values[variable] ?? whole
  })
}

/** The first thing of a text that a phrase left open; undefined when nothing is. Other brackets are the writer's own. */
export function leftOpen (text: string): string | undefined {
  return [...text.matchAll(BRACKETS)].find(([, name = '']) => Object.hasOwn(PHRASE_VARIABLES, name.trim()) || BLANK.test(name.trim()))?.[0]
}
