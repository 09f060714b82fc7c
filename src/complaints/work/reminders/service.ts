import { randomBytes } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'
import { loadCalendar, type Reckoner } from '../../../db/reckoner.ts'
import type { ClockTable, Db, ReminderTable } from '../../../db/schema.ts'
import { isDate, localDate, type Calendar } from '../../../domain/time/calendar.ts'
import { usedOf, type Clock } from '../../../domain/time/clocks.ts'
import { levelReached, REMINDER_LEVELS, type ReminderLevel } from '../../../domain/time/reminders.ts'
import { AppError } from '../../../errors.ts'
import { blank } from '../../case/core/demands.ts'
import { findByRef } from '../../case/core/repository.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Actor, FieldFaults, Parts } from '../../case/core/types.ts'
import { stateOf, totalOf } from '../../case/ledger/clocks.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { hasConflict } from '../conflicts/repository.ts'
import { deleteLevels, insertReminders, knownReminders, listOpen, listPeople, listSuspended, pageOfClocks, settle, supersede, type RunningClock } from './repository.ts'

/** Clocks looked at together; between two pieces others have their turn. */
const PIECE = 500
/** As many as one sees on a page. */
const SHOWN = 50
/** Longest text of a task, in code points. */
export const TASK_LIMIT = 200

export interface Reminder { id: string, ref: string, kind: 'clock' | 'task', clock: Clock | null, level: ReminderLevel | null, dueOn: string, text: string | null, at: string }
export type Due = Omit<Reminder, 'text'>

/** What a person is to remember, the nearest first; texts of tasks opened. */
export async function listReminders ({ db, keys }: Parts, accountId: number): Promise<Reminder[]> {
  return (await listOpen(db, accountId, SHOWN)).map(row => ({
    ...dueOf(row), text: row.text_sealed === null ? null : sealFor(keys, { id: row.complaint_id, wrapped_key: row.wrapped_key }).open(`reminder:${row.id}`, row.text_sealed)
  }))
}

/** The same without their texts, which stay sealed. */
export async function listDue ({ db }: Pick<Parts, 'db'>, accountId: number): Promise<Due[]> {
  return (await listOpen(db, accountId, SHOWN)).map(dueOf)
}

function dueOf (row: Awaited<ReturnType<typeof listOpen>>[number]): Due {
  return { id: row.id, ref: row.ref, kind: row.kind as Reminder['kind'], clock: row.clock as Clock | null, level: row.level as ReminderLevel | null, dueOn: row.clockDue ?? row.due_on, at: row.created_at }
}

/** A task for oneself on a case. Errors: `forbidden`, `not_found`, `form_invalid`. */
export async function addTask ({ db, keys }: Parts, actor: Actor & { id: number }, ref: string, { text, dueOn }: { text: string, dueOn: string }, now: string): Promise<void> {
  demandPermission(actor, 'complaint.note')
  const fields: FieldFaults = {}
  if (blank(text)) fields['text'] = { key: 'reminder.no_text' }
  else if ([...text].length > TASK_LIMIT) fields['text'] = { key: 'field.maxLength', values: { limit: TASK_LIMIT } }
  if (!isDate(dueOn)) fields['due'] = { key: 'reminder.bad_day' }
  else if (dueOn < localDate(now)) fields['due'] = { key: 'reminder.past_day' }
  if (Object.keys(fields).length > 0) throw new AppError('form_invalid', { fields })
  await db.transaction().execute(async trx => {
    const complaint = await findByRef(trx, ref, actor)
    const id = randomBytes(12).toString('base64url')
    await insertReminders(trx, [{
      id, complaint_id: complaint.id, account_id: actor.id, kind: 'task', clock: null, run: null, level: null, due_on: dueOn, text_sealed: sealFor(keys, complaint).close(`reminder:${id}`, text), created_at: now, done_at: null
    }])
  })
}

/** Ticks off a reminder of one's own. Twice is once. */
export async function settleReminder ({ db }: Parts, actor: { id: number }, id: string, now: string): Promise<void> {
  await settle(db, { id, accountId: actor.id }, now)
}

/** After a clock got more days: levels that it is no longer at are forgotten, and come again in their time. */
export async function recallLevels (trx: Db, clock: ClockTable, { calendar }: Reckoner, now: string): Promise<void> {
  await deleteLevels(trx, clock, levelOf(clock, calendar, localDate(now)) ?? 0)
}

/**
 * Reminds everybody whose clocks have come to a level: the handler, from 80 % the heads, at 100 % the approvers too. Each level once for a run of a
 * clock and a person, whatever is running at the same time; what was ticked off is not brought again. Gives how many were made.
 */
export async function remindOfClocks ({ db }: Pick<Parts, 'db'>, now: string, signal?: AbortSignal): Promise<number> {
  const calendar = await loadCalendar(db)
  const people = await listPeople(db)
  let made = 0
  for (let last = { complaint_id: '', clock: '' }; ;) {
    const clocks = await pageOfClocks(db, last, PIECE)
    if (clocks.length === 0) return made
    last = clocks.at(-1) as RunningClock
    made += await remindOf(db, clocks, { calendar, people, now })
    await breathe()
    signal?.throwIfAborted()
  }
}

interface Sight { calendar: Calendar, people: Awaited<ReturnType<typeof listPeople>>, now: string }

async function remindOf (db: Db, clocks: RunningClock[], { calendar, people, now }: Sight): Promise<number> {
  const wanted = clocks.flatMap(clock => {
    const level = levelOf(clock, calendar, localDate(now))
    return level === null ? [] : recipientsOf(clock, level, people).map(accountId => rowOf(clock, level, accountId, now))
  })
  const known = await knownReminders(db, wanted.map(({ id }) => id))
  const missing = wanted.filter(({ id }) => !known.has(id))
  if (missing.length === 0) return 0
  const suspended = await listSuspended(db, [...new Set(missing.map(row => row.complaint_id))])
  const due: ReminderTable[] = []
  for (const row of missing) if (!suspended.has(row.account_id) || !await hasConflict(db, row.account_id, row.complaint_id)) due.push(row)
  return await db.transaction().execute(async trx => {
    for (const row of due) await supersede(trx, row, now)
    return await insertReminders(trx, due)
  })
}

function levelOf (clock: ClockTable, calendar: Calendar, today: string): ReminderLevel | null {
  return levelReached(usedOf(stateOf(clock), totalOf(clock), { dayType: clock.day_type, today }, calendar))
}

/** The handler, and the leaders of the bureaus that the case is with. */
function recipientsOf ({ handler_id: handler, bureau_id: own, delegated_to: district }: RunningClock, level: ReminderLevel, people: Sight['people']): number[] {
  const also: readonly string[] = REMINDER_LEVELS.find(row => row.level === level)?.also ?? []
  return people.filter(person => person.id === handler || (also.includes(person.role) && (person.bureauId === own || person.bureauId === district))).map(({ id }) => id)
}

function rowOf (clock: ClockTable, level: ReminderLevel, accountId: number, now: string): ReminderTable {
  return {
    id: `${clock.complaint_id}.${clock.clock}.${clock.started_at}.${level}.${accountId}`, complaint_id: clock.complaint_id, account_id: accountId, kind: 'clock', clock: clock.clock, run: clock.started_at, level,
    due_on: clock.due_on, text_sealed: null, created_at: now, done_at: null
  }
}
