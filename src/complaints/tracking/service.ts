import type { FastifyRequest } from 'fastify'
import { localDate } from '../../domain/time/calendar.ts'
import { dueState } from '../../domain/time/clocks.ts'
import type { findTracking, ClockView } from '../reading/service.ts'

export type Tracking = Awaited<ReturnType<typeof findTracking>>
export interface Item { title: string, at: string, by: string, text?: string }
export interface Due { clock: string, state: string, on: string, assured: boolean, href: string }

/** The clocks that run, as chips with their explanation; what the complainant has to do stands among them. */
export function runningDues (request: FastifyRequest, ref: string, clocks: readonly ClockView[], now: string): Due[] {
  return clocks.filter(clock => clock.stoppedOn === null).map(clock => ({
    clock: clock.clock,
    state: clock.pausedOn === null ? dueState(clock.dueOn, localDate(now), localDate(clock.startedAt)) : 'paused',
    on: clock.dueOn,
    assured: clock.assured,
    href: request.path('dueDate', [ref, clock.clock])
  }))
}

/** What happened, newest first, in words that name no person of the bureau. */
export function timelineOf (request: FastifyRequest, tracking: Tracking): Item[] {
  return tracking.events.map(event => {
    const line = (label: string, value: string): string => request.t('tracking.line', { label, value })
    const lines = [
      event.details['refusal'] === undefined ? '' : request.t(`refusal.${event.details['refusal']}`),
      event.details['path'] === undefined ? '' : request.t(`path.${event.details['path']}`),
      event.details['reason'] === undefined ? '' : request.t(`reveal_reason.${event.details['reason']}`),
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
