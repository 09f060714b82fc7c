import type { FastifyRequest } from 'fastify'
import { ACCOUNTABLE } from '../../../catalogue/standard/service.ts'
import type { ExtensionOffer, ExtensionView } from '../../../complaints/work/extensions/service.ts'
import type { Case, ClockView } from '../../../complaints/case/reading/service.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { dueState, type DueState } from '../../../domain/time/clocks.ts'
import { formatDate } from '../../../i18n/format.ts'

/** A clock as a line of the page: what it is, where its length comes from, how it stands. */
export interface ClockLine { clock: string, name: string, state: DueState | 'paused' | 'stopped', on: string, stoppedOn: string | null, assured: boolean, length: string, basis: string, kind: string, owner: string, startedAt: string, history: string[], href: string }

/** A request for more time; `decidable` for whoever may decide it now. */
export interface RequestLine extends ExtensionView { name: string, decidable: boolean, own: boolean, href: string, notice: string | null }

/** The clocks of a case, running ones first. */
export function clockLines (request: FastifyRequest, { ref, clocks }: Case, now: string): ClockLine[] {
  const lines = clocks.map(clock => ({
    clock: clock.clock,
    name: request.t(`clock.${clock.clock}`),
    state: clock.stoppedOn !== null ? 'stopped' as const : clock.pausedOn !== null ? 'paused' as const : dueState(clock.dueOn, localDate(now), localDate(clock.startedAt)),
    on: clock.dueOn,
    stoppedOn: clock.stoppedOn,
    assured: clock.assured,
    length: request.t('clock_page.days', { days: clock.days, type: request.t(`day_type.${clock.dayType}`) }),
    basis: request.locale === 'en' ? clock.basisEn : clock.basis,
    kind: request.t(`basis_kind.${clock.kind}`),
    owner: request.t(`standard.who_${ACCOUNTABLE[clock.clock]}`),
    startedAt: clock.startedAt,
    history: historyOf(request, clock),
    href: request.path('complaintClock', [ref, clock.clock])
  }))
  return [...lines.filter(({ state }) => state !== 'stopped'), ...lines.filter(({ state }) => state === 'stopped')]
}

function historyOf (request: FastifyRequest, { pauses, extensions }: ClockView): string[] {
  const day = (date: string): string => formatDate(request.locale, date)
  return [
    ...pauses.map(({ from, to, why }) => ({ on: from, text: request.t(to === null ? 'due_step.waiting' : 'due_step.paused', { from: day(from), to: to === null ? '' : day(to), why: request.t(`pause.${why ?? 'complainant'}`) }) })),
    ...extensions.map(({ on, days }) => ({ on, text: request.t('due_step.extended', { date: day(on), days }) }))
  ].sort((a, b) => a.on < b.on ? -1 : 1).map(({ text }) => text)
}

/** What was asked for, with the way to decide it. */
export function requestLines (request: FastifyRequest, { ref }: Case, asked: readonly ExtensionView[], { me, decides }: { me: number, decides: boolean }): RequestLine[] {
  return asked.map(view => ({
    ...view,
    name: request.t(`clock.${view.clock}`),
    own: decides && view.state === 'requested' && view.byId === me,
    decidable: decides && view.state === 'requested' && view.byId !== me,
    href: request.path('caseExtension', [ref, view.id]),
    notice: view.documentId === null ? null : request.path('document', [ref, view.documentId])
  })).reverse()
}

/** What may be asked for, with the reason where it may not be now. */
export function offerLines (request: FastifyRequest, offers: readonly ExtensionOffer[]): Array<ExtensionOffer & { name: string, why: string | null }> {
  return offers.filter(({ block }) => block !== 'not_running').map(offer => ({ ...offer, name: request.t(`clock.${offer.clock}`), why: offer.block === null ? null : request.t(`extension_block.${offer.block}`) }))
}
