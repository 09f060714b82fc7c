import { appendAudit } from '../../../db/audit.ts'
import type { Reckoner } from '../../../db/reckoner.ts'
import { loadReckoner } from '../../../db/reckoner.ts'
import type { Db } from '../../../db/schema.ts'
import { withdrawDecision } from '../../../catalogue/publication/service.ts'
import type { WithdrawalGround } from '../../../domain/decisions/publication.ts'
import { MEASURE_STATES, OFFICER_MEASURES, RECOVERY_KINDS, UNDOING, type MeasureState, type OfficerMeasure, type RecoveryKind } from '../../../domain/supervision/consequences.ts'
import type { DemandKind } from '../../../domain/supervision/letters.ts'
import { parseYuan, yuanFault } from '../../../domain/records/money.ts'
import { AppError } from '../../../errors.ts'
import { blank } from '../../case/core/demands.ts'
import { findByRef, insertEvent, listIssues, touchComplaint, type ComplaintRow } from '../../case/core/repository.ts'
import { demandPermission } from '../../case/core/service.ts'
import { STEP_TEXT_LIMIT, type Actor, type FieldFaults, type Parts } from '../../case/core/types.ts'
import type { SideEvent } from '../../../domain/process/side-events.ts'
import { turnClocks } from '../../case/ledger/clocks.ts'
import { sealFor, type Seal } from '../../case/ledger/sealing.ts'
import { insertTask, listDecisions, listMeasures, listRecoveries, listTasks, settleTask } from './repository.ts'

export { listDecisions, listOpenTasks, sumRecovered } from './repository.ts'
export { dismissPattern, findPatterns, type PatternCard } from './patterns.ts'

interface Opening { trx: Db, keys: Parts['keys'], reckoner: Reckoner, now: string }

/**
 * Opens the withdrawal of every published decision that a complaint is about, when what was demanded undoes it: a task with the three working days of
 * 行政处罚法 48, counted from now. Once per decision; a decision that is not in the register becomes a task without one. In the caller's transaction.
 */
export async function openWithdrawals ({ trx, keys, reckoner, now }: Opening, actor: Actor, complaint: ComplaintRow, kind: DemandKind): Promise<void> {
  const ground = UNDOING[kind]
  if (ground === undefined) return
  const [tasks, decisions] = [await listTasks(trx, complaint.id), await listDecisions(trx, complaint.id)]
  const targets: Array<number | null> = decisions.length === 0 ? [null] : decisions.filter(({ status }) => status !== 'withdrawn').map(({ id }) => id)
  const fresh = targets.filter(id => !tasks.some(task => task.decision_id === id))
  if (fresh.length === 0) return
  const running = await turnClocks(trx, complaint.id, { start: ['withdrawal'] }, reckoner, now)
  const due = running.find(({ clock }) => clock === 'withdrawal')?.due_on ?? ''
  for (const id of fresh) await insertTask(trx, { complaint_id: complaint.id, decision_id: id, ground, opened_at: now, due_on: due })
  await write({ trx, keys, now }, actor, complaint, { action: 'withdrawal_opened', audience: 'event' })
}

export interface Settling { no: number, reason: string, overturnedOn: string, drop?: boolean }

/**
 * Takes the published decision back, with the public reason and the day on which it was overturned; or settles the task where there is nothing to take
 * back, with reasons. Errors: `forbidden`, `not_found`, `reason_required`, `form_invalid`, `already_decided`.
 */
export async function settleWithdrawal (parts: Parts, actor: Actor & { name: string }, ref: string, { no, reason, overturnedOn, drop = false }: Settling, now: string): Promise<void> {
  demandPermission(actor, 'decision.withdraw')
  if (blank(reason)) throw new AppError('reason_required', { action: 'withdrawal' })
  const reckoner = await loadReckoner(parts.db)
  await onCase(parts, actor, ref, now, async (trx, complaint, seal) => {
    const task = (await listTasks(trx, complaint.id)).find(task => task.no === no)
    if (task === undefined) throw new AppError('not_found', { no })
    const decision = (await listDecisions(trx, complaint.id)).find(({ id }) => id === task.decision_id)
    const settled = { state: drop || decision === undefined ? 'dropped' as const : 'done' as const, settled_at: now, settled_by: actor.id, sealed: seal.close(`withdrawal:${no}`, reason) }
    if (!await settleTask(trx, complaint.id, no, settled)) throw new AppError('already_decided')
    if (settled.state === 'done' && decision !== undefined) {
      await withdrawDecision(trx, { number: decision.number, ground: task.ground as WithdrawalGround, reason, overturnedOn }, { now, actor, auditKey: parts.keys.audit, requestId: actor.requestId })
    }
    if ((await listTasks(trx, complaint.id)).every(({ state }) => state !== 'open')) await turnClocks(trx, complaint.id, { stop: ['withdrawal'] }, reckoner, now)
    await write({ trx, keys: parts.keys, now }, actor, complaint, settled.state === 'done' ? { action: 'decision_withdrawn', audience: 'event' } : { action: 'withdrawal_dropped', audience: 'internal' })
  })
}

/** Proposes a measure about an officer (行政执法监督条例 32). Errors: `forbidden`, `not_found`, `form_invalid`. */
export async function proposeMeasure (parts: Parts, actor: Actor, ref: string, { measure, officer, reasons }: { measure: OfficerMeasure, officer: string, reasons: string }, now: string): Promise<void> {
  demandPermission(actor, 'complaint.investigate')
  refuse({
    ...OFFICER_MEASURES.includes(measure) ? {} : { measure: { key: 'consequence_fault.measure' } }, ...textFault('officer', officer, 200), ...textFault('reasons', reasons, STEP_TEXT_LIMIT)
  })
  await onCase(parts, actor, ref, now, async (trx, complaint, seal) => {
    const no = (await listMeasures(trx, complaint.id)).length + 1
    await trx.insertInto('officer_measure').values({ complaint_id: complaint.id, no, measure, state: 'proposed', sealed: seal.close(`measure:${no}`, JSON.stringify({ officer, reasons })), recorded_by: actor.id, at: now }).execute()
    await write({ trx, keys: parts.keys, now }, actor, complaint, { action: 'measure_proposed', audience: 'internal' })
  })
}

/** Writes down what the officer's organ decided. Errors: `forbidden`, `not_found`, `form_invalid`. */
export async function settleMeasure (parts: Parts, actor: Actor, ref: string, { no, state }: { no: number, state: MeasureState }, now: string): Promise<void> {
  demandPermission(actor, 'complaint.investigate')
  refuse(MEASURE_STATES.includes(state) ? {} : { state: { key: 'field.enum' } })
  await onCase(parts, actor, ref, now, async (trx, complaint) => {
    const { numUpdatedRows } = await trx.updateTable('officer_measure').set({ state }).where('complaint_id', '=', complaint.id).where('no', '=', no).executeTakeFirst()
    if (numUpdatedRows === 0n) throw new AppError('not_found', { no })
    await write({ trx, keys: parts.keys, now }, actor, complaint, { action: 'measure_settled', audience: 'internal' })
  })
}

/** Writes down what was made good for one issue; `amount` in yuan as people write it. Errors: `forbidden`, `not_found`, `form_invalid`. */
export async function recordRecovery (parts: Parts, actor: Actor, ref: string, { issue, kind, amount, note }: { issue: number, kind: RecoveryKind, amount: string, note: string }, now: string): Promise<void> {
  demandPermission(actor, 'complaint.investigate')
  const fen = parseYuan(amount)
  refuse({
    ...RECOVERY_KINDS.includes(kind) ? {} : { kind: { key: 'consequence_fault.kind' } },
    ...fen === null || fen <= 0 ? { amount: { key: `consequence_fault.${yuanFault(amount)}` } } : {},
    ...[...note].length > 1000 ? { note: { key: 'field.maxLength', values: { limit: 1000 } } } : {}
  })
  await onCase(parts, actor, ref, now, async (trx, complaint, seal) => {
    if (!(await listIssues(trx, complaint.id)).some(({ no }) => no === issue)) throw new AppError('form_invalid', { fields: { issue: { key: 'field.enum' } } })
    const no = (await listRecoveries(trx, complaint.id)).length + 1
    await trx.insertInto('recovery').values({ complaint_id: complaint.id, no, issue_no: issue, kind, amount_fen: fen as number, sealed: blank(note) ? null : seal.close(`recovery:${no}`, note), recorded_by: actor.id, at: now }).execute()
    await write({ trx, keys: parts.keys, now }, actor, complaint, { action: 'recovery_recorded', audience: 'event' })
  })
}

export interface Consequences {
  tasks: Array<{ no: number, number: string | null, code: string | null, ground: string, dueOn: string, state: string, reason: string | null }>
  measures: Array<{ no: number, measure: string, state: string, officer: string, reasons: string, at: string }>
  recoveries: Array<{ no: number, issue: number, kind: string, fen: number, note: string | null }>
  sum: number
}

/** Everything that followed from a case. */
export async function readConsequences (parts: Parts, complaint: Pick<ComplaintRow, 'id' | 'wrapped_key'>): Promise<Consequences> {
  const { db } = parts
  const seal = sealFor(parts.keys, complaint)
  const decisions = await listDecisions(db, complaint.id)
  const recoveries = (await listRecoveries(db, complaint.id)).map(row => ({ no: row.no, issue: row.issue_no, kind: row.kind, fen: row.amount_fen, note: row.sealed === null ? null : seal.open(`recovery:${row.no}`, row.sealed) }))
  return {
    tasks: (await listTasks(db, complaint.id)).map(task => {
      const decision = decisions.find(({ id }) => id === task.decision_id)
      return { no: task.no, number: decision?.number ?? null, code: decision?.code ?? null, ground: task.ground, dueOn: task.due_on, state: task.state, reason: task.sealed === null ? null : seal.open(`withdrawal:${task.no}`, task.sealed) }
    }),
    measures: (await listMeasures(db, complaint.id)).map(row => ({ no: row.no, measure: row.measure, state: row.state, at: row.at, ...JSON.parse(seal.open(`measure:${row.no}`, row.sealed)) as { officer: string, reasons: string } })),
    recoveries,
    sum: recoveries.reduce((sum, { fen }) => sum + fen, 0)
  }
}

async function onCase (parts: Parts, actor: Actor, ref: string, now: string, work: (trx: Db, complaint: ComplaintRow, seal: Seal) => Promise<void>): Promise<void> {
  await parts.db.transaction().execute(async trx => {
    const { id } = await findByRef(trx, ref, actor)
    const complaint = await touchComplaint(trx, id, {}, now)
    await work(trx, complaint, sealFor(parts.keys, complaint))
  })
}

async function write ({ trx, keys, now }: Pick<Opening, 'trx' | 'keys' | 'now'>, actor: Actor, complaint: ComplaintRow, { action, audience }: { action: SideEvent, audience: 'event' | 'internal' }): Promise<void> {
  const { id, ref, status } = complaint
  await insertEvent(trx, sealFor(keys, complaint), id, { action, from: status, to: status, actorId: actor.id, role: actor.role, audience, at: now })
  await appendAudit(trx, keys.audit, { at: now, actorId: actor.id, role: actor.role, action: `complaint.${action}`, subject: ref, result: 'done', requestId: actor.requestId })
}

function textFault (field: string, text: string, limit: number): FieldFaults {
  if (blank(text)) return { [field]: { key: `consequence_fault.${field}` } }
  return [...text].length > limit ? { [field]: { key: 'field.maxLength', values: { limit } } } : {}
}

function refuse (faults: FieldFaults): void {
  if (Object.keys(faults).length > 0) throw new AppError('form_invalid', { fields: faults })
}
