import { appendAudit } from '../../../db/audit.ts'
import type { ClockTable, Db } from '../../../db/schema.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import type { Clock } from '../../../domain/time/clocks.ts'
import type { Guard } from '../../../domain/process/guards.ts'
import type { Role } from '../../../domain/process/permissions.ts'
import { ratingsOpen, type Confirmation, type Rated, type RatingMoment } from '../../../domain/aftermath/follow-up.ts'
import { AppError } from '../../../errors.ts'
import { choices, OPEN_STATUSES, type Action, type Status } from '../../../domain/process/workflow.ts'
import { factsOf, readStanding } from '../../case/standing/facts.ts'
import { findByRef, insertEvent, listIssues, touchComplaint, type ComplaintRow } from '../../case/core/repository.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Actor, Parts } from '../../case/core/types.ts'
import { listClocks } from '../../case/ledger/clocks.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { FLAGS, listConfirmations, listFlags, listRatings, listRecusals, listTies, lowerFlag, type Flag, type Tie } from './repository.ts'

/** Whether something may be asked for now; if not, which guards stand against it and which period is over. `until`: its last day. */
export interface Opening { open: boolean, failing: Guard[], until: string | null }
type Kind = 'withdrawal' | 'insisting' | 'rectification' | 'review' | 'recusal' | 'retaliation'

export interface FollowUp {
  may: Record<Kind, Opening>
  /** Moments at which a rating is asked for and not yet given. */
  ratings: RatingMoment[]
  recusals: Array<{ status: string, askedAt: string }>
  confirmed: { answer: Confirmation, at: string } | null
}

/** What the complainant may do now besides writing. */
export async function followedUp ({ db }: Parts, complaint: ComplaintRow, now: string): Promise<FollowUp> {
  const { id } = complaint
  const events = await db.selectFrom('event').select(['action', 'actor_id as actorId', 'at']).where('complaint_id', '=', id).orderBy('seq').execute()
  const clocks = await listClocks(db, id)
  const facts = factsOf({ complaint, issues: await listIssues(db, id), clocks, acts: events, standing: await readStanding(db, complaint, null) }, { actorId: null }, now)
  const choice = (action: Action, clock?: Clock): Opening => {
    const found = choices(complaint.status as Status, 'complainant', facts).find(row => row.action === action)
    return { open: found?.available === true, failing: found?.failing ?? [], until: lastDay(clocks, clock) }
  }
  const status = complaint.status as Status
  const recusals = await listRecusals(db, id)
  const rated = (await listRatings(db, id)).map(row => row.moment)
  const confirmed = (await listConfirmations(db, id)).at(-1)
  const watch = lastDay(clocks, 'retaliation')
  return {
    may: {
      withdrawal: choice('withdraw'),
      insisting: choice('insist'),
      rectification: choice('dispute_rectification', 'reopening'),
      review: choice('request_review', 'review_window'),
      recusal: { open: OPEN_STATUSES.includes(status) && status !== 'withdrawn' && !recusals.some(row => row.status === 'open'), failing: [], until: null },
      retaliation: { open: complaint.closed_at === null || (watch !== null && localDate(now) <= watch), failing: [], until: complaint.closed_at === null ? null : watch }
    },
    ratings: ratingsOpen(events, now).filter(moment => !rated.includes(moment)),
    recusals: recusals.map(row => ({ status: row.status, askedAt: row.asked_at })),
    confirmed: confirmed === undefined ? null : { answer: confirmed.answer as Confirmation, at: confirmed.at }
  }
}

function lastDay (clocks: readonly ClockTable[], clock: Clock | undefined): string | null {
  return clocks.find(row => row.clock === clock && row.stopped_on === null)?.due_on ?? null
}

export interface Aftermath {
  flags: Flag[], ties: Tie[]
  confirmations: Array<{ answer: Confirmation, words: string | null, at: string }>
  recusals: Array<{ id: number, status: string, who: string, why: string, askedAt: string, person: string | null }>
  /** Numbers only, and only once the complaint is closed: nobody handles a complaint with an eye on its rating. */
  ratings: Array<{ moment: RatingMoment, scores: Partial<Record<Rated, number | null>>, words: string | null, at: string }>
}

/** The same as staff see it. The words of a rating are read by who may decide about recusals, never by the handlers. */
export async function aftermathOf ({ db, keys }: Parts, complaint: ComplaintRow, viewer: { role?: Role, id?: number | null } = {}): Promise<Aftermath> {
  const seal = sealFor(keys, complaint)
  const names = new Map((await db.selectFrom('account').innerJoin('recusal', 'recusal.account_id', 'account.id').select(['account.id', 'account.name']).where('complaint_id', '=', complaint.id).execute()).map(row => [row.id, row.name]))
  return {
    flags: (await listFlags(db, [complaint.id])).map(({ kind }) => kind),
    ties: await listTies(db, complaint.id, viewer.id ?? null),
    confirmations: (await listConfirmations(db, complaint.id)).map(row => ({ answer: row.answer as Confirmation, words: row.sealed === null ? null : seal.open(`confirmation:${row.no}`, row.sealed), at: row.at })),
    recusals: (await listRecusals(db, complaint.id)).map(row => ({
      id: row.id, status: row.status, ...JSON.parse(seal.open(`recusal:${row.id}`, row.sealed)) as { who: string, why: string }, askedAt: row.asked_at, person: row.account_id === null ? null : names.get(row.account_id) ?? null
    })),
    ratings: complaint.closed_at === null
      ? []
      : (await listRatings(db, complaint.id)).map(row => ({
          moment: row.moment as RatingMoment,
          scores: { clarity: row.clarity, fairness: row.fairness, speed: row.speed },
          words: row.sealed === null || viewer.role !== 'approver' ? null : seal.open(`rating:${row.moment}`, row.sealed),
          at: row.at
        }))
  }
}

/** Takes a flag down once it was looked into; the reasons stay in the history, which the complainant does not see. Errors: `forbidden`, `not_found`. */
export async function settleFlag (parts: Parts, actor: Actor & { id: number }, ref: string, kind: Flag, now: string): Promise<void> {
  demandPermission(actor, 'complaint.note')
  if (!FLAGS.includes(kind)) throw new AppError('not_found', { ref })
  await parts.db.transaction().execute(async trx => {
    const complaint = await findByRef(trx, ref, actor)
    await touchComplaint(trx, complaint.id, {}, now)
    if (!await lowerFlag(trx, complaint.id, kind, actor.id, now)) return
    await recordFlag(trx, parts, actor, complaint, { kind, now })
  })
}

async function recordFlag (trx: Db, { keys }: Parts, actor: Actor, complaint: ComplaintRow, { kind, now }: { kind: Flag, now: string }): Promise<void> {
  await insertEvent(trx, sealFor(keys, complaint), complaint.id, { action: 'flag_settled', from: complaint.status, to: complaint.status, actorId: actor.id, role: actor.role, audience: 'internal', details: { flag: kind }, at: now })
  await appendAudit(trx, keys.audit, { at: now, actorId: actor.id, role: actor.role, action: 'complaint.flag_settled', subject: complaint.ref, result: 'done', requestId: actor.requestId })
}
