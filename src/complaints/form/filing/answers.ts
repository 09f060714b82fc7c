import { isDate } from '../../../domain/time/calendar.ts'
import { GROUNDS } from '../../../domain/process/grounds.ts'
import { IDENTITY_MODES } from '../../../domain/process/identity-modes.ts'
import { PARALLELS } from '../../../domain/process/parallel.ts'
import { ISSUE_LIMIT, TEXT_LIMIT, type Answers, type FieldFaults, type Fault, type Identity, type IssueAnswer, type Target, type When } from '../../case/core/types.ts'

/** Answers with all that a submission needs. */
export type Complete = Answers & Required<Pick<Answers, 'target' | 'issues' | 'when' | 'parallel' | 'mode'>>

/** What stands against a submission, by field; empty when the answers are complete. `today` is the date in China. */
export function missingAnswers (answers: Answers, today: string): FieldFaults {
  const checks: Array<[string, Fault | undefined]> = [
    ['target', targetFault(answers.target)],
    ...issueFaults(answers.issues ?? []),
    ['when', whenFault(answers.when, today)],
    ['parallel', choiceFault(PARALLELS, answers.parallel?.kind)],
    ['cost', lengthFault(answers.effect?.cost)],
    ['claim', lengthFault(answers.claim)],
    ['mode', choiceFault(IDENTITY_MODES, answers.mode)],
    ...identityFaults(answers)
  ]
  return Object.fromEntries(checks.filter((check): check is [string, Fault] => check[1] !== undefined))
}

/** Whether nothing stands against a submission. */
export function isComplete (answers: Answers, today: string): answers is Complete {
  return Object.keys(missingAnswers(answers, today)).length === 0
}

const REQUIRED: Fault = { key: 'field.required' }
const filled = (value: unknown): boolean => typeof value === 'string' ? value.trim() !== '' : Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null

/** Something about whom, or the plain answer that it is not known. */
function targetFault (target: Target | undefined): Fault | undefined {
  return target === undefined || !Object.values(target).some(filled) ? REQUIRED : undefined
}

function issueFaults (issues: IssueAnswer[]): Array<[string, Fault | undefined]> {
  if (issues.length === 0) return [['issues', REQUIRED]]
  if (issues.length > ISSUE_LIMIT) return [['issues', { key: 'field.maxItems', values: { limit: ISSUE_LIMIT } }]]
  return issues.flatMap((issue, at): Array<[string, Fault | undefined]> => [
    [`issues.${at}.ground`, choiceFault(GROUNDS, issue.ground)],
    [`issues.${at}.text`, filled(issue.text) ? lengthFault(issue.text) : REQUIRED]
  ])
}

function whenFault (when: When | undefined, today: string): Fault | undefined {
  if (when?.date === undefined) return filled(when?.about) ? undefined : REQUIRED
  if (!isDate(when.date)) return { key: 'field.format' }
  return when.date > today ? { key: 'field.future' } : undefined
}

function choiceFault (table: object, choice: string | undefined): Fault | undefined {
  if (choice === undefined) return REQUIRED
  return Object.hasOwn(table, choice) ? undefined : { key: 'field.enum' }
}

/** Where an identity is kept it has a name and one way to reach the person. */
function identityFaults ({ mode, identity }: Answers): Array<[string, Fault | undefined]> {
  if (mode === undefined || !Object.hasOwn(IDENTITY_MODES, mode) || !IDENTITY_MODES[mode].sealed) return []
  return [
    ['identity.name', filled(identity?.name) ? undefined : REQUIRED],
    ['identity.contact', reachable(identity) ? undefined : { key: 'field.contact' }]
  ]
}

function reachable (identity: Identity | undefined): boolean {
  return filled(identity?.phone) || filled(identity?.email)
}

function lengthFault (text: string | undefined): Fault | undefined {
  return [...text ?? ''].length > TEXT_LIMIT ? { key: 'field.maxLength', values: { limit: TEXT_LIMIT } } : undefined
}
