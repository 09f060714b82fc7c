import type { Db } from '../../../db/schema.ts'
import type { Answers } from '../../case/core/types.ts'
import { issuesIn, readEffect, readElsewhere, readWhat, readWhen } from './fields.ts'
import { memberLines, readYou } from './person.ts'
import { readRule, readTarget, type StepReading } from './records.ts'
import type { Labels } from '../naming/repository.ts'
import { ANSWERED, STEPS, type AnsweredStep, type StepForm, type StepName } from './schema.ts'

export { exampleDate, issuesIn, textOf } from './fields.ts'
export { OWN_WORDS, type Choices } from './records.ts'
export { LEAST_TEXT, LIMITS } from './schema.ts'

/** The first page that was not saved; `check` when all are. */
export function firstOpen (answers: Answers): StepName {
  return ANSWERED.find(step => answers.steps?.includes(step) !== true) ?? 'check'
}

/** Whether a page may be shown: every page before it has been saved. */
export function mayOpen (step: StepName, answers: Answers): boolean {
  return STEPS.indexOf(step) <= STEPS.indexOf(firstOpen(answers))
}

/** Reads one page's form. `today` is the date in China. */
export async function readStep (db: Db, step: AnsweredStep, form: StepForm, kept: Answers, today: string): Promise<StepReading> {
  switch (step) {
    case 'target': return await readTarget(db, form, kept)
    case 'what': return readWhat(form)
    case 'when-where': return readWhen(form, today, (kept.issues ?? []).map(({ ground }) => ground))
    case 'rule': return await readRule(db, form, kept)
    case 'effect': return readEffect(form)
    case 'elsewhere': return readElsewhere(form, today)
    case 'evidence': return { answers: {}, faults: {} } // files are kept as they come
    case 'you': return readYou(form)
  }
}

/** Puts a page's answers in place of its earlier ones. Leaving the confidential or named mode takes the identity along. */
export function withAnswers (kept: Answers, step: AnsweredStep, answers: Answers): Answers {
  const { identity: _identity, group: _group, ...rest } = kept
  const base = step === 'you' ? rest : kept
  return { ...base, ...answers, steps: [...new Set([...kept.steps ?? [], step])] }
}

/** The form without one of its issues; the others move up. The last one stays, blank. */
export function dropIssue (form: StepForm, no: number): StepForm {
  const issues = issuesIn(form).filter((_, at) => at + 1 !== no)
  const rest = Object.fromEntries(Object.entries(form).filter(([name]) => !/^(ground|text)_\d+$/.test(name)))
  return { ...rest, ...issueFields(issues) }
}

function issueFields (issues: Array<{ ground: string, text: string }>): StepForm {
  const fields = issues.flatMap(({ ground, text }, at) => [[`ground_${at + 1}`, ground], [`text_${at + 1}`, text]])
  return { count: String(Math.max(1, issues.length)), ...Object.fromEntries(fields) as StepForm }
}

/** Saved answers as the fields of their pages. */
export function formOf (answers: Answers, labels: Labels): StepForm {
  const { kind, urgent, issues = [], when = {}, place, effect, claim } = answers
  const fields = {
    complaint_kind: kind,
    urgent: urgent === true ? '1' : undefined,
    ...recordFields(answers, labels),
    ...dateFields('date', when.date),
    about: when.about,
    time: when.time,
    place,
    cost: effect?.cost,
    claim,
    ...elsewhereFields(answers),
    ...personFields(answers),
    ...Object.fromEntries(Object.entries(answers.prompts ?? {}).map(([code, answer]) => [`prompt_${code}`, answer]))
  }
  return { ...issueFields(issues), ...Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => typeof field[1] === 'string')) }
}

function recordFields ({ target = {}, rule = {} }: Answers, labels: Labels): Record<string, string | null | undefined> {
  const officers = [...labels.officers.map(({ label }) => label), target.officerText ?? ''].filter(line => line !== '').join('\n')
  return {
    agency: target.agencyText ?? labels.agency,
    officer: officers === '' ? undefined : officers,
    decision: target.decisionText ?? labels.decision,
    plate: target.plate,
    inspection_code: target.inspectionCode,
    unsure: target.notSure === undefined ? undefined : '1',
    matter: rule.matterText ?? labels.matter,
    prohibition: rule.prohibitionNo === undefined ? undefined : String(rule.prohibitionNo)
  }
}

function elsewhereFields ({ parallel, paper }: Answers): Record<string, string | undefined> {
  return {
    kind: parallel?.kind,
    stage: parallel?.stage,
    body: parallel?.body,
    ...dateFields('decision_on', parallel?.decisionOn),
    act: paper?.act === 'none' ? undefined : paper?.act,
    untold: paper?.untold === true ? '1' : undefined,
    ...dateFields('received_on', paper?.receivedOn)
  }
}

function personFields ({ mode, identity, group, reply }: Answers): Record<string, unknown> {
  return { mode, ...identity, agent_name: identity?.agent?.name, agent_phone: identity?.agent?.phone, members: group === undefined ? undefined : memberLines(group.members), reply }
}

function dateFields (name: string, date: string | undefined): Record<string, string> {
  if (date === undefined) return {}
  return { [`${name}_year`]: date.slice(0, 4), [`${name}_month`]: String(Number(date.slice(5, 7))), [`${name}_day`]: String(Number(date.slice(8))) }
}
