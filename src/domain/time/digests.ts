import { localDate, type Calendar } from './calendar.ts'

/** When the morning letter of a working day goes out, and until when one that was late still makes sense; times in China. Our own rule (本局自定). */
export const DIGEST_HOURS = { from: '08:30', until: '18:00' } as const

/** The day whose letters are due at an instant (UTC); null on rest days, too early and too late. */
export function digestDay (now: string, calendar: Pick<Calendar, 'isWorkday'>): string | null {
  const day = localDate(now)
  const time = new Date(Date.parse(now) + 8 * 3_600_000).toISOString().slice(11, 16)
  return calendar.isWorkday(day) && time >= DIGEST_HOURS.from && time < DIGEST_HOURS.until ? day : null
}
