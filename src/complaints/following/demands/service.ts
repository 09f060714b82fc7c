import type { Db, DemandConfirmationTable } from '../../../db/schema.ts'
import type { Work } from '../../case/core/steps.ts'
import { asksComplainant, concernsComplainant, type DemandAnswer, type DemandState } from '../../../domain/supervision/demands.ts'
import type { DemandKind } from '../../../domain/supervision/letters.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { AppError } from '../../../errors.ts'
import { blank } from '../../case/core/demands.ts'
import type { ComplaintRow } from '../../case/core/repository.ts'
import type { Parts } from '../../case/core/types.ts'
import { sealFor, type Seal } from '../../case/ledger/sealing.ts'
import { limited, note, onOwn, type Act } from '../requests/acts.ts'
import { applyConfirmation, lastConfirmation, mayReopen } from '../requests/service.ts'
import { insertAnswered, listAnswered, listStanding, type StandingDemand } from './repository.ts'

/** A demand as the complainant sees it: what kind of thing it is, never the words that were written to the agency. */
export interface DemandSeen { document: string, no: number, kind: string, state: DemandState, dueOn: string, late: boolean, asked: boolean, answered: { answer: DemandAnswer, on: string } | null }
/** What the complainant said of a demand, as the bureau reads it. */
export interface DemandSaid { document: string, no: number, answer: DemandAnswer, words: string | null, at: string }
export interface DemandReply { document: string, no: number, answer: DemandAnswer, words?: string | undefined }

/** An answer is out: from then on "not done" opens the case again. */
const ANSWERED: readonly string[] = ['replied', 'closed']

/** The demands that concern the complainant. `now` decides what is late, the case's state which of them may be answered. */
export async function demandsSeen ({ db }: Pick<Parts, 'db'>, complaint: Pick<ComplaintRow, 'id' | 'status'>, { reopens, now }: { reopens: boolean, now: string }): Promise<DemandSeen[]> {
  const demands = (await listStanding(db, complaint.id)).filter(({ kind }) => concernsComplainant(kind as DemandKind))
  const said = demands.length === 0 ? [] : await listAnswered(db, complaint.id)
  return demands.map(({ document_id: document, no, kind, state, due_on: dueOn }) => {
    const last = lastOf(said, { document_id: document, no })
    return {
      document, no, kind, state: state as DemandState, dueOn, late: state === 'open' && dueOn < localDate(now),
      asked: asksComplainant(state as DemandState, { answered: ANSWERED.includes(complaint.status), reopens }),
      answered: last === undefined ? null : { answer: last.answer as DemandAnswer, on: localDate(last.at) }
    }
  })
}

function lastOf (said: readonly DemandConfirmationTable[], { document_id: document, no }: Pick<StandingDemand, 'document_id' | 'no'>): DemandConfirmationTable | undefined {
  return said.findLast(row => row.document_id === document && row.no === no)
}

/** Everything that the complainant said of demands, oldest first. */
export async function demandsSaid ({ db }: Pick<Parts, 'db'>, seal: Seal, complaintId: string): Promise<DemandSaid[]> {
  return (await listAnswered(db, complaintId)).map(row => ({
    document: row.document_id, no: row.no, answer: row.answer as DemandAnswer, words: row.sealed === null ? null : seal.open(fieldOf(row), row.sealed), at: row.at
  }))
}

function fieldOf ({ document_id: document, no, seq }: Pick<DemandConfirmationTable, 'document_id' | 'no' | 'seq'>): string {
  return `demand_confirmation:${document}:${no}:${seq}`
}

/**
 * Whether one thing was done. Before the answer the bureau reads it while it looks for itself; after it "not done" opens the case again, and when all
 * was done that is said of the whole. Errors: `not_found`, `transition_refused`, `form_invalid`, `reason_required`.
 */
export async function answerDemand (parts: Parts, act: Act, { document, no, answer, words }: DemandReply): Promise<void> {
  limited({ words })
  if (answer === 'no' && blank(words)) throw new AppError('form_invalid', { fields: { words: { key: 'tracked_demand.words_missing' } } })
  await onOwn(parts, act, async (work, complaint) => {
    const reopens = ANSWERED.includes(complaint.status) && await mayReopen(parts, work, complaint)
    const seen = await demandsSeen({ db: work.trx }, complaint, { reopens, now: work.now })
    const found = seen.find(other => other.document === document && other.no === no)
    if (found === undefined) throw new AppError('not_found', { no })
    if (!found.asked) throw new AppError('transition_refused', { status: complaint.status, action: 'answer_demand', failing: [] })
    await keep(work, complaint, { document, no, answer, words })
    await note(work, act, complaint, { action: answer === 'yes' ? 'demand_met' : 'demand_unmet', audience: 'text', details: { demand: no }, ...blank(words) ? {} : { text: words as string } })
    if (ANSWERED.includes(complaint.status)) await passOn(work, act, complaint, { seen, answer, words, document, no })
  })
}

async function keep ({ trx, keys, now }: Work, complaint: ComplaintRow, { document, no, answer, words }: DemandReply): Promise<void> {
  const seq = await nextSeq(trx, complaint.id, { document_id: document, no })
  const row = { document_id: document, no, seq }
  await insertAnswered(trx, { ...row, complaint_id: complaint.id, answer, sealed: blank(words) ? null : sealFor(keys, complaint).close(fieldOf(row), words as string), at: now })
}

async function nextSeq (trx: Db, complaintId: string, demand: Pick<StandingDemand, 'document_id' | 'no'>): Promise<number> {
  return (lastOf(await listAnswered(trx, complaintId), demand)?.seq ?? 0) + 1
}

/** What one answer means for the confirmation of the whole. */
async function passOn (work: Work, act: Act, complaint: ComplaintRow, { seen, answer, words, document, no }: DemandReply & { seen: readonly DemandSeen[] }): Promise<void> {
  const others = seen.filter(other => other.document !== document || other.no !== no)
  if (answer === 'no') {
    const some = others.some(other => other.answered?.answer !== 'no')
    await applyConfirmation(work, act, complaint, { answer: some ? 'partly' : 'no', words })
  } else if (others.every(other => other.answered?.answer === 'yes' || other.state === 'closed') && await lastConfirmation(work.trx, complaint.id) !== 'yes') {
    await applyConfirmation(work, act, complaint, { answer: 'yes', words: undefined })
  }
}
