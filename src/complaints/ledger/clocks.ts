import type { ClockTable, Db } from '../../db/schema.ts'
import { localDate } from '../../domain/time/calendar.ts'
import { pauseClock, resumeClock, startClock, WINDOWS, type Clock, type ClockState, type Pause } from '../../domain/time/clocks.ts'
import type { Row } from '../../domain/process/workflow.ts'
import type { Reckoner } from '../../db/reckoner.ts'

/** The end of sort order: after every date, on both engines. */
const NEVER = '9999-12-31'

/** All clocks of a complaint, stopped ones included, in the order of their start. */
export async function listClocks (db: Db, id: string): Promise<ClockTable[]> {
  return await db.selectFrom('clock').selectAll().where('complaint_id', '=', id).orderBy('started_at').orderBy('clock').execute()
}

/** Does to the clocks what a row of the workflow says and writes down which of them is due first. Returns the running ones. */
export async function turnClocks (trx: Db, id: string, effects: Row['clock'], reckoner: Reckoner, now: string): Promise<ClockTable[]> {
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
  await change(effects?.pause, row => paused(row, reckoner, now))
  await change(effects?.resume, row => resumed(row, reckoner, now))
  for (const clock of effects?.start ?? []) {
    const row = started(id, clock, reckoner, now)
    rows.set(clock, row)
    await keep(trx, row)
  }
  const running = [...rows.values()].filter(row => row.stopped_on === null && row.paused_on === null)
  await writeDue(trx, id, running.filter(row => !(WINDOWS as readonly string[]).includes(row.clock)))
  return running
}

async function keep (trx: Db, row: ClockTable): Promise<void> {
  const { complaint_id: _complaint, clock: _clock, ...rest } = row
  await trx.insertInto('clock').values(row).onConflict(conflict => conflict.columns(['complaint_id', 'clock']).doUpdateSet(rest)).execute()
}

async function writeDue (trx: Db, id: string, running: ClockTable[]): Promise<void> {
  const first = earliest(running)
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
    stopped_on: null,
    ...columnsOf(startClock(now, rule, calendar))
  }
}

function paused (row: ClockTable, { calendar }: Reckoner, now: string): Partial<ClockTable> {
  const state = pauseClock(stateOf(row), now, row.day_type, calendar)
  if (state.pausedOn === row.paused_on) return {}
  return { ...columnsOf(state), pauses: JSON.stringify([...pausesOf(row), { from: localDate(now), to: null }]) }
}

function resumed (row: ClockTable, { calendar }: Reckoner, now: string): Partial<ClockTable> {
  if (row.paused_on === null) return {}
  const pauses = pausesOf(row).map(pause => pause.to === null ? { ...pause, to: localDate(now) } : pause)
  return { ...columnsOf(resumeClock(stateOf(row), now, row.day_type, calendar)), pauses: JSON.stringify(pauses) }
}

/** The stretches in which a clock did not run; for explain(). */
export function pausesOf (row: ClockTable): Pause[] {
  return JSON.parse(row.pauses) as Pause[]
}

function stateOf (row: ClockTable): ClockState {
  return { anchorOn: row.anchor_on, daysLeft: row.days_left, dueOn: row.due_on, assured: row.assured === 1, pausedOn: row.paused_on }
}

function columnsOf (state: ClockState): Pick<ClockTable, 'anchor_on' | 'days_left' | 'due_on' | 'assured' | 'paused_on'> {
  return { anchor_on: state.anchorOn, days_left: state.daysLeft, due_on: state.dueOn, assured: state.assured ? 1 : 0, paused_on: state.pausedOn }
}
