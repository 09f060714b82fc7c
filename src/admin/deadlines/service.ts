import { randomBytes } from 'node:crypto'
import type { Actor, Parts } from '../../complaints/case/core/service.ts'
import { appendAudit } from '../../db/audit.ts'
import { PROFILE } from '../../db/reckoner.ts'
import type { Db, DeadlineChangeTable } from '../../db/schema.ts'
import { isDate, localDate } from '../../domain/time/calendar.ts'
import { DAY_TYPES, type Clock, type DayType } from '../../domain/time/clocks.ts'
import { AppError } from '../../errors.ts'
import type { FieldFaults } from '../../forms/field-errors.ts'
import { findRule, insertRuleChange, listDue, markApplied, updateRule } from './repository.ts'

/** Longest period, in days; longer ones are a slip of the hand. */
export const DAYS_LIMIT = 730
/** Where a period that the bureau sets can come from; a statute's is not the bureau's to change. */
export const SETTABLE_KINDS = ['our_default', 'local_rule', 'policy'] as const

/** What a period is to be, as it was typed. */
export interface RuleWish { days: number, dayType: string, kind: string, basis: string, basisEn: string, reason: string, effectiveOn: string }

/**
 * Changes a period from a day on; at once where that day is today. Clocks that run keep the rule they began with. Errors: `not_found`, `form_invalid`
 * by field, also for periods that a statute sets.
 */
export async function changeRule (parts: Parts, actor: Actor, clock: Clock, wish: RuleWish, now: string): Promise<void> {
  await parts.db.transaction().execute(async trx => {
    const rule = await findRule(trx, PROFILE, clock)
    if (rule === undefined) throw new AppError('not_found', { clock })
    const fields = faultsOf(wish, rule.kind, localDate(now))
    if (Object.keys(fields).length > 0) throw new AppError('form_invalid', { fields })
    await insertRuleChange(trx, {
      id: randomBytes(12).toString('base64url'), profile: PROFILE, clock, days_before: rule.days, day_type_before: rule.day_type, days: wish.days, day_type: wish.dayType as DayType, basis: wish.basis,
      basis_en: wish.basisEn === '' ? wish.basis : wish.basisEn, kind: wish.kind, reason: wish.reason, effective_on: wish.effectiveOn, actor_id: actor.id, at: now, applied_at: null
    })
    await appendAudit(trx, parts.keys.audit, { at: now, actorId: actor.id, role: actor.role, action: 'deadline.changed', subject: `${PROFILE} ${clock} ${rule.days} ${wish.days} ${wish.effectiveOn}`, result: 'done', requestId: actor.requestId })
    await applyIn(trx, now)
  })
}

/** Applies changes whose day has come. Two processes apply each once. Gives how many. */
export async function applyRuleChanges ({ db }: Pick<Parts, 'db'>, now: string): Promise<number> {
  if ((await listDue(db, localDate(now))).length === 0) return 0
  return await db.transaction().execute(async trx => await applyIn(trx, now))
}

async function applyIn (trx: Db, now: string): Promise<number> {
  const due: DeadlineChangeTable[] = await listDue(trx, localDate(now))
  for (const change of due) if (await markApplied(trx, change.id, now)) await updateRule(trx, change)
  return due.length
}

function faultsOf ({ days, dayType, kind, basis, reason, effectiveOn }: RuleWish, present: string, today: string): FieldFaults {
  if (present === 'law') return { days: { key: 'deadline_admin.lawful' } }
  return {
    ...Number.isInteger(days) && days >= 1 && days <= DAYS_LIMIT ? {} : { days: { key: 'deadline_admin.bad_days', values: { most: DAYS_LIMIT } } },
    ...(DAY_TYPES as readonly string[]).includes(dayType) ? {} : { day_type: { key: 'deadline_admin.no_type' } },
    ...(SETTABLE_KINDS as readonly string[]).includes(kind) ? {} : { kind: { key: 'deadline_admin.no_kind' } },
    ...basis === '' ? { basis: { key: 'deadline_admin.no_basis' } } : {},
    ...reason === '' ? { reason: { key: 'deadline_admin.no_reason' } } : {},
    ...isDate(effectiveOn) && effectiveOn >= today ? {} : { from: { key: 'deadline_admin.bad_from' } }
  }
}
