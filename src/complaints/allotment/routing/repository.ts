import type { Db, RoutingRuleVersionTable } from '../../../db/schema.ts'
import { readRule, type RuleData } from '../../../domain/work/routing.ts'
import { AppError } from '../../../errors.ts'

/** A rule in its present version; `data` null: it cannot be read. */
export interface Rule { id: string, bureauId: number, seq: number, version: number, enabled: boolean, name: string, data: RuleData | null, at: string, by: string | null, reason: string }

/** The rules of these bureaus in their order. */
export async function listRules (db: Db, bureauIds: readonly number[]): Promise<Rule[]> {
  if (bureauIds.length === 0) return []
  const rows = await db.selectFrom('routing_rule').innerJoin('routing_rule_version', join => join.onRef('rule_id', '=', 'routing_rule.id').onRef('routing_rule_version.version', '=', 'routing_rule.version'))
    .leftJoin('account', 'account.id', 'routing_rule_version.actor_id')
    .select(['routing_rule.id', 'routing_rule.bureau_id as bureauId', 'seq', 'routing_rule.version', 'enabled', 'routing_rule_version.name', 'data', 'at', 'account.name as by', 'reason'])
    .where('routing_rule.bureau_id', 'in', bureauIds).orderBy('seq').orderBy('routing_rule.id').execute()
  return rows.map(({ enabled, data, ...row }) => ({ ...row, enabled: enabled === 1, data: readRule(data) }))
}

/** The rules that may meet a complaint of a bureau, in the order in which they are asked: its own before those of the bureau above it. */
export async function listActiveRules (db: Db, bureauId: number): Promise<Rule[]> {
  const { parent_id: above } = await db.selectFrom('bureau').select('parent_id').where('id', '=', bureauId).executeTakeFirstOrThrow()
  return inOrder(await listRules(db, above === null ? [bureauId] : [bureauId, above]), bureauId)
}

/** Those that are switched on, the bureau's own first. */
export function inOrder (rules: readonly Rule[], bureauId: number): Rule[] {
  const on = rules.filter(rule => rule.enabled)
  return [...on.filter(rule => rule.bureauId === bureauId), ...on.filter(rule => rule.bureauId !== bureauId)]
}

/** Every version of a rule, the newest first. */
export async function listVersions (db: Db, id: string) {
  return await db.selectFrom('routing_rule_version').leftJoin('account', 'account.id', 'actor_id').select(['routing_rule_version.version', 'routing_rule_version.name', 'reason', 'at', 'account.name as by'])
    .where('rule_id', '=', id).orderBy('routing_rule_version.version', 'desc').limit(100).execute()
}

/** The name that a rule had in a version. */
export async function findRuleName (db: Db, id: string, version: number): Promise<string | undefined> {
  return (await db.selectFrom('routing_rule_version').select('name').where('rule_id', '=', id).where('version', '=', version).executeTakeFirst())?.name
}

/** Keeps a version. */
export async function insertVersion (trx: Db, row: RoutingRuleVersionTable): Promise<void> {
  await trx.insertInto('routing_rule_version').values(row).execute()
}

/** Locks the rules of a bureau in their order, so that two who change the order wait for each other. */
export async function lockRules (trx: Db, bureauId: number): Promise<Array<{ id: string, seq: number }>> {
  await trx.updateTable('bureau').set(eb => ({ name: eb.ref('name') })).where('id', '=', bureauId).execute()
  return await trx.selectFrom('routing_rule').select(['id', 'seq']).where('bureau_id', '=', bureauId).orderBy('seq').orderBy('id').execute()
}

/** Puts a rule of the bureau into a new version, else `stale_version`; `not_found` where the bureau has none of that id. */
export async function raiseRule (trx: Db, { id, bureauId, version }: { id: string, bureauId: number, version: number }): Promise<void> {
  const known = await trx.updateTable('routing_rule').set(eb => ({ version: eb('version', '+', 1) })).where('id', '=', id).where('bureau_id', '=', bureauId).where('version', '=', version).executeTakeFirst()
  if (known.numUpdatedRows > 0n) return
  const there = await trx.selectFrom('routing_rule').select('id').where('id', '=', id).where('bureau_id', '=', bureauId).executeTakeFirst()
  throw new AppError(there === undefined ? 'not_found' : 'stale_version', { id })
}
