import type { Status } from '../process/workflow.ts'

/** What an agency answers to what was sent to it (被监督单位的答复); words at `agency_answer.<kind>`. */
export const ANSWER_KINDS = ['explanation', 'objection', 'demand'] as const
export type AnswerKind = (typeof ANSWER_KINDS)[number]

/** Name of the place of an answer on pages and in faults: `demand-2`. */
export function answerPlace (kind: AnswerKind, no: number): string {
  return `${kind}-${no}`
}

/** When each may be given. An explanation that comes late is still read; the law sets no form for any of them (本局自定). */
const OPEN: Record<AnswerKind, readonly Status[]> = {
  explanation: ['investigating', 'suspended', 'findings'],
  objection: ['document_issued'],
  demand: ['document_issued']
}

/** Whether an answer may be given while a case stands so: an explanation to the notice, the others to a letter that demands something. */
export function answerable (kind: AnswerKind, type: string, status: Status): boolean {
  return (kind === 'explanation') === (type === 'agency_notice') && OPEN[kind].includes(status)
}

/** What the bureau says of an answer to a demand; words at `verdict.<verdict>`. */
export const VERDICTS = ['verified', 'disputed', 'closed'] as const
export type Verdict = (typeof VERDICTS)[number]

/** Where an item stands for the agency: something is to be done, the bureau looks at it, or it is over; words at `agency_tab.<tab>`. */
export const ITEM_TABS = ['active', 'review', 'archive'] as const
export type ItemTab = (typeof ITEM_TABS)[number]

/** `done`: the notice was explained, or nothing that the letter demands is left. */
export function tabFor (type: string, status: Status, done: boolean): ItemTab {
  if (type === 'agency_notice') return !done && OPEN.explanation.includes(status) ? 'active' : 'archive'
  if (status === 'document_issued') return done ? 'review' : 'active'
  return status === 'objection' || status === 'verifying' ? 'review' : 'archive'
}
