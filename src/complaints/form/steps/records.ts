import type { Db } from '../../../db/schema.ts'
import type { Answers, FieldFaults, Rule, Target } from '../../case/core/types.ts'
import { agenciesNamed } from '../naming/agencies.ts'
import { textOf, tooLong, type Reading } from './fields.ts'
import { decisionNumbered, labelsOf, mattersNamed, officerNumbered, recordAgency, type Candidate, type Labels } from '../naming/repository.ts'
import type { StepForm } from './schema.ts'

/** The value of the radio "none of these, keep my words". */
export const OWN_WORDS = '0'
/** More officers than that came on no visit; each costs a look-up. */
const OFFICER_LIMIT = 10

export interface Choices { agency?: Candidate[], matter?: Candidate[] }
export interface StepReading extends Reading { choices?: Choices }

const TARGET_FIELDS = ['agency', 'officer', 'decision', 'plate', 'inspection_code'] as const

/** Whom it is about: words that mean a record are tied to it, all others stay as they were typed. */
export async function readTarget (db: Db, form: StepForm, kept: Answers): Promise<StepReading> {
  const labels = await labelsOf(db, kept)
  const faults: FieldFaults = tooLong(form, TARGET_FIELDS, field => `target.error.${field}`)
  if (Object.keys(faults).length > 0) return { answers: {}, faults }
  const choices: Choices = {}
  const target: Target = {
    ...await agencyIn(db, { form, kept, labels, choices }),
    ...await officersIn(db, textOf(form, 'officer'), labels),
    ...await decisionIn(db, textOf(form, 'decision'), kept, labels),
    ...textOf(form, 'plate') === '' ? {} : { plate: textOf(form, 'plate') },
    ...textOf(form, 'inspection_code') === '' ? {} : { inspectionCode: textOf(form, 'inspection_code') }
  }
  const nothing = TARGET_FIELDS.every(field => textOf(form, field) === '')
  const unsure = textOf(form, 'unsure') !== ''
  if (nothing && !unsure) faults['agency'] = { key: 'target.error.nothing' }
  if (!nothing && unsure) faults['unsure'] = { key: 'target.error.unsure' }
  addOpenChoices(faults, form, choices)
  if (unsure) target.notSure = ['agency', 'officer', 'decision']
  else if (target.agencyId === undefined && target.agencyText === undefined) Object.assign(target, await agencyOfRecord(db, { ...kept, target }))
  return { answers: { target }, faults, ...Object.keys(choices).length === 0 ? {} : { choices } }
}

/** Which rule: a matter, a prohibition, a benchmark or an exemption; nothing is an answer too. */
export async function readRule (db: Db, form: StepForm, kept: Answers): Promise<StepReading> {
  const labels = await labelsOf(db, kept)
  const faults: FieldFaults = tooLong(form, ['matter'], () => 'rule.error.matter')
  if (Object.keys(faults).length > 0) return { answers: {}, faults }
  const choices: Choices = {}
  const prohibition = Number(textOf(form, 'prohibition'))
  const { benchmarkId, exemptionId } = kept.rule ?? {}
  const rule: Rule = {
    ...await matterIn(db, { form, kept, labels, choices }),
    ...await isProhibition(db, prohibition) ? { prohibitionNo: prohibition } : {},
    ...benchmarkId === undefined ? {} : { benchmarkId },
    ...exemptionId === undefined ? {} : { exemptionId }
  }
  addOpenChoices(faults, form, choices)
  return { answers: { rule, ...await withAgency(db, kept.target, rule) }, faults, ...Object.keys(choices).length === 0 ? {} : { choices } }
}

/** Asked the first time; only who leaves the question open is told so. */
function addOpenChoices (faults: FieldFaults, form: StepForm, choices: Choices): void {
  for (const field of Object.keys(choices)) if (textOf(form, `${field}_asked`) === textOf(form, field)) faults[`${field}_choice`] = { key: `target.error.${field}_choice` }
}

/** What one form says, what was known, and the questions that come out. */
interface Asked { form: StepForm, kept: Answers, labels: Labels, choices: Choices }

async function agencyIn (db: Db, { form, kept: { target = {} }, labels, choices }: Asked): Promise<Target> {
  const text = textOf(form, 'agency')
  if (text === '') return {}
  if (target.agencyId !== undefined && labels.agency === text) return { agencyId: target.agencyId }
  const candidates = await agenciesNamed(db, text)
  const found = settle(candidates, text, form, 'agency_choice', target.agencyText === text)
  if (found === 'ask') choices.agency = candidates
  return found === 'ask' ? {} : found === null ? { agencyText: text } : { agencyId: found }
}

async function matterIn (db: Db, { form, kept: { target = {}, rule = {} }, labels, choices }: Asked): Promise<Rule> {
  const text = textOf(form, 'matter')
  if (text === '') return {}
  if (rule.matterId !== undefined && labels.matter === text) return { matterId: rule.matterId }
  const candidates = await mattersNamed(db, text, target.agencyId)
  const found = settle(candidates, text, form, 'matter_choice', rule.matterText === text)
  if (found === 'ask') choices.matter = candidates
  return found === 'ask' ? {} : found === null ? { matterText: text } : { matterId: found }
}

/** Which record a text means: its id, null for none, or 'ask' when the visitor has to say. Words that were kept once are not asked about again. */
function settle (candidates: Candidate[], text: string, form: StepForm, choice: string, keptWords: boolean): number | null | 'ask' {
  const chosen = textOf(form, choice)
  const [only] = candidates
  if (only === undefined) return null
  if (candidates.length === 1 && only.name === text) return only.id
  if (chosen === OWN_WORDS) return null
  const picked = candidates.find(candidate => String(candidate.id) === chosen)
  if (picked !== undefined) return picked.id
  return keptWords ? null : 'ask'
}

/** One officer a line: by number, or described. A line that says more than the number is kept too. */
async function officersIn (db: Db, text: string, labels: Labels): Promise<Target> {
  const ids = new Set<number>()
  const described: string[] = []
  for (const line of text.split('\n').map(line => line.trim()).filter(line => line !== '')) {
    const found = ids.size < OFFICER_LIMIT ? await officerIn(db, line, labels) : undefined
    if (found !== undefined) ids.add(found.id)
    if (found?.whole !== true) described.push(line)
  }
  return { ...ids.size === 0 ? {} : { officerIds: [...ids] }, ...described.length === 0 ? {} : { officerText: described.join('\n') } }
}

/** The officer of a line; `whole`: the line is the number, or name and number as the page showed them. */
async function officerIn (db: Db, line: string, { officers }: Labels): Promise<{ id: number, whole: boolean } | undefined> {
  const known = officers.find(({ label }) => label === line)
  if (known !== undefined) return { id: known.id, whole: true }
  for (const part of new Set([line, ...line.split(/[\s，,、：:]+/)])) {
    const found = await officerNumbered(db, part)
    if (found !== undefined) return { id: found.id, whole: part === line }
  }
  return undefined
}

async function decisionIn (db: Db, text: string, { target = {} }: Answers, labels: Labels): Promise<Target> {
  if (text === '') return {}
  const id = target.decisionId !== undefined && labels.decision === text ? target.decisionId : (await decisionNumbered(db, text))?.id
  return id === undefined ? { decisionText: text } : { decisionId: id }
}

async function isProhibition (db: Db, no: number): Promise<boolean> {
  return Number.isInteger(no) && await db.selectFrom('prohibition').select('no').where('no', '=', no).executeTakeFirst() !== undefined
}

/** Nobody needs to name the agency when an officer, a decision or a matter on record already does. */
async function agencyOfRecord (db: Db, answers: Pick<Answers, 'target' | 'rule'>): Promise<Target> {
  const agencyId = await recordAgency(db, answers)
  return agencyId === undefined ? {} : { agencyId }
}

/** The target once the rule is known: who could not name the agency may have named its matter. */
async function withAgency (db: Db, target: Target = {}, rule: Rule): Promise<{ target?: Target }> {
  if (target.agencyId !== undefined || target.agencyText !== undefined) return {}
  const found = await agencyOfRecord(db, { target, rule })
  return found.agencyId === undefined ? {} : { target: { ...target, ...found } }
}
