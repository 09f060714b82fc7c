import type { Citation } from '../records/laws.ts'
import type { ActKind } from '../time/remedies.ts'

/** What people are asked to find the right body, in this order; a question is left out where `unless` holds. Words at `channel.<question>`. */
export interface Question { name: string, options: readonly string[], unless?: Readonly<Record<string, string>> }

export const QUESTIONS = [
  { name: 'urgent', options: ['no', 'yes'] },
  { name: 'what', options: ['enforcement', 'unlawful', 'consumer', 'service', 'corruption', 'judicial', 'policy', 'information', 'apply'] },
  { name: 'body', options: ['local', 'vertical', 'unsure'] },
  { name: 'decided', options: ['paper', 'on_the_spot', 'none', 'inaction'] },
  { name: 'want', options: ['change', 'conduct', 'damages'], unless: { decided: 'inaction' } },
  { name: 'pending', options: ['no', 'reconsideration', 'litigation', 'reconsidered'], unless: { decided: 'none' } }
] as const satisfies readonly Question[]
export type QuestionName = (typeof QUESTIONS)[number]['name']
export type Answers = Readonly<Partial<Record<QuestionName, string>>>

/**
 * Where a person is sent. `basis` says why; `act` leads to the reckoning of the last day; `here` whether a complaint here is possible beside it:
 * `yes`, `conduct` (about how it was done, not about the dispute itself), or not. Words at `channel_end.<code>`.
 */
export interface Channel { basis: readonly Citation[], act?: ActKind, phones?: readonly string[], here: 'only' | 'yes' | 'conduct' | 'no' }

const GUIDED: Citation = { law: 'supervision', article: 33, paragraph: 3 }

/** Phone numbers here are the country's own, the same in every city. */
export const CHANNELS = {
  emergency: { basis: [], phones: ['110', '119', '120'], here: 'yes' },
  supervise: { basis: [{ law: 'supervision', article: 11, paragraph: 2 }, { law: 'supervision', article: 20, paragraph: 2 }], here: 'only' },
  reconsideration: { basis: [{ law: 'reconsideration', article: 11 }, { law: 'reconsideration', article: 20 }, { law: 'reconsideration', article: 24 }, GUIDED], act: 'penalty', here: 'conduct' },
  reconsideration_first: { basis: [{ law: 'reconsideration', article: 23, paragraph: 1, item: 1 }, { law: 'reconsideration', article: 32 }, GUIDED], act: 'on_the_spot', here: 'conduct' },
  reconsideration_superior: { basis: [{ law: 'reconsideration', article: 27 }, { law: 'reconsideration', article: 20 }, GUIDED], act: 'other', here: 'no' },
  inaction: { basis: [{ law: 'reconsideration', article: 11, item: 11 }, { law: 'reconsideration', article: 23, paragraph: 1, item: 3 }, { law: 'reconsideration_rules', article: 24 }, { law: 'supervision', article: 27 }], act: 'inaction', here: 'yes' },
  court: { basis: [{ law: 'litigation', article: 45 }, { law: 'reconsideration', article: 34 }], act: 'reconsidered', here: 'conduct' },
  pending: { basis: [GUIDED], here: 'conduct' },
  statement: { basis: [{ law: 'penalty', article: 45 }, { law: 'penalty', article: 63 }, { law: 'coercion', article: 18, item: 6 }, { law: 'permit', article: 36 }], act: 'notice', here: 'yes' },
  compensation: { basis: [{ law: 'compensation', article: 4 }, { law: 'compensation', article: 9, paragraph: 2 }, { law: 'compensation', article: 39 }], act: 'damage', here: 'conduct' },
  superior: { basis: [{ law: 'supervision', article: 42, paragraph: 2 }], here: 'yes' },
  report: { basis: [{ law: 'penalty', article: 40 }, { law: 'penalty', article: 54, paragraph: 1 }], here: 'no' },
  consumer: { basis: [], phones: ['12315'], here: 'no' },
  hotline: { basis: [], phones: ['12345'], here: 'no' },
  discipline: { basis: [{ law: 'supervision', article: 33, paragraph: 1 }, { law: 'petition', article: 22, paragraph: 2 }], phones: ['12388'], here: 'conduct' },
  judicial: { basis: [{ law: 'reconsideration_rules', article: 36, item: 1 }, { law: 'petition', article: 31, item: 1 }], phones: ['12348'], here: 'no' },
  petition: { basis: [{ law: 'petition', article: 17 }, { law: 'petition', article: 34 }], act: 'petition', here: 'no' },
  information: { basis: [{ law: 'disclosure', article: 27 }, { law: 'disclosure', article: 33 }], act: 'disclosure', here: 'no' },
  permit: { basis: [{ law: 'permit', article: 30 }, { law: 'permit', article: 32 }], here: 'no' }
} as const satisfies Record<string, Channel>
export type ChannelName = keyof typeof CHANNELS

/** From answers to a result: the first row of which every answer was given. */
export const ENDS: ReadonlyArray<{ when: Answers, end: ChannelName }> = [
  { when: { urgent: 'yes' }, end: 'emergency' },
  { when: { what: 'unlawful' }, end: 'report' },
  { when: { what: 'consumer' }, end: 'consumer' },
  { when: { what: 'service' }, end: 'hotline' },
  { when: { what: 'corruption' }, end: 'discipline' },
  { when: { what: 'judicial' }, end: 'judicial' },
  { when: { what: 'policy' }, end: 'petition' },
  { when: { what: 'information' }, end: 'information' },
  { when: { what: 'apply' }, end: 'permit' },
  { when: { pending: 'reconsideration' }, end: 'pending' },
  { when: { pending: 'litigation' }, end: 'pending' },
  { when: { pending: 'reconsidered' }, end: 'court' },
  { when: { decided: 'none', want: 'change' }, end: 'statement' },
  { when: { decided: 'none', want: 'damages' }, end: 'compensation' },
  { when: { decided: 'none', want: 'conduct', body: 'vertical' }, end: 'superior' },
  { when: { decided: 'none', want: 'conduct' }, end: 'supervise' },
  { when: { decided: 'inaction', pending: 'no' }, end: 'inaction' },
  { when: { want: 'damages', pending: 'no' }, end: 'compensation' },
  { when: { want: 'conduct', pending: 'no', body: 'vertical' }, end: 'superior' },
  { when: { want: 'conduct', pending: 'no' }, end: 'supervise' },
  { when: { want: 'change', pending: 'no', body: 'vertical' }, end: 'reconsideration_superior' },
  { when: { want: 'change', pending: 'no', decided: 'on_the_spot' }, end: 'reconsideration_first' },
  { when: { want: 'change', pending: 'no' }, end: 'reconsideration' }
]

/** Where answers lead: the next question, or the end. `answers` are those that count: given in order, each one of its options. */
export type Place = { answers: Answers } & ({ ask: Question & { name: QuestionName } } | { end: ChannelName })

/** Reads answers as they came, in the order of the questions; what is unknown or out of turn does not count. */
export function placeOf (given: Readonly<Record<string, unknown>>): Place {
  let answers: Answers = {}
  for (const question of QUESTIONS) {
    const end = endOf(answers)
    if (end !== undefined) return { answers, end }
    if (isLeftOut(question, answers)) continue
    const answer = given[question.name]
    if (!question.options.some(option => option === answer)) return { answers, ask: question }
    answers = { ...answers, [question.name]: answer }
  }
  return { answers, end: endOf(answers) ?? 'supervise' } // every path ends in a row, which a test holds
}

function endOf (answers: Answers): ChannelName | undefined {
  return ENDS.find(({ when }) => Object.entries(when).every(([name, answer]) => answers[name as QuestionName] === answer))?.end
}

function isLeftOut (question: Question, answers: Answers): boolean {
  return Object.entries(question.unless ?? {}).some(([name, answer]) => answers[name as QuestionName] === answer)
}
