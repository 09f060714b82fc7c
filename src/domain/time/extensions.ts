import type { Permission } from '../process/permissions.ts'
import type { Clock } from './clocks.ts'

/**
 * Periods that can be made longer (延期): the rule of the profile that says by how many days at most, how often, who asks, and whether the
 * complainant gets a letter. The law sets none of this for complaints: our own rules, whose basis stands in the profile.
 */
export interface Extendable { rule: Clock, times: number, ask: Permission, notice: boolean }

export const EXTENSIONS = {
  handle: { rule: 'handle_extension', times: 1, ask: 'extension.request', notice: true },
  rectify: { rule: 'rectify_extension', times: 1, ask: 'agency.item', notice: false }
} as const satisfies Partial<Record<Clock, Extendable>>
export type ExtendableClock = keyof typeof EXTENSIONS

/** What stands against asking; words at `extension_block.<block>`. */
export const EXTENSION_BLOCKS = ['not_running', 'paused', 'overdue', 'pending', 'used'] as const
export type ExtensionBlock = (typeof EXTENSION_BLOCKS)[number]

export const EXTENSION_STATES = ['requested', 'granted', 'refused'] as const
export type ExtensionState = (typeof EXTENSION_STATES)[number]

/** What is known of a clock when somebody asks: none where it never ran, `asked` the states of what was asked for this run of it. */
export interface ExtensionFacts { clock?: { dueOn: string, pausedOn: string | null, stoppedOn: string | null }, asked: readonly ExtensionState[], today: string }

/** The first thing that stands against asking for more time, none when it may be asked. A period that is over is not made longer: lateness stays lateness. */
export function extensionBlock (name: ExtendableClock, { clock, asked, today }: ExtensionFacts): ExtensionBlock | null {
  if (clock === undefined || clock.stoppedOn !== null) return 'not_running'
  if (asked.includes('requested')) return 'pending'
  if (asked.filter(state => state === 'granted').length >= EXTENSIONS[name].times) return 'used'
  if (clock.pausedOn !== null) return 'paused'
  return clock.dueOn < today ? 'overdue' : null
}
