import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { appendAudit, type AuditKey } from '../../db/audit.ts'
import { keepVersions, raiseRevision, type Publication } from '../../db/records.ts'
import { loadReckoner } from '../../db/reckoner.ts'
import type { Database, Db } from '../../db/schema.ts'
import { indexTexts, unindexText } from '../../db/text.ts'
import { coverIn, publicParty } from '../../domain/decisions/parties.ts'
import type { WithdrawalGround } from '../../domain/decisions/publication.ts'
import { suspectPersonal } from '../../domain/records/masking.ts'
import { isDate, localDate, type Calendar } from '../../domain/time/calendar.ts'
import { reckon } from '../../domain/time/clocks.ts'
import { AppError } from '../../errors.ts'
import { translate } from '../../i18n/index.ts'
import { findDecisionStates, insertDecisions, listNames, listOverdue, updateDecision, type DecisionState, type StoredDecision } from './repository.ts'

/** A decision to be published: new without `current`, otherwise its next version. */
export interface DecisionItem { state: DecisionState, current: StoredDecision | undefined }

/** The address of a decision: made from its number, so that it is the same everywhere and names nobody. */
export function decisionCode (number: string): string {
  return createHash('sha256').update(number).digest('hex').slice(0, 12)
}

/**
 * Writes decisions with their versions and index terms, in the caller's transaction. Whatever the caller brings, a natural person's full
 * name is covered here at the latest. Throws AppError stale_version.
 */
export async function publishDecisions (trx: Db, items: DecisionItem[], publication: Publication): Promise<void> {
  const covered = items.map(({ state, current }) => ({ current, state: { ...state, party_name: publicParty(state.party_name, state.party_type) } }))
  const ids = await insertDecisions(trx, covered.filter(item => item.current === undefined).map(item => item.state), publication.at)
  for (const { state, current } of covered) {
    if (current === undefined) continue
    if (!await updateDecision(trx, current, state, publication.at)) throw new AppError('stale_version', { number: state.number })
    ids.set(state.number, current.id)
  }
  await keepVersions(trx, covered.map(({ state, current }) => ({ kind: 'decision', id: ids.get(state.number) as number, version: (current?.version ?? 0) + 1, data: state })), publication)
  await index(trx, covered.map(item => item.state), ids)
}

/** What is no longer shown is not found either. */
async function index (trx: Db, states: DecisionState[], ids: ReadonlyMap<string, number>): Promise<void> {
  const shown = states.filter(state => state.status === 'in_force')
  for (const state of states) if (state.status !== 'in_force') await unindexText(trx, 'decision_search', ids.get(state.number) as number)
  const [agencies, matters] = [await listNames(trx, 'agency', shown.map(state => state.agency_id)), await listNames(trx, 'matter', shown.map(state => state.matter_id))]
  await indexTexts(trx, 'decision_search', shown.map(state => ({
    id: ids.get(state.number) as number,
    name: [state.number, state.party_name].join(' '),
    body: [agencies.get(state.agency_id), matters.get(state.matter_id ?? 0), state.violation, state.facts, state.basis, state.content, state.party_uscc].filter(Boolean).join('\n')
  })))
}

/** Why a decision is taken back: on which day it was changed, revoked or held unlawful or void, and what stands in its place. */
export interface Withdrawal { number: string, ground: WithdrawalGround, reason: string, overturnedOn: string, replacedBy?: string }
/** Who takes it back, when, and the key of the audit chain; `day` only where it was done on another day than today (demo content). */
export interface Withdrawer { now: string, day?: string, actor: { id: number | null, role: string, name: string }, auditKey: AuditKey, requestId: string }

/** Fields that a tombstone no longer says (行政处罚法 48 二; design.md 2.3). */
const EMPTIED = { party_name: '', party_uscc: null, violation: null, facts: '', basis: null, penalty_kinds: null, content: '', fine_fen: null, confiscated_fen: null, benchmark_code: null, tier: null, details: null } as const

/**
 * Takes a published decision back in the caller's transaction: its page becomes a tombstone, lists, search and exports lose it, its
 * versions and the audit chain keep who did it and why. Throws AppError not_found, or form_invalid with the faulty fields.
 */
export async function withdrawDecision (trx: Db, withdrawal: Withdrawal, by: Withdrawer): Promise<void> {
  const today = by.day ?? localDate(by.now)
  const current = (await findDecisionStates(trx, [withdrawal.number])).get(withdrawal.number)
  if (current === undefined) throw new AppError('not_found', { number: withdrawal.number })
  checkWithdrawal(withdrawal, current.state, today)
  const reason = coverIn(withdrawal.reason, current.state.party_name, current.state.party_type) // public, and kept longer than the name
  const state: DecisionState = {
    ...current.state, ...EMPTIED, status: 'withdrawn', withdrawn_on: today, overturned_on: withdrawal.overturnedOn, withdrawal_ground: withdrawal.ground, withdrawal_reason: reason, replaced_by: withdrawal.replacedBy ?? null
  }
  await publishDecisions(trx, [{ state, current }], { at: by.now, actor: by.actor.name, reason, batchId: null })
  await raiseRevision(trx, 'register')
  await appendAudit(trx, by.auditKey, { at: by.now, actorId: by.actor.id, role: by.actor.role, action: 'decision.withdrawn', subject: withdrawal.number, result: 'done', requestId: by.requestId })
}

function checkWithdrawal ({ reason, overturnedOn, replacedBy, number }: Withdrawal, state: DecisionState, today: string): void {
  const faults = [
    ...state.status === 'withdrawn' ? [['number', 'withdrawal.error.already']] : [],
    ...reason.trim() === '' ? [['reason', 'withdrawal.error.reason']] : [],
    ...suspectPersonal(reason).size > 0 ? [['reason', 'withdrawal.error.reason_personal']] : [],
    ...reason.length > 1000 ? [['reason', 'withdrawal.error.reason_long']] : [],
    ...!isDate(overturnedOn) || overturnedOn > today || overturnedOn < state.decided_on ? [['overturned_on', 'withdrawal.error.day']] : [],
    ...replacedBy === number || (replacedBy ?? '').length > 100 ? [['replaced_by', 'withdrawal.error.replacement']] : []
  ]
  if (faults.length > 0) throw new AppError('form_invalid', { fields: Object.fromEntries(faults.map(([field = '', key = '']) => [field, { key }])) })
}

/** The clock of a withdrawal: until when it had to be done, and how many working days it took longer (0: in time). */
export interface WithdrawalClock { dueOn: string, lateDays: number, assured: boolean, basis: string, basisEn: string }

/** Reads the three working days from the deadlines; null when the city has no such rule. */
export async function withdrawalClock (db: Db, overturnedOn: string, until: string): Promise<WithdrawalClock | null> {
  const { rules, calendar } = await loadReckoner(db)
  const rule = rules.get('withdrawal')
  if (rule === undefined) return null
  const { date, assured } = reckon(overturnedOn, rule.days, rule.dayType, calendar)
  return { dueOn: date, lateDays: lateDays(date, until, calendar), assured, basis: rule.basis, basisEn: rule.basisEn }
}

/** Working days by which something came after its last day. */
export function lateDays (dueOn: string, doneOn: string, calendar: Calendar): number {
  return doneOn <= dueOn ? 0 : Math.max(1, calendar.workingDaysBetween(dueOn, doneOn))
}

const SLICE = 200

/**
 * The job that ends publications: moves what is past its last public day to `expired`, with a version, and out of the search. Pages judge
 * by the date themselves, so that nothing is shown a day longer because a job has not run. Gives how many it moved.
 */
export async function expireDecisions (db: Kysely<Database>, now: string): Promise<number> {
  const today = localDate(now)
  let moved = 0
  for (;;) {
    const slice = await listOverdue(db, today, SLICE)
    if (slice.length === 0) return moved
    await db.transaction().execute(async trx => {
      await publishDecisions(trx, slice.map(current => ({ current, state: { ...current.state, status: 'expired' } })), { at: now, actor: 'system', reason: translate('zh-CN', 'decisions.reason_expired'), batchId: null })
      await raiseRevision(trx, 'register')
    })
    moved += slice.length
    await setImmediate() // others are answered in between
  }
}
