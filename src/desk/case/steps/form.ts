import type { FastifyRequest } from 'fastify'
import { STEP_FIELD_LIMIT } from '../../../complaints/case/core/service.ts'
import type { Case } from '../../../complaints/case/reading/service.ts'
import { SUSPENSIONS } from '../../../domain/supervision/suspensions.ts'
import { PATHS, REFUSALS, type Demand, type Refusal } from '../../../domain/process/refusals.ts'
import { RECORDED_CHANNELS } from '../../../domain/process/sources.ts'
import { REVIEW_OUTCOMES } from '../../../domain/aftermath/review.ts'
import { choices, ROWS, type Action, type StepField, type Transition } from '../../../domain/process/workflow.ts'
import type { Role } from '../../../domain/process/permissions.ts'
import { AppError } from '../../../errors.ts'
import { formatDate } from '../../../i18n/format.ts'
import { hasWord } from '../../../i18n/index.ts'
import { timelineOf, type Item } from '../casework/present.ts'

export interface Option { value: string, label: string, hint?: string, disabled?: boolean }
/** A field of a step: a choice with its options, or a line of text. */
export interface Field { name: StepField, label: string, hint: string, options: Option[] | null, limit: number }

/** A district bureau that a case may be handed to. */
export interface District { id: number, name: string }

/** The row of an action, whoever may take it; unknown ones are refused like impossible ones. */
export function rowOf (action: string): Transition {
  const row = ROWS.find(row => row.action === action && row.from.length > 0)
  if (row === undefined) throw new AppError('transition_refused', { action, failing: [] })
  return row
}

/** What stands against a step now, in words: not listed from here for this role, or failing guards; empty when it may be taken. */
export function againstOf (request: FastifyRequest, complaint: Case, action: Action, role: Role): string[] {
  const choice = choices(complaint.status, role, complaint.facts).find(choice => choice.action === action)
  if (choice === undefined) return [request.t('error_help.transition_refused')]
  return choice.failing.map(guard => request.t(`guard.${guard}`))
}

/** Exactly the fields that the row asks for; what only some reasons for refusing demand says which. */
export function fieldsOf (request: FastifyRequest, complaint: Case, row: Transition, districts: District[]): Field[] {
  const refusing = row.fields?.includes('refusal') === true
  return (row.fields ?? []).map(name => ({ name, label: request.t(`step_field.${name}`), hint: refusing ? demandedBy(request, name) : '', options: name === 'bureau' ? districts.map(({ id, name }) => ({ value: String(id), label: name })) : optionsOf(request, complaint, name), limit: STEP_FIELD_LIMIT }))
}

function optionsOf (request: FastifyRequest, complaint: Case, name: StepField): Option[] | null {
  if (name === 'path') return PATHS.map(path => ({ value: path, label: request.t(`path.${path}`) }))
  if (name === 'review_outcome') return REVIEW_OUTCOMES.map(outcome => ({ value: outcome, label: request.t(`review_outcome.${outcome}`) }))
  if (name === 'channel') return RECORDED_CHANNELS.map(code => ({ value: code, label: request.t(`source.${code}`) }))
  if (name === 'suspension') return SUSPENSIONS.map(code => ({ value: code, label: request.t(`suspension.${code}`) }))
  if (name !== 'refusal') return null
  return Object.entries<Refusal>(REFUSALS).map(([code, { basis, demands }]) => {
    const label = request.t('step.refusal', { code, word: request.t(`refusal.${code}`) })
    const barred = demands.find(demand => IMPOSSIBLE[demand]?.(complaint) === true)
    if (barred !== undefined) return { value: code, label, hint: request.t(`demand.${barred}`), disabled: true }
    const cited = basis !== undefined && request.locale === 'zh-CN' // a citation is Chinese, and a hint is in one language
    const help = request.t(`refusal_help.${code}`)
    return { value: code, label, hint: cited ? request.t('step.help', { help, basis }) : help }
  })
}

/** What no clerk can make true of this complaint: a reason that demands it stands barred. */
const IMPOSSIBLE: Partial<Record<Demand, (complaint: Case) => boolean>> = {
  anonymous: ({ mode }) => mode !== 'anonymous',
  supplement_lapsed: ({ status }) => status !== 'needs_info'
}

function demandedBy (request: FastifyRequest, name: StepField): string {
  const codes = Object.entries<Refusal>(REFUSALS).filter(([, refusal]) => refusal.demands.includes(name as Demand)).map(([code]) => code)
  return codes.length === 0 ? '' : request.t('step.demanded', { codes: codes.join(request.t('ui.between')) })
}

/** What the step brings about besides the new status: its document, its clocks with the days on which they end, what the complainant reads. */
export function effectsOf (request: FastifyRequest, complaint: Case, { to, document, clock, audience }: Transition, dues: Array<{ clock: string, on: string }>): string[] {
  const names = (clocks: readonly string[] | undefined): string => (clocks ?? []).map(name => request.t(`clock.${name}`)).join(request.t('ui.between'))
  const running = complaint.clocks.filter(({ stoppedOn }) => stoppedOn === null).map(({ clock }) => clock) // what does not run does not stop
  const turned = (['stop', 'pause', 'resume'] as const).flatMap(turn => {
    const turning = clock?.[turn]?.filter(name => running.includes(name)) ?? []
    return turning.length === 0 ? [] : [request.t(`step_clock.${turn}`, { clocks: names(turning) })]
  })
  return [
    request.t('step.becomes', { status: request.t(`status.${to}`) }),
    ...document === undefined ? [] : [request.t('step.document', { document: request.t(`document.${document}`) })],
    ...turned,
    ...clock?.start === undefined ? [] : [request.t('step_clock.start', { clocks: names(clock.start) })],
    ...dues.map(due => request.t('step_due.from_today', { clock: request.t(`clock.${due.clock}`), date: formatDate(request.locale, due.on) })),
    request.t(`step_audience.${audience}`)
  ]
}

/** What happened since the page with the form was opened: everything after the event that was the last on it. */
export function changesSince (request: FastifyRequest, complaint: Case, seen: number | undefined): Item[] {
  if (seen === undefined) return []
  return timelineOf(request, { ...complaint, events: complaint.events.filter(event => event.seq > seen), messages: [], notes: [] })
}

/** What the box of a step asks for, and what is not to be written there. */
export function textOf (request: FastifyRequest, action: string): { label: string, hint: string } {
  const [label, hint] = [`step_text.${action}`, `step_hint.${action}`]
  return { label: request.t(hasWord(request.locale, label) ? label : 'step.text'), hint: hasWord(request.locale, hint) ? request.t(hint) : '' }
}
