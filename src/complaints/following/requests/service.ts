import type { Db } from '../../../db/schema.ts'
import { CONFIRMATIONS, RATED, ratingsOpen, type Confirmation, type Pressure, type Rated, type RatingMoment } from '../../../domain/aftermath/follow-up.ts'
import { AppError } from '../../../errors.ts'
import { blank } from '../../case/core/demands.ts'
import { findById, type ComplaintRow } from '../../case/core/repository.ts'
import { takeStep, type Work } from '../../case/core/steps.ts'
import type { Answers, Parts, Step } from '../../case/core/types.ts'
import { createDraft, saveDraft } from '../../form/filing/service.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { openDetails } from '../../case/reading/records.ts'
import { complainantOf, limited, note, onOwn, type Act } from './acts.ts'
import { followedUp } from './reading.ts'
import { insertConfirmation, insertRating, insertTie, listConfirmations, raiseFlag } from './repository.ts'

export { REQUEST_LIMIT, type Act } from './acts.ts'
export { decideRecusal, requestRecusal, type RecusalDecision } from './recusals.ts'
export { aftermathOf, followedUp, settleFlag, type Aftermath, type FollowUp } from './reading.ts'

/** What a complainant gives when taking a complaint back. `pressed`: what was done to them, in their words; only staff read it. */
export interface Withdrawal { reason?: string, pressure: Pressure, pressed?: string }

/** Takes a complaint back; who was pressed to is believed: staff are told, and the bureau may go on. Errors: `not_found`, `transition_refused`, `form_invalid`. */
export async function withdraw (parts: Parts, act: Act, { reason, pressure, pressed }: Withdrawal): Promise<void> {
  limited({ reason, pressed })
  await onOwn(parts, act, async (work, complaint) => {
    await takeStep(work, complainantOf(act), complaint, stepOf(complaint, { action: 'withdraw', ...blank(reason) ? {} : { text: reason as string } }))
    if (pressure !== 'yes') return
    await raiseFlag(work.trx, complaint.id, 'pressure', work.now)
    await note(work, act, { ...complaint, status: 'withdrawn' }, { action: 'pressure_reported', audience: 'internal', ...blank(pressed) ? {} : { text: pressed as string } })
  })
}

/**
 * Whether it was put right. "Partly" and "no" open the case again, as long as the table lets them; "yes" and "cannot tell" are only written
 * down. Errors: `not_found`, `transition_refused`, `form_invalid`, `reason_required`.
 */
export async function confirmRectification (parts: Parts, act: Act, answer: Confirmation, words: string | undefined): Promise<void> {
  if (!CONFIRMATIONS.includes(answer)) throw new AppError('form_invalid', { fields: { answer: { key: 'field.enum' } } })
  limited({ words })
  await onOwn(parts, act, async (work, complaint) => { await applyConfirmation(work, act, complaint, { answer, words }) })
}

/** The same inside the work on a complaint that is under way. */
export async function applyConfirmation (work: Work, act: Act, complaint: ComplaintRow, { answer, words }: { answer: Confirmation, words: string | undefined }): Promise<void> {
  const reopens = answer === 'partly' || answer === 'no'
  if (reopens) await takeStep(work, complainantOf(act), complaint, stepOf(complaint, { action: 'dispute_rectification', ...words === undefined ? {} : { text: words } }))
  else await note(work, act, complaint, { action: `confirm_${answer}`, audience: 'text', ...words === undefined ? {} : { text: words } })
  const no = (await listConfirmations(work.trx, complaint.id)).length + 1
  const sealed = words === undefined ? null : sealFor(work.keys, complaint).close(`confirmation:${no}`, words)
  await insertConfirmation(work.trx, { complaint_id: complaint.id, no, answer, sealed, at: work.now })
}

/** What the complainant said last about the whole. */
export async function lastConfirmation (trx: Db, complaintId: string): Promise<Confirmation | null> {
  return (await listConfirmations(trx, complaintId)).at(-1)?.answer as Confirmation | undefined ?? null
}

/** Whether "not put right" would open the case again now. */
export async function mayReopen (parts: Parts, { trx, now }: Pick<Work, 'trx' | 'now'>, complaint: ComplaintRow): Promise<boolean> {
  return (await followedUp({ db: trx as Parts['db'], keys: parts.keys }, complaint, now)).may.rectification.open
}

/** Insists on acceptance after the way of the law was shown, once, where the local rule lets a complainant. Errors: `not_found`, `transition_refused`, `form_invalid`, `reason_required`. */
export async function insist (parts: Parts, act: Act, why: string): Promise<void> {
  limited({ words: why })
  await onOwn(parts, act, async (work, complaint) => {
    await takeStep(work, complainantOf(act), complaint, stepOf(complaint, { action: 'insist', text: why }))
  })
}

/** Asks for a review of the answer by other people, once. `issue` 0 is the whole answer. Errors: `not_found`, `transition_refused`, `form_invalid`, `reason_required`. */
export async function requestReview (parts: Parts, act: Act, issue: number, why: string): Promise<void> {
  limited({ words: why })
  await onOwn(parts, act, async (work, complaint) => {
    await takeStep(work, complainantOf(act), complaint, stepOf(complaint, { action: 'request_review', issue, text: why }))
  })
}

export interface RatingAnswer { moment: RatingMoment, scores: Partial<Record<Rated, number>>, words?: string }

/** Keeps a rating, once for each moment. It moves nothing and marks nothing unread. Errors: `not_found`, `form_invalid`, `transition_refused` too early or twice. */
export async function rate (parts: Parts, { id, now }: Act, { moment, scores, words }: RatingAnswer): Promise<void> {
  limited({ words })
  const sound = RATED.every(name => scores[name] === undefined || (Number.isInteger(scores[name]) && Number(scores[name]) >= 1 && Number(scores[name]) <= 5))
  if (!sound || (Object.keys(scores).length === 0 && blank(words))) throw new AppError('form_invalid', { fields: { clarity: { key: 'request.error.rating' } } })
  await parts.db.transaction().execute(async trx => {
    const complaint = await findById(trx, id)
    const refused = new AppError('transition_refused', { status: complaint.status, action: 'rate', failing: [] })
    if (!ratingsOpen(await eventsOf(trx, id), now).includes(moment)) throw refused
    const sealed = blank(words) ? null : sealFor(parts.keys, complaint).close(`rating:${moment}`, words as string)
    const score = (name: Rated): number | null => scores[name] ?? null
    if (!await insertRating(trx, { complaint_id: id, moment, clarity: score('clarity'), fairness: score('fairness'), speed: score('speed'), sealed, at: now })) throw refused
  })
}

/** What happened and when, oldest first. */
async function eventsOf (db: Db, id: string): Promise<Array<{ action: string, at: string }>> {
  return await db.selectFrom('event').select(['action', 'at']).where('complaint_id', '=', id).orderBy('seq').execute()
}

/**
 * Opens a draft about retaliation (G16) by the same agency, tied to the complaint that it answers; once sent it stands before the staff with
 * its flag. Returns the draft's id. Errors: `not_found`, `transition_refused` when the period is over.
 */
export async function startRetaliation (parts: Parts, act: Act): Promise<string> {
  const earlier = await findById(parts.db, act.id)
  if (!(await followedUp(parts, earlier, act.now)).may.retaliation.open) throw new AppError('transition_refused', { status: earlier.status, action: 'report_retaliation', failing: [] })
  const { target } = openDetails(sealFor(parts.keys, earlier), earlier.sealed)
  const { agencyId, agencyText } = target
  const draft = await createDraft(parts, act.now)
  const answers: Answers = {
    ...agencyId === undefined && agencyText === undefined ? {} : { target: { ...agencyId === undefined ? {} : { agencyId }, ...agencyText === undefined ? {} : { agencyText } } },
    issues: [{ ground: 'G16', text: '' }],
    mode: earlier.identity_mode as NonNullable<Answers['mode']>
  }
  await saveDraft(parts, draft, answers, act.now)
  await onOwn(parts, act, async (work, complaint) => {
    await insertTie(work.trx, { complaint_id: draft, earlier_id: complaint.id, kind: 'retaliation', at: work.now })
    await raiseFlag(work.trx, draft, 'retaliation', work.now)
    await note(work, act, complaint, { action: 'retaliation_reported', audience: 'event' })
  })
  return draft
}

function stepOf (complaint: ComplaintRow, step: Omit<Step, 'version'>): Step {
  return { ...step, version: complaint.version }
}
