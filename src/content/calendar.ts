import chineseDays from 'chinese-days'
import { addDays } from '../domain/time/calendar.ts'
import type { Db } from '../db/schema.ts'

/**
 * The years for which the library holds the State Council's notices. It answers for later ones too, but only by guessing, so they get
 * no row: a date there is reckoned from Monday to Friday and flagged as not assured until the notice is entered.
 */
const FIRST = '2024-01-01'
const LAST = '2026-12-31'

/** Every day of the covered years, as the calendar asks for; a day that the bureau has entered from a notice stays as it is. */
export async function installCalendar (trx: Db): Promise<void> {
  const { days } = await trx.selectFrom('calendar_day').select(eb => eb.fn.countAll<number>().as('days')).where('date', '>=', FIRST).where('date', '<=', LAST).executeTakeFirstOrThrow()
  const rows = coveredDays()
  if (days === rows.length) return
  for (let at = 0; at < rows.length; at += 500) {
    await trx.insertInto('calendar_day').values(rows.slice(at, at + 500)).onConflict(conflict => conflict.column('date').doNothing()).execute()
  }
}

function coveredDays (): Array<{ date: string, is_workday: 0 | 1, name: string | null, source: string }> {
  const rows = []
  for (let date = FIRST; date <= LAST; date = addDays(date, 1)) {
    const { work, name } = chineseDays.getDayDetail(date) // 'National Day,国庆节,3', or the English weekday
    rows.push({ date, is_workday: work ? 1 as const : 0 as const, name: name.split(',')[1] ?? null, source: 'chinese-days' })
  }
  return rows
}
