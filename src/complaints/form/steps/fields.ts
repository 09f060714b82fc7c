import { addDays, isDate } from '../../../domain/time/calendar.ts'
import { plain } from '../../../domain/records/codes.ts'
import { GROUNDS, type GroundCode } from '../../../domain/process/grounds.ts'
import { PARALLELS, PARALLEL_STAGES, type Parallel, type ParallelStage } from '../../../domain/process/parallel.ts'
import { PAPER_ACTS, type PaperAct } from '../../../domain/time/remedies.ts'
import { promptsFor, PROMPT_ANSWERS } from '../../../domain/process/prompts.ts'
import { COMPLAINT_KINDS, ISSUE_LIMIT, TEXT_LIMIT, type Answers, type FieldFaults, type IssueAnswer, type Paper, type PromptAnswer } from '../../case/core/types.ts'
import { LEAST_TEXT, LIMITS, type StepForm } from './schema.ts'

/** What a page's form says: answers to keep, or faults by field. */
export interface Reading { answers: Answers, faults: FieldFaults }

/** A field as one text, whatever came. */
export function textOf (form: StepForm, name: string): string {
  const value = form[name]
  return (Array.isArray(value) ? value[0] : value) ?? ''
}

/** Characters as people count them: code points. */
const lengthOf = (text: string): number => Array.from(text).length

/** Faults of texts that are too long; `keys` names a field's sentence where it is not `<prefix>.<field>`. */
export function tooLong (form: StepForm, fields: ReadonlyArray<keyof typeof LIMITS>, keyOf: (field: string) => string): FieldFaults {
  const over = fields.filter(field => lengthOf(textOf(form, field)) > LIMITS[field])
  return Object.fromEntries(over.map(field => [field, { key: keyOf(field), values: { limit: LIMITS[field], max: LIMITS[field], count: lengthOf(textOf(form, field)) } }]))
}

/** Only what is filled in: blank optional answers are not kept. */
export function given<T extends object> (values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '' && value !== undefined)) as T
}

/** The texts of up to ten issues as they stand in the form, however many fields it sent. */
export function issuesIn (form: StepForm): Array<{ ground: string, text: string }> {
  const count = Math.min(Math.max(1, Number(textOf(form, 'count')) || 1), ISSUE_LIMIT)
  return Array.from({ length: count }, (_, at) => ({ ground: textOf(form, `ground_${at + 1}`), text: textOf(form, `text_${at + 1}`) }))
}

/** The issues: each with its ground and enough to examine. */
export function readWhat (form: StepForm): Reading {
  const faults: FieldFaults = {}
  for (const [at, { ground, text }] of issuesIn(form).entries()) {
    const no = at + 1
    const values = { no, min: LEAST_TEXT, max: TEXT_LIMIT, count: lengthOf(text) }
    if (!Object.hasOwn(GROUNDS, ground)) faults[`ground_${no}`] = { key: 'what.error.ground', values }
    if (text === '') faults[`text_${no}`] = { key: 'what.error.required', values }
    else if (values.count < LEAST_TEXT) faults[`text_${no}`] = { key: 'what.error.short', values }
    else if (values.count > TEXT_LIMIT) faults[`text_${no}`] = { key: 'what.error.long', values }
  }
  const issues: IssueAnswer[] = issuesIn(form).map(({ ground, text }) => ({ ground: ground as GroundCode, text }))
  const kind = COMPLAINT_KINDS.find(kind => kind === textOf(form, 'complaint_kind')) ?? 'complaint'
  return { answers: { kind, urgent: textOf(form, 'urgent') !== '', issues }, faults }
}

/** A date from its three fields: '' when none is filled, null when it is no date. Full-width digits are fine. */
function dateIn (form: StepForm, name: string): string | null {
  const parts = ['year', 'month', 'day'].map(part => plain(textOf(form, `${name}_${part}`)))
  if (parts.every(part => part === '')) return ''
  const [year = '', month = '', day = ''] = parts
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isDate(date) ? date : null
}

function dateFault (form: StepForm, name: string, prefix: string, today: string): FieldFaults {
  const date = dateIn(form, name)
  const typed = ['year', 'month', 'day'].map(part => textOf(form, `${name}_${part}`) || '?').join('-')
  if (date === null) return { [name]: { key: `${prefix}.error.invalid`, values: { date: typed } } }
  if (date > today) return { [name]: { key: `${prefix}.error.future`, values: { today } } }
  return date !== '' && date < '1949-10-01' ? { [name]: { key: `${prefix}.error.old` } } : {}
}

/** When, where, and what the questions to the chosen grounds bring out. `today` is the date in China. */
export function readWhen (form: StepForm, today: string, grounds: readonly string[]): Reading {
  const date = dateIn(form, 'date')
  const about = textOf(form, 'about')
  const faults = { ...dateFault(form, 'date', 'when', today), ...tooLong(form, ['about', 'time', 'place'], field => `when.error.${field}`) }
  if (date === '' && about === '') faults['date'] = { key: 'when.error.date' }
  return { answers: { when: given({ date: date ?? '', about, time: textOf(form, 'time') }), place: textOf(form, 'place'), prompts: promptsIn(form, grounds) }, faults }
}

function promptsIn (form: StepForm, grounds: readonly string[]): Record<string, PromptAnswer> {
  return Object.fromEntries(promptsFor(grounds).flatMap(code => {
    const answer = PROMPT_ANSWERS.find(answer => answer === textOf(form, `prompt_${code}`))
    return answer === undefined ? [] : [[code, answer]]
  }))
}

/** Yesterday, the example of a date beside its fields. */
export const exampleDate = (today: string): string => addDays(today, -1).replaceAll('-', ' ')

/** Another procedure: which, how far it has come, and where; and the paper from which the time to ask for a remedy runs. */
export function readElsewhere (form: StepForm, today: string): Reading {
  const kind = textOf(form, 'kind') as Parallel
  const stage = textOf(form, 'stage') as ParallelStage
  const { paper, faults: paperFaults } = readPaper(form, today)
  const faults: FieldFaults = { ...kind === 'none' ? {} : { ...dateFault(form, 'decision_on', 'elsewhere', today), ...tooLong(form, ['body'], () => 'elsewhere.error.body') }, ...paperFaults }
  if (!Object.hasOwn(PARALLELS, kind)) faults['kind'] = { key: 'elsewhere.error.kind' }
  else if (kind !== 'none' && !PARALLEL_STAGES.includes(stage)) faults['stage'] = { key: 'elsewhere.error.stage' }
  const parallel = kind === 'none' ? { kind } : { kind, ...given({ stage, body: textOf(form, 'body'), decisionOn: dateIn(form, 'decision_on') ?? '' }) }
  return { answers: { parallel, paper }, faults }
}

/** The paper that was handed over; nothing else counts where there is none. */
function readPaper (form: StepForm, today: string): { paper: Paper, faults: FieldFaults } {
  const act = textOf(form, 'act') as PaperAct
  if (!PAPER_ACTS.includes(act)) return { paper: { act: 'none' }, faults: {} }
  const receivedOn = dateIn(form, 'received_on') ?? ''
  return { paper: { act, ...given({ receivedOn }), ...textOf(form, 'untold') === '' ? {} : { untold: true } }, faults: dateFault(form, 'received_on', 'elsewhere', today) }
}

/** What it cost, and what the complainant asks for; both may be left open. */
export function readEffect (form: StepForm): Reading {
  return { answers: { effect: given({ cost: textOf(form, 'cost') }), claim: textOf(form, 'claim') }, faults: tooLong(form, ['cost', 'claim'], field => `effect.error.${field}`) }
}
