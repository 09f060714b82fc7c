import { setImmediate as breathe } from 'node:timers/promises'
import { appendAudit } from '../../../db/audit.ts'
import { loadReckoner } from '../../../db/reckoner.ts'
import type { ClockTable } from '../../../db/schema.ts'
import type { Calendar } from '../../../domain/time/calendar.ts'
import { replayClock } from '../../../domain/time/clocks.ts'
import { insertEvent } from '../../case/core/repository.ts'
import type { Actor, Parts } from '../../case/core/types.ts'
import { columnsOf, courseOf, keep, listClocks, writeDue } from '../../case/ledger/clocks.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { moveDemands } from '../extensions/repository.ts'
import { listUnfinished, lockComplaint, markPlace, pageOfCases, writeMoved } from './repository.ts'

export { listMoved, type Moved } from './repository.ts'

/** Cases looked at together; between two pieces others have their turn. */
const PIECE = 100

/**
 * Reckons every running clock anew after a change of the calendar, case by case from where it stopped, so that a killed process costs nothing and a
 * second run changes nothing. A due date that moves is written into the report of the change, onto the case and into the audit. Gives how many moved.
 */
export async function recountClocks (parts: Parts, change: { id: string, cursor: string }, actor: Pick<Actor, 'id' | 'role' | 'requestId'>, now: string, signal?: AbortSignal): Promise<number> {
  const { calendar } = await loadReckoner(parts.db)
  let moved = 0
  for (let cursor = change.cursor; ;) {
    const ids = await pageOfCases(parts.db, cursor, PIECE)
    for (const id of ids) {
      if ((await listClocks(parts.db, id)).every(clock => same(clock, anew(clock, calendar)))) continue
      moved += await recountCase(parts, { id, changeId: change.id, calendar }, actor, now)
    }
    cursor = ids.at(-1) ?? ''
    await markPlace(parts.db, change.id, ids.length < PIECE ? { recounted_at: now } : { cursor })
    if (ids.length < PIECE) return moved
    await breathe()
    signal?.throwIfAborted()
  }
}

/** Goes on with changes whose recount a process did not finish. */
export async function resumeRecounts (parts: Parts, now: string, signal?: AbortSignal): Promise<number> {
  let moved = 0
  for (const { id, cursor } of await listUnfinished(parts.db, new Date(Date.parse(now) - 60_000).toISOString())) moved += await recountClocks(parts, { id, cursor }, { id: null, role: 'system', requestId: 'recount' }, now, signal)
  return moved
}

interface Recount { id: string, changeId: string, calendar: Calendar }

async function recountCase ({ db, keys }: Parts, { id, changeId, calendar }: Recount, actor: Pick<Actor, 'id' | 'role' | 'requestId'>, now: string): Promise<number> {
  return await db.transaction().execute(async trx => {
    const complaint = await lockComplaint(trx, id)
    const clocks = await listClocks(trx, id)
    const turned = clocks.map(clock => anew(clock, calendar))
    const changed = turned.filter((clock, at) => !same(clock, clocks[at] as ClockTable))
    for (const clock of changed) await keep(trx, clock)
    const [rectifyBefore, rectifyAfter] = [clocks, changed].map(list => list.find(({ clock }) => clock === 'rectify')?.due_on)
    if (rectifyBefore !== undefined && rectifyAfter !== undefined) await moveDemands(trx, id, { from: rectifyBefore, to: rectifyAfter }) // an agency reads its own due dates there
    await writeDue(trx, id, turned.filter(clock => clock.stopped_on === null && clock.paused_on === null))
    const moved = changed.filter(clock => clock.paused_on === null).map(clock => ({ clock: clock.clock, due_before: clocks.find(old => old.clock === clock.clock)?.due_on ?? '', due_after: clock.due_on, assured: clock.assured }))
    await writeMoved(trx, moved.map(row => ({ ...row, change_id: changeId, complaint_id: id, ref: complaint.ref })))
    for (const { clock, due_before: before, due_after: after } of moved.filter(row => row.due_before !== row.due_after)) {
      await insertEvent(trx, sealFor(keys, complaint), id, { action: 'due_moved', from: complaint.status, to: complaint.status, actorId: actor.id, role: actor.role, audience: 'internal', details: { clock, due_before: before, due_after: after }, at: now })
      await appendAudit(trx, keys.audit, { at: now, actorId: actor.id, role: actor.role, action: 'complaint.due_moved', subject: `${complaint.ref} ${clock} ${before} ${after}`, result: 'done', requestId: actor.requestId })
    }
    return moved.length
  })
}

/** A running clock as the calendar now has it; one that has stopped stays what it was. */
function anew (clock: ClockTable, calendar: Calendar): ClockTable {
  if (clock.stopped_on !== null) return clock
  const state = replayClock(clock.started_at, { days: clock.days, dayType: clock.day_type }, calendar, courseOf(clock))
  return { ...clock, ...columnsOf(state), paused_on: clock.paused_on }
}

function same (a: ClockTable, b: ClockTable): boolean {
  return a.due_on === b.due_on && a.assured === b.assured && a.anchor_on === b.anchor_on && a.days_left === b.days_left
}
