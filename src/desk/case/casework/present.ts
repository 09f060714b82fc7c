import type { FastifyRequest } from 'fastify'
import type { Case, ClockView } from '../../../complaints/case/reading/service.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { WINDOWS, dueState, type DueState } from '../../../domain/time/clocks.ts'
import { choices, type Choice } from '../../../domain/process/workflow.ts'
import type { Role } from '../../../domain/process/permissions.ts'
import { PROMPTS, type PromptCode } from '../../../domain/process/prompts.ts'
import { citeChinese, citeEnglish } from '../../../domain/records/laws.ts'
import { formatDate } from '../../../i18n/format.ts'
import { hasWord } from '../../../i18n/index.ts'
import type { RouteName } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'

/** Public pages of the records that a complaint is tied to; a decision's number leads on to its page. */
const RECORD_PAGES: Readonly<Record<string, RouteName>> = { matter: 'matter', agency: 'agency', officer: 'officer', prohibition: 'prohibition', decision: 'decision', benchmark: 'benchmark', exemption: 'exemption' }

export interface Chip { name: string, state: DueState | 'paused', on: string, href: string }
export interface Item { title: string, at: string, by: string, text: string, lang?: string, byLang?: string, kind?: 'internal' }
/** A step as a button: `href` leads to its form, without one it is taken at once. */
export interface NextStep { action: string, label: string, href: string | null, disabled: boolean, reason: string }

/** Title, place and way back of a page of a case; `part` is what the page does, none on the case itself. */
export function caseFrame (request: FastifyRequest, ref: string, part?: string): Frame {
  const queue = { text: request.t('nav.queue'), href: request.path('queue') }
  if (part === undefined) return { title: request.t('case.title', { ref }), section: 'queue', breadcrumbs: [queue, { text: ref }] }
  return { title: request.t('step.title', { action: part, ref }), section: 'queue', breadcrumbs: [queue, { text: ref, href: request.path('complaint', [ref]) }, { text: part }] }
}

/** The clocks that run or wait, as chips that lead to their arithmetic; a period of the complainant that is over is nobody's lateness. */
export function chipsOf (request: FastifyRequest, complaint: Case, today: string): Chip[] {
  const past = ({ clock, dueOn }: ClockView): boolean => WINDOWS.includes(clock) && (dueOn < today || clock === 'retaliation')
  return complaint.clocks.filter(clock => clock.stoppedOn === null && !past(clock)).map(clock => ({
    name: request.t(`clock.${clock.clock}`),
    state: clock.pausedOn === null ? dueState(clock.dueOn, today, localDate(clock.startedAt)) : 'paused',
    on: clock.dueOn,
    href: request.path('complaintClock', [complaint.ref, clock.clock])
  }))
}

/** What the role may do next, in the order of the table; what stands against a step is said beside it. */
export function stepsOf (request: FastifyRequest, complaint: Case, role: Role): NextStep[] {
  return choices(complaint.status, role, complaint.facts).filter(({ place }) => place === undefined).map(choice => ({
    action: choice.action,
    label: request.t(`action.${choice.action}`),
    href: needsForm(choice) ? request.path('transitions', [complaint.ref], { action: choice.action }) : null,
    disabled: !choice.available,
    reason: choice.failing.map(guard => request.t(`guard.${guard}`)).join(' ')
  }))
}

/** A step that writes, issues or ends something is looked at once more before it is taken. */
function needsForm (choice: Choice): boolean {
  return choice.reason === true || choice.fields !== undefined || choice.document !== undefined || choice.outcome !== undefined
}

/** Everything in one line of time, newest first: steps, messages, notes. What only the bureau sees is marked. */
export function timelineOf (request: FastifyRequest, complaint: Case): Item[] {
  const by = (name: string | null, role: string): string => name === null ? request.t(`role.${role}`) : request.t('case.by', { name, role: request.t(`role.${role}`) })
  const events = complaint.events.map(event => ({
    title: request.t(`event.${event.action}`),
    at: event.at,
    by: by(event.actor, event.role),
    text: wordsOf(request, event),
    ...event.audience === 'internal' ? { kind: 'internal' as const } : {}
  }))
  // What supplies a supplement is kept as a message and as the step: one line is enough.
  const supplied = new Set(complaint.events.filter(event => event.action === 'supply_supplement').map(event => event.at))
  const messages = complaint.messages.filter(message => message.direction === 'out' || !supplied.has(message.at)).map(message => ({
    title: request.t(`case.message_${message.direction}`), at: message.at, by: message.author ?? request.t('role.complainant'), text: message.text
  }))
  const notes = complaint.notes.map(note => ({ title: request.t('case.note_of'), at: note.at, by: note.author, text: note.text, kind: 'internal' as const }))
  return [...events, ...messages, ...notes].reverse().sort((a, b) => a.at < b.at ? 1 : a.at > b.at ? -1 : 0)
    .map(item => ({ ...item, ...isHan(item.text) ? { lang: 'zh-CN' } : {}, ...isHan(item.by) ? { byLang: 'zh-CN' } : {} }))
}

function wordsOf (request: FastifyRequest, { text, fields, details }: Case['events'][number]): string {
  const line = (label: string, value: string): string => request.t('case.line', { label, value })
  const named = (name: string): boolean => name === 'issue' || hasWord(request.locale, `step_field.${name}`) || hasWord(request.locale, `case_detail.${name}`) // numbers of rows are nobody's to read
  const coded = Object.entries(details).filter(([name]) => named(name)).map(([name, value]) => {
    const word = name === 'issue' ? Number(value) === 0 ? request.t('request.issue_all') : request.t('case.issue', { no: value }) : valueOf(request, name, value)
    return name === 'issue' ? word : line(request.t(hasWord(request.locale, `step_field.${name}`) ? `step_field.${name}` : `case_detail.${name}`), word)
  })
  const typed = Object.entries(fields).map(([name, value]) => line(request.t(hasWord(request.locale, `step_field.${name}`) ? `step_field.${name}` : `case_detail.${name}`), value))
  return [...coded, ...typed, ...text === null ? [] : [text]].join('\n')
}

/** A code in words; what is no code, such as a count of files, as it stands. */
function valueOf (request: FastifyRequest, name: string, value: string | number): string {
  const key = `${CODED[name] ?? name}.${value}`
  return hasWord(request.locale, key) ? request.t(key) : String(value)
}

/** Where the words of an event's code stand. */
const CODED: Readonly<Record<string, string>> = { reason: 'reveal_reason', mode: 'identity_mode', proof: 'reissue_proof', flag: 'flag', bundle: 'bundle_form', bulk: 'bulk_mark' }

/** The records a complaint is tied to, each at the version of the day; the agency by its English name where the reader's language has one. */
export function linksOf (request: FastifyRequest, { agency, links }: Case): Array<{ kind: string, name: string, lang: string | null, version: number, href: string | null }> {
  return links.map(link => {
    const page = RECORD_PAGES[link.kind]
    const english = request.locale === 'en' && link.kind === 'agency' && agency?.id === link.id ? agency.nameEn : null
    return { kind: link.kind, name: english ?? link.name ?? link.key, lang: english === null ? 'zh-CN' : null, version: link.version, href: page === undefined ? null : request.path(page, [link.key], { version: link.version }) }
  })
}

/** What was typed instead of choosing a record, and what the complainant was not sure of. */
export function toldOf (request: FastifyRequest, { kind, reply, prompts, target, rule, effect, paper, when, occurredOn, place, parallel, parallelDetails, entry, source }: Case): Array<{ key: string, value: string, lang?: string }> {
  const told = { ...target, ...rule }
  const texts = (['agencyText', 'officerText', 'matterText', 'decisionText', 'plate', 'inspectionCode'] as const).map(name => ({ key: request.t(`case_told.${name}`), value: told[name] }))
  const day = when.date ?? occurredOn
  const about = [day === null ? null : formatDate(request.locale, day), when.about, when.time].filter(part => part !== undefined && part !== null).join(' ')
  const unsure = (target.notSure ?? []).map(kind => request.t(`case_unsure.${kind}`)).join(request.t('ui.between'))
  const other = [request.t(`parallel.${parallel}`), parallelDetails.body, parallelDetails.stage === undefined ? undefined : request.t(`parallel_stage.${parallelDetails.stage}`), parallelDetails.decisionOn === undefined ? undefined : formatDate(request.locale, parallelDetails.decisionOn)].filter(part => part !== undefined).join(' · ')
  const received = paper === undefined || paper.act === 'none' ? undefined : [request.t(`act.${paper.act}`), paper.receivedOn === undefined ? undefined : formatDate(request.locale, paper.receivedOn)].filter(part => part !== undefined).join(' · ')
  return [...sourceRows(request, source, entry), { key: request.t('case.kind'), value: request.t(`complaint_kind.${kind}`) }, ...texts, { key: request.t('case.cost'), value: effect.cost }, { key: request.t('case.paper'), value: received }, { key: request.t('case.when'), value: about }, { key: request.t('case.place'), value: place }, { key: request.t('case.parallel'), value: other }, { key: request.t('case.unsure'), value: unsure }, { key: request.t('case.prompts'), value: checklistOf(request, prompts) }, { key: request.t('case.reply'), value: reply === undefined ? '' : request.t(`reply_way.${reply}`) }]
    .flatMap(({ key, value }) => value === undefined || value === '' ? [] : [{ key, value, ...isHan(value) ? { lang: 'zh-CN' } : {} }])
}

/** The investigator's checklist: what the complainant said to each question, and the duty behind it. */
function checklistOf (request: FastifyRequest, prompts: Case['prompts'] = {}): string {
  const cite = request.locale === 'en' ? citeEnglish : citeChinese
  return Object.entries(prompts).filter(([code]) => Object.hasOwn(PROMPTS, code)).map(([code, answer]) => {
    const basis = PROMPTS[code as PromptCode].basis.map(cite).join(request.t('ui.between'))
    return request.t('case.line', { label: request.t(`prompt.${code}`), value: [request.t(`prompt_answer.${answer}`), basis].filter(part => part !== '').join(' · ') })
  }).join('\n')
}

/** Where it came from, unless the public wrote it here itself. */
function sourceRows (request: FastifyRequest, source: string, entry: Case['entry']): Array<{ key: string, value: string | undefined }> {
  if (entry === undefined) return source === 'web' ? [] : [{ key: request.t('entry.case_source'), value: request.t(`source.${source}`) }]
  return [
    { key: request.t('entry.case_source'), value: request.t(`source.${source}`) },
    { key: request.t('entry.case_number'), value: entry.number },
    { key: request.t('entry.case_body'), value: entry.body },
    { key: request.t('entry.case_received'), value: formatDate(request.locale, entry.receivedOn) }
  ]
}

/** Whether a text holds Chinese and has to say so on an English page. */
export function isHan (text: string): boolean {
  return /\p{Script=Han}/u.test(text)
}

/** Standard wording to choose from; in a letter also for which part. */
export interface PhraseOption { value: string, label: string, lang?: string }

/** Usable phrases as options of a form; with `placed` each names its place. */
export function phraseOptions (request: FastifyRequest, phrases: ReadonlyArray<{ id: string, place: string, title: string }>, placed = false): PhraseOption[] {
  return phrases.map(({ id, place, title }) => placed ? { value: id, label: request.t('phrase.option', { place: request.t(`phrase_place.${place}`), title }) } : { value: id, label: title, lang: 'zh-CN' })
}
