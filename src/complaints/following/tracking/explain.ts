import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { skippedDays, stepSentences } from '../../../catalogue/guide/service.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { AppError } from '../../../errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { ownerOf } from '../../form/members/service.ts'
import { findDocument, findTracking, type ClockView, type DocumentView } from '../../case/reading/service.ts'
import { listPublishedOf } from '../../outcome/statements/service.ts'
import { demandsSeen } from '../demands/service.ts'
import { remedyClock } from '../../case/remedies/service.ts'
import { ClockParams, DocumentParams } from './schema.ts'
import { stateOf } from './sections.ts'
import { quiet, type OwnTracking } from './views.ts'

declare module '../../../views.ts' {
  interface Views {
    'complaints/tracking/clock': Frame & { ref: string, clock: string, state: string | null, on: string, steps: string[], skipped: Array<{ on: string, reason: string }>, basis: string, kind: string, days: number, dayType: string, stopped: string | null }
    'complaints/tracking/document': Frame & { document: DocumentView, bureau: string }
  }
}

/** Who follows a complaint: one session for each, so that two can be read in two tabs. */
export const own = { permission: 'complaint.own', session: 'track' } as const

/** Why a date is what it is, and the documents to read. */
export function explain (app: App): void {
  app.get(ROUTES.dueDate, { schema: { params: ClockParams }, config: own }, async (request, reply) => {
    const found = await openTracking(app, request, request.params.ref)
    const clock = found.clocks.find(({ clock }) => clock === request.params.clock)
    if (clock === undefined) throw new AppError('not_found')
    return await showClock(request, reply, { ref: found.ref, clock, now: app.now() })
  })

  app.get(ROUTES.trackDocument, { schema: { params: DocumentParams }, config: own }, async (request, reply) => {
    const found = await openTracking(app, request, request.params.ref)
    const document = await findDocument(app, found.id, request.params.id)
    if (!document.toComplainant) throw new AppError('not_found')
    return await reply.page('complaints/tracking/document', {
      ...quiet,
      title: request.t(`document.${document.type}`),
      back: { href: request.path('tracking', [found.ref]) },
      document,
      bureau: request.locale === 'en' ? document.content.bureauEn : document.content.bureau
    })
  })
}

async function showClock (request: FastifyRequest, reply: FastifyReply, { ref, clock, now }: { ref: string, clock: ClockView, now: string }): Promise<string> {
  return await reply.page('complaints/tracking/clock', {
    ...quiet,
    title: request.t('tracking.why_title', { clock: request.t(`clock.${clock.clock}`) }),
    back: { href: request.path('tracking', [ref]) },
    ref,
    clock: clock.clock,
    state: clock.stoppedOn === null ? stateOf(clock, now) : null,
    on: clock.dueOn,
    steps: stepSentences(request, clock.steps),
    skipped: skippedDays(request, clock.steps),
    basis: request.locale === 'en' ? clock.basisEn : clock.basis,
    kind: clock.kind,
    days: clock.days,
    dayType: clock.dayType,
    stopped: clock.stoppedOn
  })
}

/** The session's own complaint; any other reference does not exist for it (security.md Z-3). */
export async function openTracking (app: App, request: FastifyRequest, ref: string): Promise<OwnTracking> {
  const { id, member } = ownerOf(request.session?.subject ?? '')
  const found = await findTracking(app, id, app.now())
  if (found.ref !== ref) throw new AppError('not_found')
  const clock = await remedyClock(app.db, request, { target: found.target, parallel: found.parallelDetails, ...found.paper === undefined ? {} : { paper: found.paper } }, localDate(app.now()))
  const demands = await demandsSeen(app, found, { reopens: found.followUp.may.rectification.open, now: app.now() })
  const statements = await listPublishedOf(app.db, found.id)
  if (member === null) return { ...found, member, clock, demands, statements }
  // A co-complainant reads and writes, and decides nothing.
  const may = Object.fromEntries(Object.keys(found.followUp.may).map(kind => [kind, { open: false, failing: [], until: null }])) as unknown as typeof found.followUp.may
  return { ...found, member, clock, statements, demands: demands.map(demand => ({ ...demand, asked: false })), may: { ...found.may, withdraw: false }, followUp: { ...found.followUp, may, ratings: [] } }
}
