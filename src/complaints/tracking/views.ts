import type { FastifyRequest } from 'fastify'
import type { Fault } from '../../forms/field-errors.ts'
import { byField } from '../../forms/field-errors.ts'
import { TEXT_LIMIT } from '../filing/service.ts'
import type { Tracking } from '../reading/service.ts'
import type { RemedyClock } from '../remedies/service.ts'
import { answerOf, filesOf, messagesOf, papersOf, sentRows, standingOf, supplementOf, timelineOf, viewsOf } from './sections.ts'

/** A complaint as whoever follows it sees it: the number among the co-complainants, and the last days of the remedies. */
export type Followed = Tracking & { member: number | null, clock: RemedyClock | null }

/** What was typed into a form of the page that was not accepted. */
export interface Returned { text?: string, reason?: string, errors?: Fault[] }

export type TrackingPage = ReturnType<typeof trackingPage>

/** Everything on the page of one complaint: each section is one function of `sections.ts` and one template of `views/partials/tracking`. */
export function trackingPage (request: FastifyRequest, found: Followed, now: string, returned: Returned) {
  const { errors = [] } = returned
  return {
    ...quiet,
    title: request.t('tracking.title', { ref: found.ref }),
    ...standingOf(request, found, now),
    supplement: supplementOf(found),
    ...answerOf(request, found),
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
    form: { text: returned.text ?? '', reason: returned.reason ?? '' },
    faults: byField(errors),
    limit: TEXT_LIMIT,
    ...errors.length === 0 ? {} : { errors }
  }
}

/** What every page of tracking tells its layout. */
export const quiet = { section: 'track', noindex: true, hideSearch: true } as const
