import type { Db } from '../../db/schema.ts'
import type { Answers, FieldFaults, Target } from '../core/types.ts'
import { issuesIn, readElsewhere, readWant, readWhat, readWhen, readYou, textOf, tooLong, type Reading } from './fields.ts'
import { agenciesNamed } from './agencies.ts'
import { decisionNumbered, labelsOf, mattersNamed, officerNumbered, recordAgency, type Candidate, type Labels } from './repository.ts'
import { ANSWERED, type AnsweredStep, type StepForm, type StepName } from './schema.ts'

export { exampleDate, issuesIn, textOf } from './fields.ts'

/** The value of the radio "none of these, keep my words". */
export const OWN_WORDS = '0'

export interface Choices { agency?: Candidate[], matter?: Candidate[] }
export interface StepReading extends Reading { choices?: Choices }

/** The first page without saved answers; `evidence` when all are answered. */
export function firstOpen (answers: Answers): StepName {
  return ANSWERED.find(step => answers.steps?.includes(step) !== true) ?? 'evidence'
}

/** Whether a page may be shown: every page before it has been answered. */
export function mayOpen (step: StepName, answers: Answers): boolean {
  const open = firstOpen(answers)
  const at = ANSWERED.indexOf(step as AnsweredStep)
  return open === 'evidence' || (at >= 0 && at <= ANSWERED.indexOf(open as AnsweredStep))
}

/** Reads one page's form. `today` is the date in China. */
export async function readStep (db: Db, step: AnsweredStep, form: StepForm, kept: Answers, today: string): Promise<StepReading> {
  switch (step) {
    case 'target': return await readTarget(db, form, kept.target ?? {})
    case 'what': return readWhat(form)
    case 'when-where': return readWhen(form, today)
    case 'elsewhere': return readElsewhere(form, today)
    case 'want': return readWant(form)
    case 'you': return readYou(form)
  }
}

/** Puts a page's answers in place of its earlier ones. Leaving the confidential or named mode takes the identity along. */
export function withAnswers (kept: Answers, step: AnsweredStep, answers: Answers): Answers {
  const { identity, ...rest } = kept
  const base = step === 'you' || identity === undefined ? rest : { ...rest, identity }
  return { ...base, ...answers, steps: [...new Set([...kept.steps ?? [], step])] }
}

async function readTarget (db: Db, form: StepForm, kept: Target): Promise<StepReading> {
  const labels = await labelsOf(db, kept)
  const faults: FieldFaults = tooLong(form, ['agency', 'officer', 'matter', 'decision'], field => `target.error.${field}`)
  if (Object.keys(faults).length > 0) return { answers: {}, faults }
  const target: Target = kept.prohibitionNo === undefined ? {} : { prohibitionNo: kept.prohibitionNo }
  const choices: Choices = {}
  const asked: Asked = { form, kept, labels, target, choices }
  await resolveAgency(db, asked)
  await resolveMatter(db, asked)
  await resolveNumbered(db, asked)
  const nothing = ['agency', 'officer', 'matter', 'decision'].every(field => textOf(form, field) === '')
  const unsure = textOf(form, 'unsure') !== ''
  if (nothing && !unsure) faults['agency'] = { key: 'target.error.nothing' }
  if (!nothing && unsure) faults['unsure'] = { key: 'target.error.unsure' }
  // Asked the first time; only who leaves the question open is told so.
  for (const field of Object.keys(choices)) if (textOf(form, `${field}_asked`) === textOf(form, field)) faults[`${field}_choice`] = { key: `target.error.${field}_choice` }
  if (unsure) target.notSure = ['agency', 'officer', 'matter', 'decision']
  else if (target.agencyId === undefined && target.agencyText === undefined) await agencyOfRecord(db, target)
  return { answers: { target }, faults, ...Object.keys(choices).length === 0 ? {} : { choices } }
}

/** What one form says about the target, what was known of it, and what comes out. */
interface Asked { form: StepForm, kept: Target, labels: Labels, target: Target, choices: Choices }

async function resolveAgency (db: Db, { form, kept, labels, target, choices }: Asked): Promise<void> {
  const text = textOf(form, 'agency')
  if (text === '') return
  if (kept.agencyId !== undefined && labels.agency === text) { target.agencyId = kept.agencyId; return }
  const candidates = await agenciesNamed(db, text)
  const found = settle(candidates, text, form, 'agency_choice', kept.agencyText === text)
  if (found === 'ask') choices.agency = candidates
  else if (found === null) target.agencyText = text
  else target.agencyId = found
}

async function resolveMatter (db: Db, { form, kept, labels, target, choices }: Asked): Promise<void> {
  const text = textOf(form, 'matter')
  if (text === '') return
  if (kept.matterId !== undefined && labels.matter === text) { target.matterId = kept.matterId; return }
  const candidates = await mattersNamed(db, text, target.agencyId)
  const found = settle(candidates, text, form, 'matter_choice', kept.matterText === text)
  if (found === 'ask') choices.matter = candidates
  else if (found === null) target.matterText = text
  else target.matterId = found
}

/** Which record a text means: its id, null for none, or 'ask' when the visitor has to say. Words that were kept once are not asked about again. */
function settle (candidates: Candidate[], text: string, form: StepForm, choice: string, keptWords: boolean): number | null | 'ask' {
  const chosen = textOf(form, choice)
  const [only] = candidates
  if (only === undefined || chosen === OWN_WORDS) return null
  const picked = candidates.find(candidate => String(candidate.id) === chosen)
  if (picked !== undefined) return picked.id
  if (candidates.length === 1 && only.name === text) return only.id
  return keptWords ? null : 'ask'
}

async function resolveNumbered (db: Db, { form, kept, labels, target }: Asked): Promise<void> {
  const [officer, decision] = [textOf(form, 'officer'), textOf(form, 'decision')]
  if (officer !== '') {
    const id = kept.officerId !== undefined && labels.officer === officer ? kept.officerId : (await officerNumbered(db, officer))?.id
    if (id === undefined) target.officerText = officer
    else target.officerId = id
  }
  if (decision !== '') {
    const id = kept.decisionId !== undefined && labels.decision === decision ? kept.decisionId : (await decisionNumbered(db, decision))?.id
    if (id === undefined) target.decisionText = decision
    else target.decisionId = id
  }
}

/** Nobody needs to name the agency when an officer, a decision or a matter on record already does. */
async function agencyOfRecord (db: Db, target: Target): Promise<void> {
  const agencyId = await recordAgency(db, target)
  if (agencyId !== undefined) target.agencyId = agencyId
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
export function formOf ({ target = {}, issues = [], when = {}, place, parallel, claim, mode, identity }: Answers, labels: Labels): StepForm {
  const fields = {
    agency: target.agencyText ?? labels.agency,
    officer: target.officerText ?? labels.officer,
    matter: target.matterText ?? labels.matter,
    decision: target.decisionText ?? labels.decision,
    unsure: target.notSure === undefined ? undefined : '1',
    ...dateFields('date', when.date),
    about: when.about,
    time: when.time,
    place,
    kind: parallel?.kind,
    stage: parallel?.stage,
    body: parallel?.body,
    ...dateFields('decision_on', parallel?.decisionOn),
    claim,
    mode,
    ...identity
  }
  return { ...issueFields(issues), ...Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => typeof field[1] === 'string')) }
}

function dateFields (name: string, date: string | undefined): Record<string, string> {
  if (date === undefined) return {}
  return { [`${name}_year`]: date.slice(0, 4), [`${name}_month`]: String(Number(date.slice(5, 7))), [`${name}_day`]: String(Number(date.slice(8))) }
}
