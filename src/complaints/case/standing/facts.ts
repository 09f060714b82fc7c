import type { ClockTable, Db } from '../../../db/schema.ts'
import { hadPart, type Acted } from '../../../domain/aftermath/review.ts'
import { openChecks } from '../../../domain/supervision/checklist.ts'
import type { DemandState } from '../../../domain/supervision/demands.ts'
import { DEMANDING } from '../../../domain/process/documents.ts'
import type { Finding } from '../../../domain/process/findings.ts'
import type { Facts } from '../../../domain/process/guards.ts'
import type { Parallel } from '../../../domain/process/parallel.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import type { Clock } from '../../../domain/time/clocks.ts'
import { listClocks } from '../ledger/clocks.ts'
import { listConflicted } from '../../work/conflicts/repository.ts'
import { listActs, listIssues, type ComplaintRow } from '../core/repository.ts'

export type CaseFacts = Omit<Facts, 'role'>

/** Who acts, and the reason chosen where a complaint is refused. */
export interface Asking { refusal?: Facts['refusal'], actorId: number | null }
interface Known { complaint: ComplaintRow, issues: ReadonlyArray<{ ground: string, finding: string | null, rule_kind: string | null }>, clocks: readonly ClockTable[], acts: readonly Acted[], standing: Standing }

/** What stands beside a case: who examines it, which letters were approved and issued, what they demand. */
export interface Standing { investigators: number, tied: boolean, insisting: boolean, approved: readonly string[], lettersIssued: number, demands: readonly DemandState[], withdrawalsOpen: number, ticked: readonly string[] }

/** What the guards ask about a complaint on a day. */
export async function loadFacts (db: Db, complaint: ComplaintRow, asking: Asking, now: string): Promise<CaseFacts> {
  const [issues, clocks, acts] = [await listIssues(db, complaint.id), await listClocks(db, complaint.id), await listActs(db, complaint.id)]
  return factsOf({ complaint, issues, clocks, acts, standing: await readStanding(db, complaint, asking.actorId) }, asking, now)
}

/** Reads what stands beside a case; `actorId` is who would act. */
export async function readStanding (db: Db, { id, bureau_id: bureauId, handler_id: handlerId }: Pick<ComplaintRow, 'id' | 'bureau_id' | 'handler_id'>, actorId: number | null): Promise<Standing> {
  const examining = await db.selectFrom('assignment').innerJoin('account', 'account.id', 'assignment.account_id').select(['account.id', 'account.disabled', 'account.card_no'])
    .where('assignment.complaint_id', '=', id).where('assignment.ended_at', 'is', null).execute()
  const conflicted = await listConflicted(db, [handlerId, actorId, ...examining.map(row => row.id)].filter(person => person !== null), id)
  const bureau = await db.selectFrom('bureau').select('insisting').where('id', '=', bureauId).executeTakeFirst()
  const drafts = await db.selectFrom('document_draft').select('type').where('complaint_id', '=', id).where('state', '=', 'approved').execute()
  const letters = await db.selectFrom('document').select('id').where('complaint_id', '=', id).where('type', 'in', DEMANDING).where('voided_at', 'is', null).execute()
  const demands = await db.selectFrom('demand').select('state').where('complaint_id', '=', id).execute()
  const withdrawals = await db.selectFrom('withdrawal_task').select('no').where('complaint_id', '=', id).where('state', '=', 'open').execute()
  const ticks = await db.selectFrom('checklist_tick').select('item').where('complaint_id', '=', id).execute()
  return { withdrawalsOpen: withdrawals.length, ticked: ticks.map(({ item }) => item), investigators: examining.filter(row => row.disabled === 0 && row.card_no !== null).length, tied: conflicted.length > 0, insisting: bureau?.insisting === 1, approved: drafts.map(({ type }) => type), lettersIssued: letters.length, demands: demands.map(({ state }) => state as DemandState) }
}

/** The same from what was read already. */
export function factsOf (known: Known, { refusal = null, actorId }: Asking, now: string): CaseFacts {
  const { complaint, issues, clocks, acts, standing } = known
  const supplement = clocks.find(row => row.clock === 'supplement' && row.stopped_on === null)
  const lasts = (clock: Clock): boolean => clocks.some(row => row.clock === clock && row.stopped_on === null && localDate(now) <= row.due_on)
  const happened = (name: string): boolean => acts.some(({ action }) => action === name)
  return {
    findings: issues.map(issue => issue.finding as Finding | null),
    ruled: issues.map(issue => issue.rule_kind !== null),
    checksOpen: openChecks(issues.map(issue => issue.ground), standing.ticked, complaint.checks),
    parallels: [complaint.parallel as Parallel],
    supplementOpen: supplement !== undefined && localDate(now) <= supplement.due_on,
    refusal,
    reviewOpen: lasts('review_window'),
    reviewed: happened('request_review'),
    reopeningOpen: complaint.closed_at === null || lasts('reopening'),
    tied: standing.tied,
    hadPart: hadPart(acts, actorId),
    agencyKnown: complaint.agency_id !== null,
    investigators: standing.investigators,
    insisting: happened('insist') ? 'done' : insistingHere(known) ? 'allowed' : 'not_here',
    acceptedBefore: complaint.case_no !== null,
    answeredBefore: happened('reply'),
    approvedLetter: standing.approved.some(type => type !== 'decision_letter' && (DEMANDING as readonly string[]).includes(type)),
    approvedDecision: standing.approved.includes('decision_letter'),
    lettersIssued: standing.lettersIssued,
    demands: standing.demands,
    correctedOnSpot: happened('correct_on_spot'),
    objectionOpen: lasts('objection'),
    withdrawalsOpen: standing.withdrawalsOpen
  }
}

/** Who was shown the way of the law may insist on acceptance where the bureau's rule says so; other refusals have other remedies (domain.md 8.4, N07). */
function insistingHere ({ complaint, standing }: Known): boolean {
  return standing.insisting && (complaint.status === 'guided' || complaint.refusal_code === 'N07')
}
