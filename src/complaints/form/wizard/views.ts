import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { isDate, localDate } from '../../../domain/time/calendar.ts'
import { GROUNDS, groundsOf } from '../../../domain/process/grounds.ts'
import { DEFAULT_IDENTITY_MODE, IDENTITY_MODES } from '../../../domain/process/identity-modes.ts'
import { PARALLELS, PARALLEL_STAGES } from '../../../domain/process/parallel.ts'
import { PAPER_ACTS } from '../../../domain/time/remedies.ts'
import { promptsFor, PROMPT_ANSWERS } from '../../../domain/process/prompts.ts'
import type { Fault } from '../../../forms/field-errors.ts'
import { formatDate } from '../../../i18n/format.ts'
import type { Frame } from '../../../views.ts'
import { COMPLAINT_KINDS, ISSUE_LIMIT, REPLY_WAYS, TEXT_LIMIT, type Answers, type FieldFaults } from '../filing/service.ts'
import { MEMBER_LIMIT } from '../members/service.ts'
import { versionsOf, type VersionShown } from '../naming/service.ts'
import { listProhibitions, suggestedAgencies, suggestedMatters, type Candidate, type Labels } from '../naming/repository.ts'
import { LEAST_TEXT, LIMITS, STEPS, type AnsweredStep, type StepForm, type StepName } from '../steps/schema.ts'
import { remedyClock, type RemedyClock } from '../../case/remedies/service.ts'
import { exampleDate, firstOpen, issuesIn, OWN_WORDS, textOf, type Choices } from '../steps/service.ts'

/** A question and its answer, perhaps with the way to change it. */
export interface Row { key: string, value: string, lang?: string, action?: { href: string, label: string } }
interface Option { value: string, label: string, hint?: string, checked?: boolean }
interface StepPage extends Frame { frame: { no: number, total: number, returning: boolean, saveNo?: string, begun?: boolean, elsewhere?: Row[] }, form: StepForm, faults: Record<string, string> }
interface RulePage { versions: VersionShown[], dated: boolean, matters: string[], prohibitions: Option[], choices: { matter?: Option[] }, origins: Array<{ kind: string, label: string }> }
interface Issue { no: number, ground: string, text: string, groundError: string | undefined, textError: string | undefined }

declare module '../../../views.ts' {
  interface Views {
    'complaints/wizard/target': StepPage & { agencies: string[], choices: { agency?: Option[] }, limits: typeof LIMITS }
    'complaints/wizard/what': StepPage & { issues: Issue[], many: boolean, more: boolean, grounds: Array<Option & { help: string }>, kinds: Option[], limits: { issues: number, least: number, text: number } }
    'complaints/wizard/when-where': StepPage & { example: string, prompts: Array<{ name: string, label: string, value: string, options: Option[] }> }
    'complaints/wizard/rule': StepPage & RulePage
    'complaints/wizard/effect': StepPage & { limits: typeof LIMITS }
    'complaints/wizard/elsewhere': StepPage & { kinds: Option[], stages: Option[], acts: Option[], clock: RemedyClock | null }
    'complaints/wizard/you': StepPage & { modes: Option[], replies: Option[], limits: { members: number } }
  }
}

/** The pages that are shown here; that of the files has its own. */
export type ShownStep = Exclude<AnsweredStep, 'evidence'>

/** What a page shows: the form as it was saved or sent, the answers with what was sent last (`told`), what is wrong with it, and what another tab saved of it (`elsewhere`). */
export interface Shown {
  form: StepForm, labels: Labels, told: Answers, returning: boolean, begun: boolean, saveNo: string, elsewhere?: Row[], choices?: Choices, errors?: Fault[], faults?: Record<string, string>
}

/** Faults in the reader's words; dates in them as the reader writes dates. */
export function worded (request: FastifyRequest, faults: FieldFaults): Fault[] {
  const shown = (value: string | number): string | number => typeof value === 'string' && isDate(value) ? formatDate(request.locale, value) : value
  return Object.entries(faults).map(([field, { key, values }]) => ({
    field, text: request.t(key, Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, shown(value)])))
  }))
}

/** What every page of the form tells its layout: title, way back, place in the row of pages. */
export function stepFrame (request: FastifyRequest, step: StepName, returning: boolean): Frame & Pick<StepPage, 'frame'> {
  const at = STEPS.indexOf(step)
  const before = STEPS[request.entry?.complainant === false && STEPS[at - 1] === 'you' ? at - 2 : at - 1]
  const back = returning ? request.path('complainStep', ['check']) : before === undefined ? request.path('complain') : request.path('complainStep', [before])
  return { title: request.t(`step.${step}`), section: 'complain', noindex: true, hideSearch: true, back: { href: back }, frame: { no: at + 1, total: STEPS.length, returning } }
}

/** The first page that is not answered; a form that begins anew says so, because another tab may have deleted the old one. */
export function openAddress (request: FastifyRequest, answers: Answers): string {
  const open = firstOpen(answers)
  return request.path('complainStep', [open], { begun: open === 'target' ? 1 : undefined })
}

/** Shows a page of the form. */
export async function show (app: App, request: FastifyRequest, reply: FastifyReply, step: ShownStep, shown: Shown): Promise<unknown> {
  const { form, errors, faults = {}, begun, saveNo, elsewhere } = shown
  const { frame, ...rest } = stepFrame(request, step, shown.returning)
  const page: StepPage = { ...rest, frame: { ...frame, begun, saveNo, ...elsewhere === undefined ? {} : { elsewhere } }, form, faults, ...errors === undefined ? {} : { errors } }
  const today = localDate(app.now())
  switch (step) {
    case 'target': return await reply.page('complaints/wizard/target', { ...page, agencies: await suggestedAgencies(app.db), choices: choicesIn(request, shown), limits: LIMITS })
    case 'what': return await reply.page('complaints/wizard/what', { ...page, ...issuesShown(request, shown) })
    case 'when-where': return await reply.page('complaints/wizard/when-where', { ...page, example: exampleDate(today), prompts: promptsShown(request, shown) })
    case 'rule': return await reply.page('complaints/wizard/rule', { ...page, ...await ruleShown(app, request, shown) })
    case 'effect': return await reply.page('complaints/wizard/effect', { ...page, limits: LIMITS })
    case 'elsewhere': return await reply.page('complaints/wizard/elsewhere', {
      ...page, kinds: options(request, 'parallel', Object.keys(PARALLELS)), stages: options(request, 'parallel_stage', PARALLEL_STAGES), acts: options(request, 'act', PAPER_ACTS), clock: await remedyClock(app.db, request, shown.told, today)
    })
    case 'you': return await reply.page('complaints/wizard/you', { ...page, modes: modesShown(request, form), replies: options(request, 'reply_way', REPLY_WAYS), limits: { members: MEMBER_LIMIT } })
  }
}

function options (request: FastifyRequest, words: string, values: readonly string[]): Option[] {
  return values.map(value => ({ value, label: request.t(`${words}.${value}`) }))
}

/** The default mode stands first and is chosen until the visitor chooses. */
function modesShown (request: FastifyRequest, form: StepForm): Option[] {
  const chosen = textOf(form, 'mode') || DEFAULT_IDENTITY_MODE
  return [DEFAULT_IDENTITY_MODE, ...Object.keys(IDENTITY_MODES).filter(mode => mode !== DEFAULT_IDENTITY_MODE).reverse()].map(mode => ({
    value: mode, label: request.t(`identity_mode.${mode}`), hint: request.t(`identity_mode_help.${mode}`), checked: mode === chosen
  }))
}

function choicesIn (request: FastifyRequest, { choices = {}, form }: Shown): { agency?: Option[], matter?: Option[] } {
  const offer = (candidates: Candidate[], field: string): Option[] => [
    ...candidates.map(({ id, name, note }) => ({ value: String(id), label: name, ...note === null ? {} : { hint: note } })),
    { value: OWN_WORDS, label: request.t('target.none_of_these', { text: textOf(form, field) }) }
  ]
  return Object.fromEntries(Object.entries(choices).map(([field, candidates]) => [field, offer(candidates as Candidate[], field)]))
}

/** What the page of the rule offers: the agency's matters, the prohibitions, and the discretion records that the visitor came from. */
async function ruleShown (app: App, request: FastifyRequest, shown: Shown): Promise<RulePage> {
  const { benchmark, exemption } = shown.labels
  return {
    versions: await versionsOf(app.db, request, shown.told),
    dated: shown.told.when?.date !== undefined,
    matters: await suggestedMatters(app.db, shown.told.target?.agencyId),
    prohibitions: (await listProhibitions(app.db)).map(row => ({ value: String(row.no), label: prohibitionLabel(request, row) })),
    choices: choicesIn(request, shown),
    origins: Object.entries({ benchmark, exemption }).flatMap(([kind, label]) => label === null ? [] : [{ kind, label: request.t(`origin.${kind}`, { label }) }])
  }
}

/** How a prohibition is called; one without a verified title by its number. */
export function prohibitionLabel (request: FastifyRequest, prohibition: { no: number, title: string | null, titleEn: string | null }): string {
  const { no } = prohibition
  const title = request.locale === 'en' ? prohibition.titleEn : prohibition.title
  return title === null ? request.t('origin.prohibition_untitled', { no }) : request.t('origin.prohibition', { no, label: title })
}

/** The questions that go with the chosen grounds. */
function promptsShown (request: FastifyRequest, { form, told }: Shown) {
  return promptsFor((told.issues ?? []).map(({ ground }) => ground)).map(code => ({
    name: `prompt_${code}`, label: request.t(`prompt.${code}`), value: textOf(form, `prompt_${code}`), options: options(request, 'prompt_answer', PROMPT_ANSWERS)
  }))
}

/** A visitor who comes from a prohibition finds its ground chosen. */
function issuesShown (request: FastifyRequest, { form, labels, faults = {} }: Shown) {
  const [likely = ''] = labels.prohibition === null ? [] : groundsOf(labels.prohibition.no)
  const issues = issuesIn(form).map(({ ground, text }, at): Issue => ({
    no: at + 1, ground: ground === '' && at === 0 ? likely : ground, text, groundError: faults[`ground_${at + 1}`], textError: faults[`text_${at + 1}`]
  }))
  return {
    issues,
    many: issues.length > 1,
    more: issues.length < ISSUE_LIMIT,
    grounds: Object.keys(GROUNDS).map(code => ({ value: code, label: request.t(`ground.${code}`), help: request.t(`ground_help.${code}`) })),
    kinds: COMPLAINT_KINDS.map(kind => ({ value: kind, label: request.t(`complaint_kind.${kind}`), hint: request.t(`complaint_kind_help.${kind}`) })),
    limits: { issues: ISSUE_LIMIT, least: LEAST_TEXT, text: TEXT_LIMIT }
  }
}
