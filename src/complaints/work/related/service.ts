import { appendAudit } from '../../../db/audit.ts'
import type { Db } from '../../../db/schema.ts'
import { addDays } from '../../../domain/time/calendar.ts'
import { AppError } from '../../../errors.ts'
import { findByRef, insertEvent, listIssues, touchComplaint, type ComplaintRow } from '../../case/core/repository.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Actor, Parts, Viewer } from '../../case/core/types.ts'
import type { SideEvent } from '../../../domain/process/side-events.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { deleteTie, insertRefusal, insertTie, listLinked, listNear, listPast, listTied, listTies, type Neighbour, type Past, type Tied, type TieKind } from './repository.ts'

export { TIE_KINDS, type Neighbour, type Past, type Tied, type TieKind } from './repository.ts'

type Person = Actor & { id: number }
/** How many days apart two complaints about one event may put it. */
export const NEAR_DAYS = 3

export interface Candidate extends Neighbour { officer: boolean }
export interface Related { tied: Tied[], candidates: Candidate[], past: Past[] }

/** What a case belongs to, what it may belong to, and how the like was decided before. */
export async function readRelated ({ db }: Pick<Parts, 'db'>, row: ComplaintRow, viewer: Viewer): Promise<Related> {
  const matters = (await listLinked(db, 'matter', [row.id])).map(({ record }) => record)
  const grounds = [...new Set((await listIssues(db, row.id)).map(({ ground }) => ground))]
  return {
    tied: await listTied(db, row.id, viewer),
    candidates: await candidatesOf(db, row, viewer),
    past: await listPast(db, { id: row.id, grounds, matters, agencyId: row.agency_id }, viewer)
  }
}

/** The same agency within three days; those about the same officer first. */
async function candidatesOf (db: Db, { id, agency_id: agencyId, occurred_on: on }: ComplaintRow, viewer: Viewer): Promise<Candidate[]> {
  if (agencyId === null || on === null) return []
  const near = await listNear(db, { id, agencyId, from: addDays(on, -NEAR_DAYS), to: addDays(on, NEAR_DAYS) }, viewer)
  const own = new Set((await listLinked(db, 'officer', [id])).map(({ record }) => record))
  const same = new Set((await listLinked(db, 'officer', near.map(other => other.id))).filter(({ record }) => own.has(record)).map(other => other.id))
  return near.map(other => ({ ...other, officer: same.has(other.id) })).sort((a, b) => Number(b.officer) - Number(a.officer))
}

/**
 * Ties a case to another one, never merges them: each keeps receipt, privacy and clocks (B10). `related`: about one event; `part_of`: the other one leads
 * (T35), one alone, and itself led by none. Errors: `forbidden`, `not_found`, `form_invalid`.
 */
export async function relate (parts: Parts, actor: Person, ref: string, { other, kind }: { other: string, kind: TieKind }, now: string): Promise<void> {
  await onPair(parts, actor, { ref, other, now }, async (trx, own, found) => {
    if (kind === 'part_of') await demandOneLead(trx, own, found)
    const [later, earlier] = kind === 'part_of' || own.submitted_at >= found.submitted_at ? [own, found] : [found, own]
    const turned = (await listTies(trx, own.id)).some(tie => [tie.complaint_id, tie.earlier_id].includes(found.id))
    if (turned || !await insertTie(trx, { complaint_id: later.id, earlier_id: earlier.id, kind, at: now })) throw wrong('related.tied_already')
    for (const [row, of] of [[own, found], [found, own]] as const) await write(trx, parts, actor, { row, event: 'related', other: of.ref, now })
  })
}

/** Unties two cases that staff tied. Errors: as `relate`. */
export async function unrelate (parts: Parts, actor: Person, ref: string, other: string, now: string): Promise<void> {
  await onPair(parts, actor, { ref, other, now }, async (trx, own, found) => {
    if (!await deleteTie(trx, own.id, found.id)) throw wrong('related.not_tied')
    for (const [row, of] of [[own, found], [found, own]] as const) await write(trx, parts, actor, { row, event: 'unrelated', other: of.ref, now })
  })
}

/** Remembers that a candidate is not about the same: it is offered no more, from either side. Errors: as `relate`. */
export async function putAside (parts: Parts, actor: Person, ref: string, other: string, now: string): Promise<void> {
  await onPair(parts, actor, { ref, other, now }, async (trx, own, found) => {
    await insertRefusal(trx, { complaint_id: own.id, other_id: found.id, account_id: actor.id, at: now })
    await appendAudit(trx, parts.keys.audit, { at: now, actorId: actor.id, role: actor.role, action: 'complaint.put_aside', subject: `${ref} ${other}`, result: 'done', requestId: actor.requestId })
  })
}

async function onPair (parts: Parts, actor: Person, { ref, other, now }: { ref: string, other: string, now: string }, work: (trx: Db, own: ComplaintRow, found: ComplaintRow) => Promise<void>): Promise<void> {
  demandPermission(actor, 'complaint.claim')
  if (ref === other) throw wrong('related.itself')
  await parts.db.transaction().execute(async trx => {
    const own = await findByRef(trx, ref, actor)
    const found = await findByRef(trx, other, actor).catch((error: unknown) => { throw error instanceof AppError && error.code === 'not_found' ? wrong('related.unknown') : error })
    for (const id of [own.id, found.id].sort()) await touchComplaint(trx, id, {}, now) // always in one order: two people who tie the same two do not wait for each other for ever
    await work(trx, own, found)
  })
}

/** A case has one lead, which is led by none; a lead is not put under another. */
async function demandOneLead (trx: Db, own: ComplaintRow, lead: ComplaintRow): Promise<void> {
  const parts = (ties: Awaited<ReturnType<typeof listTies>>) => ties.filter(tie => tie.kind === 'part_of')
  if (parts(await listTies(trx, own.id)).length > 0) throw wrong('related.has_lead')
  if (parts(await listTies(trx, lead.id)).some(tie => tie.complaint_id === lead.id)) throw wrong('related.lead_is_led')
}

interface Line { row: ComplaintRow, event: SideEvent, other: string, now: string }

async function write (trx: Db, { keys }: Pick<Parts, 'keys'>, actor: Person, { row, event, other, now }: Line): Promise<void> {
  const { id, ref, status } = row
  await insertEvent(trx, sealFor(keys, row), id, { action: event, from: status, to: status, actorId: actor.id, role: actor.role, audience: 'internal', details: { other }, at: now })
  await appendAudit(trx, keys.audit, { at: now, actorId: actor.id, role: actor.role, action: `complaint.${event}`, subject: `${ref} ${other}`, result: 'done', requestId: actor.requestId })
}

function wrong (key: string): AppError {
  return new AppError('form_invalid', { fields: { other: { key } } })
}
