import { randomBytes } from 'node:crypto'
import { recountClocks } from '../../complaints/work/recount/service.ts'
import type { Actor, Parts } from '../../complaints/case/core/service.ts'
import { appendAudit } from '../../db/audit.ts'
import { raiseRevision } from '../../db/records.ts'
import type { CalendarDayTable, Db } from '../../db/schema.ts'
import { daysOfNotice, readNotice, type Notice, type NoticeFault } from '../../domain/time/notices.ts'
import { AppError } from '../../errors.ts'
import { insertChange, listDays, upsertDays } from './repository.ts'

/** A day that a notice changes, beside what stood there; `before` is null where the calendar had none. */
export interface DayChange { date: string, name: string | null, before: boolean | null, after: boolean }
/** What a notice would do: days that are new to the calendar, and those that stood otherwise. */
export interface Preview { notice: Notice, named: DayChange[], fresh: number, changed: DayChange[], faults: NoticeFault[] }

/** What a notice would change; writes nothing. */
export async function previewNotice (db: Db, text: string): Promise<Preview> {
  const { notice, faults } = readNotice(text)
  if (faults.length > 0) return { notice, named: [], fresh: 0, changed: [], faults }
  const changes = await changesOf(db, notice)
  const names = new Set(notice.days.map(({ date }) => date))
  return {
    notice,
    faults,
    named: changes.filter(({ date }) => names.has(date)),
    fresh: changes.filter(({ before }) => before === null).length,
    changed: changes.filter(({ before, after }) => before !== null && before !== after)
  }
}

async function changesOf (db: Db, notice: Notice): Promise<DayChange[]> {
  const days = daysOfNotice(notice)
  const known = new Map((await listDays(db, `${notice.year - 1}-12-01`, `${notice.year + 1}-01-31`)).map(row => [row.date, row.is_workday === 1]))
  return days.map(({ date, isWorkday, name }) => ({ date, name, before: known.get(date) ?? null, after: isWorkday }))
}

/**
 * Takes a notice in and reckons every running clock anew. The days, the record of the change and the audit entry are one transaction; the recount
 * goes case by case after it and is finished by the next process where this one dies. Errors: `form_invalid`.
 */
export async function takeNotice (parts: Parts, actor: Actor, { text, documentNo }: { text: string, documentNo: string }, now: string): Promise<{ id: string, moved: number }> {
  const id = randomBytes(12).toString('base64url')
  await parts.db.transaction().execute(async trx => {
    const { notice, faults, changed, fresh } = await previewNotice(trx, text)
    if (faults.length > 0) throw new AppError('form_invalid', { fields: { text: { key: 'calendar.has_faults' } } })
    const source = documentNo || notice.papers[0] || 'holiday-cn'
    const rows: CalendarDayTable[] = daysOfNotice(notice).map(({ date, isWorkday, name }) => ({ date, is_workday: isWorkday ? 1 : 0, name, source }))
    await upsertDays(trx, rows)
    await raiseRevision(trx, 'calendar')
    await insertChange(trx, { id, year: notice.year, source, document_no: documentNo === '' ? null : documentNo, days: fresh, changed: changed.length, actor_id: actor.id, at: now, recounted_at: null, cursor: '' })
    await appendAudit(trx, parts.keys.audit, { at: now, actorId: actor.id, role: actor.role, action: 'calendar.changed', subject: `${notice.year} ${source}`.slice(0, 200), result: 'done', requestId: actor.requestId })
  })
  return { id, moved: await recountClocks(parts, { id, cursor: '' }, actor, now) }
}
