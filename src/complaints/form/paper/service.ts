import { createHash } from 'node:crypto'
import { GROUNDS } from '../../../domain/process/grounds.ts'
import { DEFAULT_IDENTITY_MODE, IDENTITY_MODES } from '../../../domain/process/identity-modes.ts'
import { PARALLELS, PARALLEL_STAGES } from '../../../domain/process/parallel.ts'
import { PAPER_ACTS } from '../../../domain/time/remedies.ts'
import { COMPLAINT_KINDS, REPLY_WAYS } from '../filing/service.ts'
import { STEPS } from '../steps/schema.ts'

/** What a page of the form asks, as key of its words, and either the choices' words and codes or the number of lines. */
export type Asked = readonly [label: string, room: number | readonly [words: string, codes: readonly string[]]]

const MODES = [DEFAULT_IDENTITY_MODE, ...Object.keys(IDENTITY_MODES).filter(mode => mode !== DEFAULT_IDENTITY_MODE)]

/** The pages of the form on paper, in their order; words and choices are those of the form itself. */
export const PAPER_STEPS: Readonly<Record<Exclude<typeof STEPS[number], 'check'>, readonly Asked[]>> = {
  target: [['target.agency', 1], ['target.officer', 2], ['target.decision', 1], ['target.plate', 1], ['target.inspection_code', 1]],
  what: [['what.kind', ['complaint_kind', COMPLAINT_KINDS]], ['what.ground', ['ground', Object.keys(GROUNDS)]], ['what.text', 10]],
  'when-where': [['when.date', 1], ['when.time', 1], ['when.place', 1]],
  rule: [['rule.matter', 1], ['rule.prohibition', 1]],
  effect: [['effect.cost', 3], ['effect.claim', 3]],
  elsewhere: [['elsewhere.kind', ['parallel', Object.keys(PARALLELS)]], ['elsewhere.stage', ['parallel_stage', PARALLEL_STAGES]], ['elsewhere.body', 1], ['elsewhere.act', ['act', PAPER_ACTS]], ['elsewhere.received', 1]],
  evidence: [['step.evidence', 3]],
  you: [['you.mode', ['identity_mode', MODES]], ['you.name', 1], ['you.phone', 1], ['you.email', 1], ['you.address', 1], ['you.org', 1], ['you.uscc', 1], ['you.agent_name', 1], ['you.group', 3], ['you.reply', ['reply_way', REPLY_WAYS]]]
}

/** The version of the paper's fields: it changes with their order, so that a filled-in sheet can be told from a later one. */
export function paperVersion (): string {
  return createHash('sha256').update(JSON.stringify(PAPER_STEPS)).digest('hex').slice(0, 8)
}
