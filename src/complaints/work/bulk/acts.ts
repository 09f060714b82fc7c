import type { Db } from '../../../db/schema.ts'
import { hadPart } from '../../../domain/aftermath/review.ts'
import { CASEWORK, PERMISSIONS, type Permission } from '../../../domain/process/permissions.ts'
import type { SideEvent } from '../../../domain/process/side-events.ts'
import { PRIORITIES, type Priority } from '../../../domain/work/priorities.ts'
import { listActs, lockComplaint, type ComplaintRow } from '../../case/core/repository.ts'
import { bureausOf, endAssignment, listAssigned, listSupervisors, upsertAssignment } from '../assignments/repository.ts'
import { hasConflict } from '../conflicts/repository.ts'
import { deleteTie, insertTie, listTies } from '../related/repository.ts'
import { findCaseId, findHandler, moveHandler, movePriority, moveQuarantine } from './repository.ts'

/** What a case is changed by: an account, the reference of another case, or nothing more than the act says; `me` acts. */
export interface Deed { row: ComplaintRow, value: string, me: number, now: string }
/** How a case stood before: codes and numbers only. */
export type Before = Record<string, string | number | null>
/** What tells of a change in the history of a case. */
export interface Told { event: SideEvent, typed?: Record<string, string>, details?: Record<string, string> }

/** One act that many cases may get at once. Nothing here ends a case or answers it (features.md T6). */
interface BulkAct {
  permission: Permission
  asks: 'supervisor' | 'handler' | 'case' | 'priority' | 'none'
  /** Why nothing can or need be done with a case, as `bulk_result.<code>`; null when it can. */
  against: (db: Db, deed: Deed) => Promise<string | null>
  apply: (trx: Db, deed: Deed) => Promise<Told & { before: Before }>
  undo: (trx: Db, deed: Deed & { before: Before }) => Promise<Told>
}

const rank = (value: string): Priority => PRIORITIES.find(priority => priority === value) ?? 'normal'
const person = (value: string): number => /^\d{1,9}$/.test(value) ? Number(value) : 0
/** Before these there is nothing that an accepted case would lose by being kept apart (本局自定). */
const UNACCEPTED: readonly string[] = ['submitted', 'registered', 'needs_info']

async function supervisorOf (db: Db, { row, value }: Deed) {
  return (await listSupervisors(db, await bureausOf(db, row), PERMISSIONS['complaint.investigate'])).find(({ id }) => id === person(value))
}

const supervisor: BulkAct = {
  permission: 'complaint.assign',
  asks: 'supervisor',
  async against (db, deed) {
    if (deed.row.closed_at !== null) return 'closed'
    if ((await listAssigned(db, deed.row.id)).some(({ id }) => id === person(deed.value))) return 'unchanged'
    const found = await supervisorOf(db, deed)
    if (found === undefined) return 'not_theirs'
    if (found.cardNo === null) return 'no_card'
    return await hasConflict(db, found.id, deed.row.id) ? 'conflict' : null
  },
  async apply (trx, deed) {
    await upsertAssignment(trx, { complaint_id: deed.row.id, account_id: person(deed.value), assigned_by: deed.me, at: deed.now })
    return { before: {}, event: 'assign', typed: { person: (await supervisorOf(trx, deed))?.name ?? '' } }
  },
  async undo (trx, deed) {
    const { name = '' } = await supervisorOf(trx, deed) ?? {}
    await endAssignment(trx, deed.row.id, person(deed.value), deed.now)
    return { event: 'unassign', typed: { person: name } }
  }
}

const handler: BulkAct = {
  permission: 'complaint.assign',
  asks: 'handler',
  async against (db, { row, value }) {
    if (row.closed_at !== null) return 'closed'
    if (row.handler_id === person(value)) return 'unchanged'
    const found = await findHandler(db, person(value), CASEWORK, await bureausOf(db, row))
    if (found === undefined) return 'not_theirs'
    if (row.status === 'review' && hadPart(await listActs(db, row.id), found.id)) return 'had_part'
    return await hasConflict(db, found.id, row.id) ? 'conflict' : null
  },
  async apply (trx, { row, value }) {
    const found = await findHandler(trx, person(value), CASEWORK, await bureausOf(trx, row))
    await moveHandler(trx, row.id, person(value))
    return { before: { handler: row.handler_id }, event: 'handed_over', typed: { person: found?.name ?? '' } }
  },
  async undo (trx, { row, before }) {
    const former = before['handler'] === null ? undefined : await findHandler(trx, Number(before['handler']), CASEWORK, await bureausOf(trx, row))
    const free = former === undefined || await hasConflict(trx, former.id, row.id)
    await moveHandler(trx, row.id, free ? null : former.id)
    return { event: 'handed_over', ...free ? {} : { typed: { person: former.name } } }
  }
}

const priority: BulkAct = {
  permission: 'complaint.triage',
  asks: 'priority',
  async against (_db, { row, value }) {
    if (row.closed_at !== null) return 'closed'
    return row.priority === value ? 'unchanged' : null
  },
  async apply (trx, { row, value }) {
    await movePriority(trx, row.id, rank(value))
    return { before: { priority: row.priority }, event: 'priority_changed', details: { priority: value } }
  },
  async undo (trx, { row, before }) {
    const former = rank(String(before['priority']))
    await movePriority(trx, row.id, former)
    return { event: 'priority_changed', details: { priority: former } }
  }
}

const relate: BulkAct = {
  permission: 'complaint.claim',
  asks: 'case',
  async against (db, { row, value }) {
    if (row.ref === value) return 'itself'
    const other = await findCaseId(db, value)
    return (await listTies(db, row.id)).some(tie => [tie.complaint_id, tie.earlier_id].includes(other)) ? 'unchanged' : null
  },
  async apply (trx, { row, value, now }) {
    const other = await lockComplaint(trx, await findCaseId(trx, value))
    const [later, earlier] = row.submitted_at >= other.submitted_at ? [row, other] : [other, row]
    await insertTie(trx, { complaint_id: later.id, earlier_id: earlier.id, kind: 'related', at: now })
    return { before: {}, event: 'related', details: { other: value } }
  },
  async undo (trx, { row, value }) {
    await deleteTie(trx, row.id, await findCaseId(trx, value))
    return { event: 'unrelated', details: { other: value } }
  }
}

const release: BulkAct = {
  permission: 'complaint.triage',
  asks: 'none',
  against: async (_db, { row }) => row.suspect === 0 ? 'unchanged' : null,
  async apply (trx, { row }) {
    await moveQuarantine(trx, row.id, { suspect: 0, quarantine: 'released' })
    return { before: { quarantine: row.quarantine }, event: 'quarantine_release' }
  },
  async undo (trx, { row, before }) {
    await moveQuarantine(trx, row.id, { suspect: 1, quarantine: before['quarantine'] === 'kept' ? 'kept' : 'waiting' })
    return { event: 'quarantine_enter' }
  }
}

const quarantine: BulkAct = {
  permission: 'complaint.triage',
  asks: 'none',
  async against (_db, { row }) {
    if (row.closed_at !== null) return 'closed'
    if (row.suspect === 1) return 'unchanged'
    return UNACCEPTED.includes(row.status) ? null : 'accepted'
  },
  async apply (trx, { row }) {
    await moveQuarantine(trx, row.id, { suspect: 1, quarantine: 'kept' })
    return { before: { quarantine: row.quarantine }, event: 'quarantine_enter' }
  },
  async undo (trx, { row, before }) {
    await moveQuarantine(trx, row.id, { suspect: 0, quarantine: before['quarantine'] === 'released' ? 'released' : null })
    return { event: 'quarantine_release' }
  }
}

/** What may be done with many cases at once; words at `bulk_act.<act>`. */
export const BULK_ACTS = { supervisor, handler, priority, relate, release, quarantine } as const satisfies Record<string, BulkAct>
export type BulkName = keyof typeof BULK_ACTS
export const BULK_NAMES = Object.keys(BULK_ACTS) as BulkName[]
