import Type, { type Static } from 'typebox'
import { RATINGS, type RatingMoment } from '../../../domain/aftermath/follow-up.ts'

/** What a complainant may ask for or say on pages of their own; words at `request.<kind>.<what>`. */
export const REQUEST_KINDS = ['withdrawal', 'insisting', 'rectification', 'review', 'recusal', 'retaliation', 'rating'] as const
export type RequestKind = (typeof REQUEST_KINDS)[number]

/** Whether a word names one of them. */
export function isRequestKind (word: string): word is RequestKind {
  return (REQUEST_KINDS as readonly string[]).includes(word)
}

const Text = Type.Optional(Type.String({ maxLength: 20_000 }))
const Word = Type.Optional(Type.String({ maxLength: 40 }))

export const RequestParams = Type.Object({ ref: Type.String({ maxLength: 30 }), kind: Type.String({ maxLength: 30 }) }) // which it is, is asked after whose it is
/** All fields of all these forms; which of them a form has, and which it demands, stands with the form. */
export const RequestForm = Type.Object({
  sure: Word,
  pressure: Word,
  pressed: Text,
  reason: Text,
  answer: Word,
  issue: Word,
  who: Text,
  words: Text,
  moment: Type.Optional(Type.Enum(Object.keys(RATINGS) as RatingMoment[])),
  clarity: Word,
  fairness: Word,
  speed: Word
})
export type RequestForm = Static<typeof RequestForm>

/** What was typed, without the form's token and its confirmation: it is repeated on the page that asks once more. */
export function typedIn (form: RequestForm): RequestForm {
  return Object.fromEntries(Object.entries(form).filter(([name]) => name !== 'sure' && Object.hasOwn(RequestForm.properties, name)))
}
