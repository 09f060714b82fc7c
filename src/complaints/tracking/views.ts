import type { FastifyRequest } from 'fastify'
import type { Fault } from '../../forms/field-errors.ts'
import { byField } from '../../forms/field-errors.ts'
import { formatDate, formatDateTime, formatSize } from '../../i18n/format.ts'
import type { Frame } from '../../views.ts'
import { TEXT_LIMIT } from '../filing/service.ts'
import { runningDues, supplementOf, timelineOf, type Due, type Item, type Tracking } from './service.ts'

interface Row { key: string, value: string, lang?: string }
interface IssueShown { no: number, ground: string, text: string, finding: string | null, reasons: string | null }
interface Posted { side: 'sent' | 'received', sender: string, at: string, text: string }

export interface TrackingPage extends Frame {
  ref: string, caseNo: string | null, status: string, statusText: string, stage: string, help: string, next: string, mode: string, bureau: string
  dues: Due[], supplement: { text: string, dueOn: string | null } | null, issues: IssueShown[], answered: boolean, timeline: Item[], messages: Posted[]
  documents: Array<{ href: string, type: string, number: string, issuedAt: string }>
  sent: Row[], files: Array<{ name: string, size: string, sha256: string }>
  views: Array<{ at: string, role: string, reason: string }>, identified: boolean
  may: { message: boolean, withdraw: boolean, supply: boolean }
  form: { text: string, reason: string }, faults: Record<string, string>, limit: number
}

/** What was typed into a form of the page that was not accepted. */
export interface Returned { text?: string, reason?: string, errors?: Fault[] }

/** Everything on the page of one complaint. */
export function trackingPage (request: FastifyRequest, found: Tracking, now: string, returned: Returned): TrackingPage {
  const { errors = [] } = returned
  const statusText = found.status === 'closed' && found.outcome !== null ? request.t(`outcome.${found.outcome}`) : request.t(`status.${found.status}`)
  return {
    title: request.t('tracking.title', { ref: found.ref }),
    section: 'track',
    noindex: true,
    hideSearch: true,
    ref: found.ref,
    caseNo: found.caseNo,
    status: found.status,
    statusText,
    stage: request.t(`stage.${found.stage}`),
    help: request.t(`status_help.${found.status}`),
    next: request.t(`next.${found.status}`),
    mode: request.t(`identity_mode.${found.mode}`),
    bureau: request.locale === 'en' ? found.bureau.nameEn : found.bureau.name,
    dues: runningDues(request, found.ref, found.clocks, now),
    supplement: supplementOf(found),
    issues: found.issues.map(issue => ({
      no: issue.no, ground: request.t(`ground.${issue.ground}`), text: issue.text, finding: issue.finding === null ? null : request.t(`finding.${issue.finding}`), reasons: issue.reasons
    })),
    answered: found.issues.some(issue => issue.finding !== null),
    timeline: timelineOf(request, found),
    messages: found.messages.map(({ direction, text, at }) => ({
      side: direction === 'in' ? 'sent' : 'received', sender: request.t(direction === 'in' ? 'tracking.you' : 'tracking.bureau'), text, at
    })),
    documents: found.documents.map(({ id, type, number, issuedAt }) => ({ href: request.path('trackDocument', [found.ref, id]), type: request.t(`document.${type}`), number, issuedAt })),
    sent: sentRows(request, found),
    files: found.attachments.map(({ name, size, sha256 }) => ({ name, size: formatSize(request.locale, size), sha256 })),
    views: found.views.map(({ at, role, reason }) => ({ at, role: request.t(`role.${role}`), reason: request.t(`reveal_reason.${reason}`) })),
    identified: found.mode !== 'anonymous',
    may: found.may,
    form: { text: returned.text ?? '', reason: returned.reason ?? '' },
    faults: byField(errors),
    limit: TEXT_LIMIT,
    ...errors.length === 0 ? {} : { errors }
  }
}

/** What the complainant wrote besides the issues. */
function sentRows (request: FastifyRequest, found: Tracking): Row[] {
  const { target, when, place, claim, parallelDetails } = found
  const named = (kind: 'agency' | 'officer' | 'matter' | 'decision', typed: string | undefined): string => found.links.find(link => link.kind === kind)?.name ?? typed ?? ''
  const prohibition = found.links.find(link => link.kind === 'prohibition')
  const rows: Array<[string, string]> = [
    [request.t('target.agency'), named('agency', target.agencyText)],
    [request.t('target.officer'), named('officer', target.officerText)],
    [request.t('target.matter'), named('matter', target.matterText)],
    [request.t('target.decision'), named('decision', target.decisionText)],
    [request.t('check.prohibition'), prohibition === undefined ? '' : prohibition.name ?? request.t('origin.prohibition_untitled', { no: prohibition.id })],
    [request.t('when.date'), [when.date === undefined ? '' : formatDate(request.locale, when.date), when.about ?? '', when.time ?? ''].filter(text => text !== '').join(' ')],
    [request.t('when.place'), place],
    [request.t('elsewhere.kind'), request.t(`parallel.${parallelDetails.kind}`)],
    [request.t('want.text'), claim],
    [request.t('you.mode'), request.t(`identity_mode.${found.mode}`)],
    [request.t('receipt.submitted'), formatDateTime(request.locale, found.submittedAt)]
  ]
  return rows.filter(([, value]) => value !== '').map(([key, value]) => ({ key, value }))
}
