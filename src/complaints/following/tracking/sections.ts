import type { FastifyRequest } from 'fastify'
import { localDate } from '../../../domain/time/calendar.ts'
import { WINDOWS, dueState } from '../../../domain/time/clocks.ts'
import { formatDate, formatDateTime } from '../../../i18n/format.ts'
import { fileRows, type FileRow } from '../../form/evidence/views.ts'
import type { DemandSeen } from '../demands/service.ts'
import { REQUEST_LIMIT } from '../requests/service.ts'
import type { DemandTyped } from './views.ts'
import type { ClockView, Tracking } from '../../case/reading/service.ts'

export interface Row { key: string, value: string, lang?: string }
export interface Item { title: string, at: string, by: string, text?: string }
export interface Due { clock: string, state: string, on: string, assured: boolean, href: string }

/** The clocks that run, as chips with their explanation; what the complainant has to do stands among them. */
export function runningDues (request: FastifyRequest, ref: string, clocks: readonly ClockView[], now: string): Due[] {
  return clocks.filter(clock => clock.stoppedOn === null && !WINDOWS.includes(clock.clock)).map(clock => ({
    clock: clock.clock, state: stateOf(clock, now), on: clock.dueOn, assured: clock.assured, href: request.path('dueDate', [ref, clock.clock])
  }))
}

/** How near the last day of a clock is. */
export function stateOf (clock: ClockView, now: string): string {
  return clock.pausedOn === null ? dueState(clock.dueOn, localDate(now), localDate(clock.startedAt)) : 'paused'
}

/** What happened, newest first, in words that name no person of the bureau. */
export function timelineOf (request: FastifyRequest, tracking: Tracking): Item[] {
  return tracking.events.map(event => {
    const line = (label: string, value: string): string => request.t('tracking.line', { label, value })
    const lines = [
      event.details['refusal'] === undefined ? '' : request.t(`refusal.${event.details['refusal']}`),
      event.details['issue'] === undefined ? '' : Number(event.details['issue']) === 0 ? request.t('request.issue_all') : request.t('what.issue', { no: event.details['issue'] }),
      event.details['review_outcome'] === undefined ? '' : request.t(`review_outcome.${event.details['review_outcome']}`),
      event.details['path'] === undefined ? '' : request.t(`path.${event.details['path']}`),
      event.details['reason'] === undefined ? '' : request.t(`reveal_reason.${event.details['reason']}`),
      event.details['mode'] === undefined ? '' : request.t(`identity_mode.${event.details['mode']}`),
      event.details['proof'] === undefined ? '' : request.t(`reissue_proof.${event.details['proof']}`),
      ...Object.entries(event.fields).map(([field, value]) => line(request.t(`step_field.${field}`), value)),
      event.text ?? ''
    ].filter(text => text !== '')
    const item = { title: event.action === 'identity_viewed' ? request.t('tracking.identity_viewed') : request.t(`event.${event.action}`), at: event.at, by: request.t(`tracking.by_${event.by}`) }
    return lines.length === 0 ? item : { ...item, text: lines.join('\n') }
  }).reverse()
}

/** What the bureau asked for last, while it still waits for it. */
export function supplementOf (tracking: Tracking): { text: string, dueOn: string | null } | null {
  if (!tracking.may.supply) return null
  const asked = tracking.events.findLast(event => event.action === 'request_supplement')
  const clock = tracking.clocks.find(({ clock, stoppedOn }) => clock === 'supplement' && stoppedOn === null)
  return { text: asked?.text ?? '', dueOn: clock?.dueOn ?? null }
}

/** Where it stands in words: the heading, the status, what happens next. */
export function standingOf (request: FastifyRequest, found: Tracking, now: string) {
  return {
    ref: found.ref,
    caseNo: found.caseNo,
    status: found.status,
    statusText: found.status === 'closed' && found.outcome !== null ? request.t(`outcome.${found.outcome}`) : request.t(`status.${found.status}`),
    stage: request.t(`stage.${found.stage}`),
    help: request.t(`status_help.${found.status}`),
    next: request.t(`next.${found.status}`),
    mode: request.t(`identity_mode.${found.mode}`),
    bureau: request.locale === 'en' ? found.bureau.nameEn : found.bureau.name,
    dues: runningDues(request, found.ref, found.clocks, now)
  }
}

/** Each issue with what was found on it, once the answer is out. */
export function answerOf (request: FastifyRequest, found: Tracking) {
  return {
    issues: found.issues.map(issue => ({
      no: issue.no, ground: request.t(`ground.${issue.ground}`), text: issue.text, finding: issue.finding === null ? null : request.t(`finding.${issue.finding}`), reasons: issue.reasons, applied: issue.applied
    })),
    answered: found.answeredOn !== null,
    answeredOn: found.answeredOn,
    answer: found.answer,
    remedy: found.remedy
  }
}

/** What was demanded of the agency for the complainant, each with where it stands and, where it was reported as done, a form. */
export function demandRows (request: FastifyRequest, found: { ref: string, demands: readonly DemandSeen[] }, typed?: DemandTyped) {
  return found.demands.map((demand, at) => ({
    ...demand, label: request.t('tracked_demand.line', { no: at + 1, what: request.t(`demand_kind.${demand.kind}`) }), tag: demand.late ? 'overdue' : demand.state, box: `${demand.document}-${demand.no}`,
    ask: request.t(demand.answered === null ? 'tracked_demand.ask' : 'tracked_demand.ask_again'), action: request.path('trackDemands', [found.ref]), words: typed?.document === demand.document && typed.no === demand.no ? typed.words : '', limit: REQUEST_LIMIT
  }))
}

/** The letters in both directions, as the complainant reads them. */
export function messagesOf (request: FastifyRequest, found: Tracking & { member: number | null }) {
  const writer = (member: number | null): string => member === found.member ? request.t('tracking.you') : member === null ? request.t('members.representative') : request.t('members.sender', { no: member })
  return found.messages.map(({ direction, member, text, at, digest, replyBy, id }) => ({
    side: direction === 'in' ? 'sent' : 'received', sender: direction === 'in' ? writer(member) : request.t('tracking.bureau'), text, at, digest: digest?.slice(0, 12) ?? null, replyBy, files: filesWith(request, found, id)
  }))
}

/** What came along with a message. */
function filesWith (request: FastifyRequest, found: Tracking, message: number): FileRow[] {
  return fileRows(request, found.attachments.filter(({ messageId }) => messageId === message), id => request.path('trackFile', [found.ref, id]))
}

/** Issued documents with the addresses at which they are read. */
export function papersOf (request: FastifyRequest, found: Tracking) {
  return found.documents.map(({ id, type, number, issuedAt }) => ({ href: request.path('trackDocument', [found.ref, id]), type: request.t(`document.${type}`), number, issuedAt }))
}

/** Who looked at the identity, when and why. */
export function viewsOf (request: FastifyRequest, found: Tracking) {
  return found.views.map(({ at, role, reason }) => ({ at, role: request.t(`role.${role}`), reason: request.t(`reveal_reason.${reason}`) }))
}

/** The files that came with the complaint. */
export function filesOf (request: FastifyRequest, found: Tracking) {
  return fileRows(request, found.attachments.filter(({ messageId }) => messageId === null), id => request.path('trackFile', [found.ref, id]))
}

/** What the complainant wrote besides the issues. */
export function sentRows (request: FastifyRequest, found: Tracking): Row[] {
  const { target, rule, effect, when, place, claim, parallelDetails } = found
  const linked = (kind: string): string[] => found.links.filter(link => link.kind === kind).map(link => link.name ?? '')
  const named = (kind: string, typed = ''): string => [...linked(kind), typed].filter(text => text !== '').join('\n')
  const prohibition = found.links.find(link => link.kind === 'prohibition')
  const rows: Array<[string, string]> = [
    [request.t('target.agency'), named('agency', target.agencyText)],
    [request.t('target.officer'), named('officer', target.officerText)],
    [request.t('target.decision'), named('decision', target.decisionText)],
    [request.t('target.plate'), target.plate ?? ''],
    [request.t('target.inspection_code'), target.inspectionCode ?? ''],
    [request.t('rule.matter'), named('matter', rule.matterText)],
    [request.t('rule.benchmark'), named('benchmark')],
    [request.t('rule.exemption'), named('exemption')],
    [request.t('rule.prohibition'), prohibition === undefined ? '' : prohibition.name ?? request.t('origin.prohibition_untitled', { no: prohibition.id })],
    [request.t('when.date'), [when.date === undefined ? '' : formatDate(request.locale, when.date), when.about ?? '', when.time ?? ''].filter(text => text !== '').join(' ')],
    [request.t('when.place'), place],
    [request.t('elsewhere.kind'), request.t(`parallel.${parallelDetails.kind}`)],
    [request.t('effect.cost'), effect.cost ?? ''],
    [request.t('effect.claim'), claim],
    [request.t('you.mode'), request.t(`identity_mode.${found.mode}`)],
    [request.t('receipt.submitted'), formatDateTime(request.locale, found.submittedAt)]
  ]
  return rows.filter(([, value]) => value !== '').map(([key, value]) => ({ key, value }))
}

interface Way { kind: string, label: string, href: string, until: string | null, why: string | null }

/** What the bureau asks, and what the complainant may do besides writing, each with its last day; what is over says so. */
export function askedOf (request: FastifyRequest, found: Tracking, now: string) {
  const { may, ratings, confirmed } = found.followUp
  const wanted = found.clocks.find(({ clock, stoppedOn }) => clock === 'message_reply' && stoppedOn === null)
  const question = wanted === undefined ? undefined : found.messages.findLast(message => message.replyBy !== null)
  const why = (clock: string): string => request.path('dueDate', [found.ref, clock])
  const way = (kind: string, until: string | null = null, clock?: string): Way => ({
    kind, label: request.t(`request.${kind}.link`), href: request.path('trackRequest', [found.ref, kind]), until, why: until === null || clock === undefined ? null : why(clock)
  })
  const late = (kind: 'review' | 'rectification', guard: string): string[] => may[kind].failing.some(name => name === guard) ? [request.t(`guard.${guard}`)] : []
  return {
    question: question === undefined ? null : { text: question.text, dueOn: wanted?.dueOn ?? null, over: wanted !== undefined && localDate(now) > wanted.dueOn, why: why('message_reply') },
    ways: [
      ...may.insisting.open ? [way('insisting')] : [],
      ...may.rectification.open ? [way('rectification', may.rectification.until, 'reopening')] : [],
      ...may.review.open ? [way('review', may.review.until, 'review_window')] : [],
      ...ratings.length > 0 ? [way('rating')] : [],
      ...may.recusal.open ? [way('recusal')] : [],
      ...may.retaliation.open ? [way('retaliation', may.retaliation.until, 'retaliation')] : [],
      ...may.withdrawal.open ? [way('withdrawal')] : []
    ],
    over: found.answeredOn === null ? [] : [...late('review', 'review_window_open'), ...late('review', 'not_reviewed_yet'), ...late('rectification', 'reopening_window_open')],
    confirmed: confirmed === null ? null : request.t(`confirmation.${confirmed.answer}`)
  }
}
