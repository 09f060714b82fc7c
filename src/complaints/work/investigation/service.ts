import { CHECKLIST, checksFor, type CheckAnswer, type CheckCode } from '../../../domain/supervision/checklist.ts'
import type { Citation } from '../../../domain/records/laws.ts'
import type { Measure } from '../../../domain/supervision/measures.ts'
import { loadReckoner } from '../../../db/reckoner.ts'
import { AppError } from '../../../errors.ts'
import { listIssues, type ComplaintRow } from '../../case/core/repository.ts'
import type { Actor, Parts } from '../../case/core/types.ts'
import { listClocks, turnClocks } from '../../case/ledger/clocks.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { CHECKABLE, examine, writeAct, type Hold } from './hold.ts'
import { deleteTick, finishPlanItem, insertPlanItem, listPlan, listTicks, nextNo, putTick } from './repository.ts'

export { CHECKABLE, EXAMINABLE, examine, writeAct, type Hold } from './hold.ts'
export { addToRecord, readRecord, readRecords, returnRecord, SHEET_LIMITS, signRecord, writeRecord, type RecordView, type Sheet } from './records.ts'
export { CITATION_LIMIT, REQUIRED_LIMIT, resolveRule, ruleText, type Applied, type RuleAnswer } from './rules.ts'

/** Longest reason, and longest line of a plan, in code points. */
export const LINE_LIMIT = 500

export interface Check { code: CheckCode, basis: readonly Citation[], answer: CheckAnswer | null, reason: string, by: string, at: string }
export interface PlanLine { no: number, measure: Measure, text: string, by: string, at: string, doneBy: string | null, doneAt: string | null }
/** The checklist that the grounds of a complaint call for, with the answers. */
export async function readChecklist ({ db, keys }: Parts, complaint: Pick<ComplaintRow, 'id' | 'wrapped_key' | 'checks'>): Promise<Check[]> {
  const seal = sealFor(keys, complaint)
  const ticks = new Map((await listTicks(db, complaint.id)).map(tick => [tick.item, tick]))
  return checksFor((await listIssues(db, complaint.id)).map(({ ground }) => ground), complaint.checks).map(code => {
    const tick = ticks.get(code)
    return { code, basis: CHECKLIST[code].basis, answer: (tick?.answer ?? null) as CheckAnswer | null, reason: reasonOf({ seal }, tick), by: tick?.by ?? '', at: tick?.at ?? '' }
  })
}

/**
 * Answers items of the checklist: what is named in `done` was done; what has a reason is not called for; the others are open again. Who and when stay with an
 * answer that does not change. Errors: as `examine`, `form_invalid`.
 */
export async function answerChecklist (parts: Parts, actor: Actor & { id: number }, ref: string, answers: Answers, now: string): Promise<void> {
  await examine(parts, actor, ref, { within: CHECKABLE, now }, async hold => {
    const known = new Map((await listTicks(hold.trx, hold.complaint.id)).map(tick => [tick.item, tick]))
    for (const code of checksFor((await listIssues(hold.trx, hold.complaint.id)).map(({ ground }) => ground), hold.complaint.checks)) {
      const { answer, reason } = answerTo(code, answers)
      const before = known.get(code)
      if ((before?.answer ?? null) === answer && reasonOf(hold, before) === reason) continue
      if (answer === null) await deleteTick(hold.trx, hold.complaint.id, code)
      else await putTick(hold.trx, { complaint_id: hold.complaint.id, item: code, answer, reason_sealed: reason === '' ? null : hold.seal.close(`check:${code}`, reason), account_id: actor.id, at: now })
      await writeAct(parts, hold, actor, { action: 'checklist.answered', subject: `${code} ${answer ?? 'open'}` }, now)
    }
  })
}

interface Answers { done: readonly string[], reasons: Readonly<Record<string, string>> }

function answerTo (code: CheckCode, { done, reasons }: Answers): { answer: CheckAnswer | null, reason: string } {
  const reason = (reasons[code] ?? '').trim()
  const field = `reason_${code}`
  if ([...reason].length > LINE_LIMIT) throw new AppError('form_invalid', { fields: { [field]: { key: 'field.maxLength', values: { limit: LINE_LIMIT } } } })
  if (done.includes(code) && reason !== '') throw new AppError('form_invalid', { fields: { [field]: { key: 'investigate.both' } } })
  return { answer: done.includes(code) ? 'done' : reason === '' ? null : 'not_called_for', reason }
}

function reasonOf ({ seal }: Pick<Hold, 'seal'>, tick: { item: string, reason_sealed: string | null } | undefined): string {
  return tick === undefined || tick.reason_sealed === null ? '' : seal.open(`check:${tick.item}`, tick.reason_sealed)
}

/** The plan of an examination. */
export async function readPlan ({ db, keys }: Parts, complaint: Pick<ComplaintRow, 'id' | 'wrapped_key'>): Promise<PlanLine[]> {
  const seal = sealFor(keys, complaint)
  return (await listPlan(db, complaint.id)).map(row => ({ no: row.no, measure: row.measure as Measure, text: seal.open(`plan:${row.no}`, row.sealed), by: row.by ?? '', at: row.at, doneBy: row.doneBy, doneAt: row.done_at }))
}

/** Adds a measure to the plan. Errors: as `examine`, `form_invalid`. */
export async function addToPlan (parts: Parts, actor: Actor & { id: number }, ref: string, { measure, text }: { measure: Measure, text: string }, now: string): Promise<void> {
  if (text.trim() === '') throw new AppError('form_invalid', { fields: { text: { key: 'investigate.plan_empty' } } })
  if ([...text].length > LINE_LIMIT) throw new AppError('form_invalid', { fields: { text: { key: 'field.maxLength', values: { limit: LINE_LIMIT } } } })
  await examine(parts, actor, ref, { now }, async hold => {
    const no = await nextNo(hold.trx, 'plan_item', hold.complaint.id)
    await insertPlanItem(hold.trx, { complaint_id: hold.complaint.id, no, measure, sealed: hold.seal.close(`plan:${no}`, text.trim()), account_id: actor.id, at: now, done_by: null, done_at: null })
    await writeAct(parts, hold, actor, { action: 'plan.added', subject: String(no) }, now)
  })
}

/**
 * Signs the plan: what it lists is how the examination will go, and the period in which there has to be one is kept. Measures may still be added. Errors: as
 * `examine`, `form_invalid` for a plan without measures. Twice is once.
 */
export async function signPlan (parts: Parts, actor: Actor & { id: number }, ref: string, now: string): Promise<void> {
  const reckoner = await loadReckoner(parts.db)
  await examine(parts, actor, ref, { now }, async hold => {
    const { trx, complaint } = hold
    const items = await listPlan(trx, complaint.id)
    if (items.length === 0) throw new AppError('form_invalid', { fields: { text: { key: 'investigate.plan_unwritten' } } })
    if ((await listClocks(trx, complaint.id)).every(row => row.clock !== 'investigation_plan' || row.stopped_on !== null)) return
    await turnClocks(trx, complaint.id, { stop: ['investigation_plan'] }, reckoner, now)
    await writeAct(parts, hold, actor, { action: 'plan.signed', event: 'plan_signed', details: { measures: items.length } }, now)
  })
}

/** Says that a measure was taken; twice is once. Errors: as `examine`. */
export async function finishPlan (parts: Parts, actor: Actor & { id: number }, ref: string, no: number, now: string): Promise<void> {
  await examine(parts, actor, ref, { now }, async hold => {
    if (await finishPlanItem(hold.trx, hold.complaint.id, no, actor.id, now)) await writeAct(parts, hold, actor, { action: 'plan.done', subject: String(no) }, now)
  })
}
