import type { FastifyReply, FastifyRequest } from 'fastify'
import { randomBytes } from 'node:crypto'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import type { Frame } from '../../../views.ts'
import type { AttachmentInfo } from '../../case/core/types.ts'
import { fileField, fileRows } from '../../form/evidence/views.ts'
import { TEXT_LIMIT } from '../../form/filing/service.ts'
import type { Tracking } from '../../case/reading/service.ts'
import type { RemedyClock } from '../../case/remedies/service.ts'
import type { listPublishedOf } from '../../outcome/statements/service.ts'
import type { DemandSeen } from '../demands/service.ts'
import { answerOf, askedOf, demandRows, filesOf, messagesOf, papersOf, sentRows, standingOf, supplementOf, timelineOf, viewsOf } from './sections.ts'

declare module '../../../views.ts' {
  interface Views { 'complaints/tracking/show': Frame & TrackingPage }
}

/** What the page shows besides the complaint: what was typed and not accepted, what was just done. */
export interface Shown { now: string, text?: string, errors?: Fault[], notice?: string | undefined, ready?: AttachmentInfo[], demand?: DemandTyped | undefined }

/** What was typed about one demand and not accepted, or before the session ended. */
export interface DemandTyped { document: string, no: number, words: string }

export type TrackingPage = ReturnType<typeof trackingPage>

/** A complaint as one of those who made it sees it: which co-complainant (null for whoever filed), and the last days of the remedies. */
export type OwnTracking = Tracking & { member: number | null, clock: RemedyClock | null, demands: DemandSeen[], statements: Awaited<ReturnType<typeof listPublishedOf>> }

/** What every page of tracking tells its layout. */
export const quiet = { section: 'track', noindex: true, hideSearch: true } as const

/** Answers with the page of one complaint. */
export async function showTracking (request: FastifyRequest, reply: FastifyReply, found: OwnTracking, shown: Shown): Promise<string> {
  return await reply.page('complaints/tracking/show', trackingPage(request, found, shown))
}

/** Everything on the page of one complaint: each section is one function of `sections.ts` and one template of `views/partials/tracking`. */
function trackingPage (request: FastifyRequest, found: OwnTracking, { now, text = '', errors = [], notice, ready = [], demand }: Shown) {
  const done = `request_done.${notice ?? ''}`
  return {
    ...quiet,
    title: request.t('tracking.title', { ref: found.ref }),
    self: request.path('tracking', [found.ref]),
    notice: notice !== undefined && hasWord(request.locale, done) ? request.t(done) : null,
    ...standingOf(request, found, now),
    supplement: supplementOf(found),
    ...askedOf(request, found, now),
    ...answerOf(request, found),
    statements: found.statements.map(line => ({ ...line, letter: request.t(`document.${line.type}`), href: `${request.path('agency', [line.slug])}#supervision` })),
    demands: demandRows(request, found, demand),
    timeline: timelineOf(request, found),
    messages: messagesOf(request, found),
    documents: papersOf(request, found),
    sent: sentRows(request, found),
    files: filesOf(request, found),
    views: viewsOf(request, found),
    clock: found.clock,
    identified: found.mode !== 'anonymous',
    may: found.may,
    member: found.member,
    together: found.persons > 1,
    ready: fileRows(request, ready),
    field: fileField(ready.length),
    form: { text, once: randomBytes(12).toString('base64url') },
    faults: byField(errors),
    limit: TEXT_LIMIT,
    ...errors.length === 0 ? {} : { errors }
  }
}
