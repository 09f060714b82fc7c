import type { ClockRule } from '../time/clocks.ts'

/** How soon an agency hands over recordings of its enforcement (T28). No statute that we have read sets it: the bureau's own period (本局自定). */
export const FOOTAGE_PERIOD: Pick<ClockRule, 'days' | 'dayType'> = { days: 5, dayType: 'working' }

/** What became of a request for recordings: still open, received, there is none (with the agency's reason), refused. */
export const FOOTAGE_STATES = ['open', 'received', 'none', 'refused'] as const
export type FootageState = (typeof FOOTAGE_STATES)[number]
