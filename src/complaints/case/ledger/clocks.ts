import type { ClockTable, Db } from '../../../db/schema.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import type { PauseReason } from '../../../domain/supervision/suspensions.ts'
import { extendClock, pauseClock, resumeClock, startClock, WINDOWS, type Clock, type ClockState, type Course, type Extension, type Pause } from '../../../domain/time/clocks.ts'
import type { Row } from '../../../domain/process/workflow.ts'
import type { Reckoner } from '../../../db/reckoner.ts'

/** The end of sort order: after every date, on both engines. */
const NEVER = '9999-12-31'

/** All clocks of a complaint, stopped ones included, in the order of their start. */
export async function listClocks (db: Db, id: string): Promise<ClockTable[]> {
  return await db.selectFrom('clock').selectAll().where('complaint_id', '=', id).orderBy('started_at').orderBy('clock').execute()
}

/** What a row of the workflow does to clocks, why one of them waits, and what is granted to one. */
export type Effects = NonNullable<Row['clock']> & { why?: PauseReason, extend?: { clock: Clock, days: number } }

/** Does to the clocks what is asked and writes down which of them is due first. Returns the running ones. */
export async function turnClocks (trx: Db, id: string, effects: Effects | undefined, reckoner: Reckoner, now: string): Promise<ClockTable[]> {
  const rows = new Map((await listClocks(trx, id)).map(row => [row.clock, row]))
  const change = async (clocks: readonly Clock[] | undefined, turn: (row: ClockTable) => Partial<ClockTable>): Promise<void> => {
    for (const clock of clocks ?? []) {
      const row = rows.get(clock)
      if (row === undefined || row.stopped_on !== null) continue
      const turned = { ...row, ...turn(row) }
      rows.set(clock, turned)
      await keep(trx, turned)
    }
  }
  await change(effects?.stop, () => ({ stopped_on: localDate(now) }))
  await change(effects?.pause, row => paused(row, reckoner, now, effects?.why))
  await change(effects?.resume, row => resumed(row, reckoner, now))
  if (effects?.extend !== undefined) await change([effects.extend.clock], row => extended(row, reckoner, now, effects.extend?.days ?? 0))
  for (const clock of effects?.start ?? []) {
    const row = started(id, clock, reckoner, now)
    rows.set(clock, row)
    await keep(trx, row)
  }
  const running = [...rows.values()].filter(row => row.stopped_on === null && row.paused_on === null)
  await writeDue(trx, id, running)
  return running
}

/** Keeps a clock as it is given. */
export async function keep (trx: Db, row: ClockTable): Promise<void> {
  const { complaint_id: _complaint, clock: _clock, ...rest } = row
  await trx.insertInto('clock').values(row).onConflict(conflict => conflict.columns(['complaint_id', 'clock']).doUpdateSet(rest)).execute()
}

/** Writes down which of the running clocks is due first. */
export async function writeDue (trx: Db, id: string, running: ClockTable[]): Promise<void> {
  const first = earliest(running.filter(row => !(WINDOWS as readonly string[]).includes(row.clock)))
  await trx.updateTable('complaint').where('id', '=', id).set({
    due_on: first?.due_on ?? null, due_clock: first?.clock ?? null, due_from: first === undefined ? null : localDate(first.started_at), sort_on: first?.due_on ?? NEVER
  }).execute()
}

function earliest (rows: ClockTable[]): ClockTable | undefined {
  return [...rows].sort((a, b) => a.due_on < b.due_on ? -1 : 1)[0]
}

function started (id: string, clock: Clock, { rules, calendar }: Reckoner, now: string): ClockTable {
  const rule = rules.get(clock)
  if (rule === undefined) throw new Error(`the deadline profile has no clock ${clock}`)
  return {
    complaint_id: id,
    clock,
    started_at: now,
    days: rule.days,
    day_type: rule.dayType,
    basis: rule.basis,
    basis_en: rule.basisEn,
    kind: rule.kind,
    pauses: '[]',
    extensions: '[]',
    stopped_on: null,
    ...columnsOf(startClock(now, rule, calendar))
  }
}

function paused (row: ClockTable, { calendar }: Reckoner, now: string, why?: PauseReason): Partial<ClockTable> {
  const state = pauseClock(stateOf(row), now, row.day_type, calendar)
  if (state.pausedOn === row.paused_on) return {}
  return { ...columnsOf(state), pauses: JSON.stringify([...pausesOf(row), { from: localDate(now), to: null, ...why === undefined ? {} : { why } }]) }
}

function resumed (row: ClockTable, { calendar }: Reckoner, now: string): Partial<ClockTable> {
  if (row.paused_on === null) return {}
  const pauses = pausesOf(row).map(pause => pause.to === null ? { ...pause, to: localDate(now) } : pause)
  return { ...columnsOf(resumeClock(stateOf(row), now, row.day_type, calendar)), pauses: JSON.stringify(pauses) }
}

function extended (row: ClockTable, { calendar }: Reckoner, now: string, days: number): Partial<ClockTable> {
  const extensions: Extension[] = [...extensionsOf(row), { on: localDate(now), days }]
  return { ...columnsOf(extendClock(stateOf(row), days, row.day_type, calendar)), extensions: JSON.stringify(extensions) }
}

function pausesOf (row: Pick<ClockTable, 'pauses'>): Pause[] {
  return JSON.parse(row.pauses) as Pause[]
}

function extensionsOf (row: Pick<ClockTable, 'extensions'>): Extension[] {
  return JSON.parse(row.extensions) as Extension[]
}

/** What happened to a clock since it began: for explain() and replayClock(). */
export function courseOf (row: Pick<ClockTable, 'pauses' | 'extensions'>): Required<Course> {
  return { pauses: pausesOf(row), extensions: extensionsOf(row) }
}

/** All days that a clock has: its rule's and those granted. */
export function totalOf (row: Pick<ClockTable, 'days' | 'extensions'>): number {
  return extensionsOf(row).reduce((sum, { days }) => sum + days, row.days)
}

/** A row of the table as a clock. */
export function stateOf (row: ClockTable): ClockState {
  return { anchorOn: row.anchor_on, daysLeft: row.days_left, dueOn: row.due_on, assured: row.assured === 1, pausedOn: row.paused_on }
}

/** A clock as columns of the table. */
export function columnsOf (state: ClockState): Pick<ClockTable, 'anchor_on' | 'days_left' | 'due_on' | 'assured' | 'paused_on'> {
  return { anchor_on: state.anchorOn, days_left: state.daysLeft, due_on: state.dueOn, assured: state.assured ? 1 : 0, paused_on: state.pausedOn }
}
