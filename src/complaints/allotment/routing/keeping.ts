import { randomUUID } from 'node:crypto'
import { appendAudit } from '../../../db/audit.ts'
import type { Db } from '../../../db/schema.ts'
import { AppError } from '../../../errors.ts'
import type { RuleData } from '../../../domain/work/routing.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Actor, FieldFaults, Parts } from '../../case/core/types.ts'
import { listEligible } from './people.ts'
import { insertVersion, listRules, lockRules, raiseRule } from './repository.ts'

/** As many rules as one can still read from top to bottom. */
export const MOST_RULES = 50
/** Longest name and reason, and longest keyword, in code points; most keywords. */
export const RULE_LIMITS = { name: 60, reason: 500, keyword: 20, keywords: 20 } as const

/** Who keeps the rules of a bureau. */
export interface Keeper extends Actor { id: number, bureauId: number, bureauIds: readonly number[] }
export interface RuleWish { id?: string, version?: number, name: string, data: RuleData, reason: string }

/** Adds a rule at the end, or puts one into a new version; the old one stays to be read. Errors: `forbidden`, `not_found`, `stale_version`, `form_invalid`. Returns its id. */
export async function saveRule (parts: Parts, keeper: Keeper, { id, version = 0, name, data, reason }: RuleWish, now: string): Promise<string> {
  demandPermission(keeper, 'routing.manage')
  const rule = id ?? randomUUID()
  await parts.db.transaction().execute(async trx => {
    const rows = await lockRules(trx, keeper.bureauId)
    const faults = await faultsOf(trx, keeper, { name, data, reason })
    if (id === undefined && rows.length >= MOST_RULES) faults['name'] = { key: 'routing.too_many', values: { most: MOST_RULES } }
    if (Object.keys(faults).length > 0) throw new AppError('form_invalid', { fields: faults })
    if (id === undefined) await trx.insertInto('routing_rule').values({ id: rule, bureau_id: keeper.bureauId, seq: (rows.at(-1)?.seq ?? 0) + 1, version: 1, enabled: 1 }).execute()
    else await raiseRule(trx, { id, bureauId: keeper.bureauId, version })
    await insertVersion(trx, { rule_id: rule, version: id === undefined ? 1 : version + 1, name: name.trim(), data: JSON.stringify(data), reason: reason.trim(), actor_id: keeper.id, at: now })
    await record(trx, parts, keeper, { action: id === undefined ? 'routing.added' : 'routing.changed', subject: rule }, now)
  })
  return rule
}

/** Switches a rule on or off; twice is once. Errors: `forbidden`, `not_found`. */
export async function switchRule (parts: Parts, keeper: Keeper, id: string, on: boolean, now: string): Promise<void> {
  demandPermission(keeper, 'routing.manage')
  await parts.db.transaction().execute(async trx => {
    const [row] = (await listRules(trx, [keeper.bureauId])).filter(rule => rule.id === id)
    if (row === undefined) throw new AppError('not_found', { id })
    const { numUpdatedRows } = await trx.updateTable('routing_rule').set({ enabled: on ? 1 : 0 }).where('id', '=', id).where('enabled', '=', on ? 0 : 1).executeTakeFirst()
    if (numUpdatedRows > 0n) await record(trx, parts, keeper, { action: on ? 'routing.switched_on' : 'routing.switched_off', subject: id }, now)
  })
}

/** Moves a rule one place up or down; at the end of the list nothing happens. Errors: `forbidden`, `not_found`. */
export async function moveRule (parts: Parts, keeper: Keeper, id: string, direction: 'up' | 'down', now: string): Promise<void> {
  demandPermission(keeper, 'routing.manage')
  await parts.db.transaction().execute(async trx => {
    const ids = (await lockRules(trx, keeper.bureauId)).map(row => row.id)
    const at = ids.indexOf(id)
    if (at === -1) throw new AppError('not_found', { id })
    const to = direction === 'up' ? at - 1 : at + 1
    const other = ids[to]
    if (other === undefined) return
    ids[to] = id
    ids[at] = other
    for (const [seq, one] of ids.entries()) await trx.updateTable('routing_rule').set({ seq: seq + 1 }).where('id', '=', one).execute()
    await record(trx, parts, keeper, { action: 'routing.moved', subject: id }, now)
  })
}

/** What stands against a rule, by the fields of its form. */
/** What stands against a rule, by field of its form. */
export async function faultsOf (trx: Db, keeper: Keeper, { name, data: { when, then }, reason }: RuleWish): Promise<FieldFaults> {
  const faults: FieldFaults = {}
  if (name.trim() === '') faults['name'] = { key: 'routing.no_name' }
  else if ([...name.trim()].length > RULE_LIMITS.name) faults['name'] = { key: 'field.maxLength', values: { limit: RULE_LIMITS.name } }
  if (reason.trim() === '') faults['reason'] = { key: 'routing.no_reason' }
  else if ([...reason].length > RULE_LIMITS.reason) faults['reason'] = { key: 'field.maxLength', values: { limit: RULE_LIMITS.reason } }
  const { keywords = [] } = when
  if (keywords.length > RULE_LIMITS.keywords || keywords.some(word => [...word].length > RULE_LIMITS.keyword)) faults['keywords'] = { key: 'routing.bad_keywords', values: { most: RULE_LIMITS.keywords, limit: RULE_LIMITS.keyword } }
  if (Object.keys(then).filter(key => key !== 'suggest').length === 0) faults['handler'] = { key: 'routing.nothing' }
  const known = async (part: 'handler' | 'supervisor'): Promise<number[]> => (await listEligible(trx, part, keeper.bureauIds)).map(({ id }) => id)
  if (then.handler !== undefined && !(await known('handler')).includes(then.handler)) faults['handler'] = { key: 'routing.unknown_person' }
  if (then.supervisors !== undefined) {
    const eligible = await known('supervisor')
    if (!then.supervisors.every(id => eligible.includes(id))) faults['supervisor_1'] = { key: 'routing.unknown_person' }
  }
  return faults
}

async function record (trx: Db, { keys }: Parts, keeper: Keeper, { action, subject }: { action: string, subject: string }, now: string): Promise<void> {
  await appendAudit(trx, keys.audit, { at: now, actorId: keeper.id, role: keeper.role, action, subject: `routing_rule ${subject}`, result: 'done', requestId: keeper.requestId })
}
