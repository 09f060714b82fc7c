import { randomUUID } from 'node:crypto'
import { appendAudit } from '../../../db/audit.ts'
import type { Db } from '../../../db/schema.ts'
import { CASEWORK } from '../../../domain/process/permissions.ts'
import { daysBetween, isDate, localDate } from '../../../domain/time/calendar.ts'
import { ABSENCE_LIMIT, mayStandIn } from '../../../domain/work/absence.ts'
import { AppError } from '../../../errors.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Actor, FieldFaults, Parts } from '../../case/core/types.ts'
import { findPerson, listDeputised } from './repository.ts'

export { beginHandover, continueHandover, HANDOVER_NOTE_LIMIT, readHandover, type Handover } from './handover.ts'
export { listAbsences, listAway, listPeople, type Away } from './repository.ts'

export type Leader = Actor & { id: number, bureauIds: readonly number[] }
export interface AbsenceWish { accountId: number, from: string, to: string, deputyId: number | null }

/** For whom somebody stands in today: cases of theirs are seen as 代某某. */
export async function absentFor (db: Db, accountId: number, today: string): Promise<Array<{ id: number, name: string, until: string }>> {
  return (await listDeputised(db, accountId, today)).map(({ accountId: id, name, to }) => ({ id, name, until: to }))
}

/**
 * Sets from when to when somebody is away and who stands in: oneself, or whoever leads for somebody of the bureaus. What was set before for the same days
 * no longer counts. Errors: `forbidden`, `form_invalid`.
 */
export async function setAbsence (parts: Parts, actor: Leader, wish: AbsenceWish, now: string): Promise<void> {
  demandPermission(actor, wish.accountId === actor.id ? 'complaint.claim' : 'complaint.assign')
  await parts.db.transaction().execute(async trx => {
    const faults = { ...datesIn(wish, localDate(now)), ...await peopleIn(trx, actor, wish) }
    if (Object.keys(faults).length > 0) throw new AppError('form_invalid', { fields: faults })
    await trx.updateTable('absence').set({ ended_at: now, ended_by: actor.id }).where('account_id', '=', wish.accountId).where('ended_at', 'is', null).where('from_on', '<=', wish.to).where('to_on', '>=', wish.from).execute()
    await trx.insertInto('absence').values({ id: randomUUID(), account_id: wish.accountId, from_on: wish.from, to_on: wish.to, deputy_id: wish.deputyId, set_by: actor.id, set_at: now, ended_at: null, ended_by: null }).execute()
    await record(trx, parts, actor, { action: 'absence.set', accountId: wish.accountId }, now)
  })
}

/** Ends an absence before its time, or takes it back: oneself or whoever leads. Twice is once. Errors: `forbidden`, `not_found`. */
export async function endAbsence (parts: Parts, actor: Leader, id: string, now: string): Promise<void> {
  await parts.db.transaction().execute(async trx => {
    const row = await trx.selectFrom('absence').innerJoin('account', 'account.id', 'absence.account_id').select(['absence.account_id as accountId', 'account.bureau_id as bureauId']).where('absence.id', '=', id).executeTakeFirst()
    if (row === undefined || !actor.bureauIds.includes(row.bureauId)) throw new AppError('not_found', { id })
    demandPermission(actor, row.accountId === actor.id ? 'complaint.claim' : 'complaint.assign')
    const { numUpdatedRows } = await trx.updateTable('absence').set({ ended_at: now, ended_by: actor.id }).where('id', '=', id).where('ended_at', 'is', null).executeTakeFirst()
    if (numUpdatedRows > 0n) await record(trx, parts, actor, { action: 'absence.ended', accountId: row.accountId }, now)
  })
}

function datesIn ({ from, to }: AbsenceWish, today: string): FieldFaults {
  const faults: FieldFaults = {}
  if (!isDate(from)) faults['from'] = { key: 'absence.bad_day' }
  if (!isDate(to)) faults['to'] = { key: 'absence.bad_day' }
  else if (to < today) faults['to'] = { key: 'absence.past' }
  if (Object.keys(faults).length > 0) return faults
  if (to < from) return { to: { key: 'absence.backwards' } }
  return daysBetween(from, to) >= ABSENCE_LIMIT ? { to: { key: 'absence.long', values: { days: ABSENCE_LIMIT } } } : {}
}

async function peopleIn (db: Db, actor: Leader, { accountId, deputyId }: AbsenceWish): Promise<FieldFaults> {
  const person = await findPerson(db, accountId)
  if (person === undefined || person.disabled !== 0 || !actor.bureauIds.includes(person.bureauId) || !CASEWORK.includes(person.role)) return { account: { key: 'absence.unknown' } }
  if (deputyId === null) return {}
  const deputy = await findPerson(db, deputyId)
  return deputy === undefined || deputy.disabled !== 0 || !mayStandIn(deputy, person, CASEWORK) ? { deputy: { key: 'absence.no_deputy' } } : {}
}

async function record (trx: Db, { keys }: Parts, actor: Actor, { action, accountId }: { action: string, accountId: number }, now: string): Promise<void> {
  await appendAudit(trx, keys.audit, { at: now, actorId: actor.id, role: actor.role, action, subject: `account ${accountId}`, result: 'done', requestId: actor.requestId })
}
