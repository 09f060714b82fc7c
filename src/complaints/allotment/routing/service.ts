import { appendAudit } from '../../../db/audit.ts'
import type { Db } from '../../../db/schema.ts'
import { firstMeeting, type RoutingFault, type RuleData } from '../../../domain/work/routing.ts'
import { AppError } from '../../../errors.ts'
import type { ComplaintRow } from '../../case/core/repository.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Parts } from '../../case/core/types.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { openDetails } from '../../case/reading/records.ts'
import { existsFor } from '../../work/conflicts/repository.ts'
import { arrivalOf, wordsOf } from './applying.ts'
import { faultsOf, type Keeper } from './keeping.ts'
import type { Part } from './people.ts'
import { findRuleName, inOrder, listRules, type Rule } from './repository.ts'

export { MOST_RULES, moveRule, RULE_LIMITS, saveRule, switchRule, type Keeper, type RuleWish } from './keeping.ts'
export { COMPLAINT_KINDS } from '../../case/core/types.ts'
export { listEligible } from './people.ts'
export { listRules, listVersions, type Rule } from './repository.ts'

/** How many complaints a rule is tried on. */
export const TRIED = 100

/** How a complaint came to where it is; faults are for those who lead. */
export interface Routing { name: string, version: number, faults: Array<{ part: Part, fault: RoutingFault }>, suggested: string | null }

/** The rule that met a complaint, null where none did. */
export async function readRouting (db: Db, complaintId: string): Promise<Routing | null> {
  const row = await db.selectFrom('complaint').leftJoin('account', 'account.id', 'suggested_id').select(['routing_rule', 'routing_version', 'routing_faults', 'account.name as suggested']).where('complaint.id', '=', complaintId).executeTakeFirst()
  if (row === undefined || row.routing_rule === null || row.routing_version === null) return null
  const faults = row.routing_faults.split(' ').filter(fault => fault !== '').map(fault => ({ part: fault.split(':')[0] as Part, fault: fault.split(':')[1] as RoutingFault }))
  return { name: await findRuleName(db, row.routing_rule, row.routing_version) ?? '', version: row.routing_version, faults, suggested: row.suggested }
}

/** What a rule would have done to the last complaints: how many were looked at, how many it would have met, and those for which another rule would have counted. */
export interface Trial { looked: number, met: number, changed: Array<{ ref: string, before: string | null, after: string | null, own: boolean }> }

/**
 * Tries a rule, not kept yet, on the last complaints that exist for whoever asks: its place is that of the rule it changes, else the last. Nothing is
 * changed; that it was tried stands in the audit. Errors: `forbidden` (whoever may not read cases does not learn of them this way), `form_invalid`.
 */
export async function tryRule (parts: Parts, keeper: Keeper, { id, name, data }: { id?: string, name: string, data: RuleData }, now: string): Promise<Trial> {
  demandPermission(keeper, 'complaint.assign')
  const faults = await faultsOf(parts.db, keeper, { name: 'x', data, reason: 'x' }) // a name and reasons come when it is kept
  if (Object.keys(faults).length > 0) throw new AppError('form_invalid', { fields: faults })
  const before = await listRules(parts.db, keeper.bureauIds)
  const candidate: Rule = { id: id ?? '', bureauId: keeper.bureauId, seq: Number.MAX_SAFE_INTEGER, version: 0, enabled: true, name, data, at: now, by: null, reason: '' }
  const after = id === undefined ? [...before, candidate] : before.map(rule => rule.id === id ? candidate : rule)
  const trial: Trial = { looked: 0, met: 0, changed: [] }
  for (const row of await listLast(parts.db, keeper)) {
    const arrival = await arrivalOf(parts.db, row, await readWords(parts, row), after)
    const [old, fresh] = [before, after].map(rules => firstMeeting(rulesFor(rules, row.bureau_id, keeper), arrival))
    const own = fresh?.id === candidate.id
    trial.looked++
    if (own) trial.met++
    if (outcomeOf(old) !== outcomeOf(fresh)) trial.changed.push({ ref: row.ref, before: nameOf(old), after: nameOf(fresh), own })
  }
  await parts.db.transaction().execute(async trx => {
    await appendAudit(trx, parts.keys.audit, { at: now, actorId: keeper.id, role: keeper.role, action: 'routing.tried', subject: `routing_rule ${id ?? 'new'}`, result: 'done', requestId: keeper.requestId })
  })
  return trial
}

/** The rules that are asked for a complaint of a bureau, in their order. */
function rulesFor (rules: readonly Rule[], bureauId: number, keeper: Keeper): Rule[] {
  return inOrder(rules.filter(rule => rule.bureauId === bureauId || rule.bureauId === keeper.bureauId), bureauId)
}

function outcomeOf (rule: Rule | undefined): string {
  return rule === undefined ? '' : `${rule.id} ${JSON.stringify(rule.data?.then)}`
}

function nameOf (rule: Rule | undefined): string | null {
  return rule?.name ?? null
}

async function listLast (db: Db, keeper: Keeper): Promise<ComplaintRow[]> {
  return await db.selectFrom('complaint').selectAll().where('bureau_id', 'in', keeper.bureauIds).where(existsFor(keeper.id)).orderBy('submitted_at', 'desc').orderBy('ref', 'desc').limit(TRIED).execute()
}

async function readWords ({ db, keys }: Parts, row: ComplaintRow): Promise<{ grounds: string[], text: string }> {
  const seal = sealFor(keys, row)
  const issues = (await db.selectFrom('complaint_issue').select(['no', 'ground', 'sealed']).where('complaint_id', '=', row.id).orderBy('no').execute()).map(({ no, ground, sealed }) => ({ ground: ground as never, text: seal.open(`issue:${no}`, sealed) }))
  const { claim, target, place } = openDetails(seal, row.sealed)
  return { grounds: issues.map(({ ground }) => ground), text: wordsOf({ issues, claim, target, place }) }
}
