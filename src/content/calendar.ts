import chineseDays from 'chinese-days'
import { addDays } from '../domain/calendar.ts'
import type { Db } from '../db/schema.ts'

/** The years for which the library holds the State Council's notices; it answers for later ones too, but only by guessing. */
const FIRST = '2024-01-01'
const LAST = '2026-12-31'

/** Every day of the covered years; a day the bureau has entered from a notice stays as it is. */
export async function installCalendar (trx: Db): Promise<void> {
  const rows = []
  for (let date = FIRST; date <= LAST; date = addDays(date, 1)) {
    const { work, name } = chineseDays.getDayDetail(date)
    rows.push({ date, is_workday: work ? 1 as const : 0 as const, name: name.split(',')[1] ?? null, source: 'chinese-days' })
  }
  for (let at = 0; at < rows.length; at += 500) {
    await trx.insertInto('calendar_day').values(rows.slice(at, at + 500)).onConflict(conflict => conflict.column('date').doNothing()).execute()
  }
}
