import type { StaffRole } from '../process/permissions.ts'

/** When a clock is called to mind (提醒): from which share of its days on, in percent, and who besides the handler. Our own rule. */
export const REMINDER_LEVELS = [
  { level: 50, also: [] },
  { level: 80, also: ['head'] },
  { level: 100, also: ['head', 'approver'] }
] as const satisfies ReadonlyArray<{ level: number, also: readonly StaffRole[] }>
export type ReminderLevel = (typeof REMINDER_LEVELS)[number]['level']

/** The highest level that a clock has come to; null below the first. Counted in whole days, so that rounding reminds nobody early. */
export function levelReached ({ used, total }: { used: number, total: number }): ReminderLevel | null {
  return REMINDER_LEVELS.findLast(({ level }) => used * 100 >= total * level)?.level ?? null
}
