import { appendAudit } from '../../../db/audit.ts'
import type { Db } from '../../../db/schema.ts'
import { comparable } from '../../../domain/process/suspicions.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { firstMeeting, type Arrival, type Then } from '../../../domain/work/routing.ts'
import { findById, insertEvent, type ComplaintRow } from '../../case/core/repository.ts'
import type { Work } from '../../case/core/steps.ts'
import type { Answers } from '../../case/core/types.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { bureausOf, upsertAssignment } from '../../work/assignments/repository.ts'
import { choose, type Part, type Person } from './people.ts'
import { listActiveRules, type Rule } from './repository.ts'

/** What was written, as keywords look at it: issues, what is asked for, whom and where. */
export function wordsOf ({ issues = [], claim = '', target = {}, place = '' }: Pick<Answers, 'issues' | 'claim' | 'target' | 'place'>): string {
  return comparable([...issues.map(issue => issue.text), claim, target.agencyText ?? '', place])
}

/** A complaint as rules look at it; what no rule asks for is not looked up. */
export async function arrivalOf (db: Db, row: ComplaintRow, given: { grounds: readonly string[], text: string }, rules: readonly Rule[]): Promise<Arrival> {
  const asks = (part: 'region' | 'fineFrom'): boolean => rules.some(({ data }) => data?.when[part] !== undefined)
  const agency = asks('region') && row.agency_id !== null ? await db.selectFrom('agency').select('region_code').where('id', '=', row.agency_id).executeTakeFirst() : undefined
  const fine = asks('fineFrom') ? await db.selectFrom('complaint_link').innerJoin('decision', 'decision.id', 'record_id').select(({ fn }) => fn.max('fine_fen').as('most')).where('complaint_id', '=', row.id).where('kind', '=', 'decision').executeTakeFirst() : undefined
  return { agencyId: row.agency_id, region: agency?.region_code ?? null, ...given, source: row.source, fineFen: fine?.most ?? null, urgent: row.urgent === 1, kind: row.kind }
}

/**
 * Lets the first rule that meets a new complaint bring it to somebody, in the transaction that files it. What the rule cannot do (a person who left, who has a
 * tie with the case, who is away) is noted for those who lead, and keeps nobody's complaint back.
 */
export async function route (work: Work, id: string, answers: Answers, requestId = ''): Promise<void> {
  const { trx } = work
  const complaint = await findById(trx, id)
  const rules = await listActiveRules(trx, complaint.bureau_id)
  if (rules.length === 0) return
  const rule = firstMeeting(rules, await arrivalOf(trx, complaint, { grounds: (answers.issues ?? []).map(({ ground }) => ground), text: wordsOf(answers) }, rules))
  if (rule === undefined) return
  const done = await apply(work, complaint, rule.data.then)
  await trx.updateTable('complaint').set({ routing_rule: rule.id, routing_version: rule.version, routing_faults: done.faults.join(' '), ...done.change }).where('id', '=', id).execute()
  await insertEvent(trx, sealFor(work.keys, complaint), id, {
    action: 'routed', from: complaint.status, to: complaint.status, actorId: null, role: 'system', audience: 'internal',
    details: { routing_version: rule.version, ...rule.data.then.priority === undefined ? {} : { priority: rule.data.then.priority } }, typed: { routing_rule: rule.name, ...done.typed }, at: work.now
  })
  await appendAudit(trx, work.keys.audit, { at: work.now, actorId: null, role: 'system', action: 'complaint.routed', subject: complaint.ref, result: 'done', requestId })
}

interface Done { change: Partial<Pick<ComplaintRow, 'handler_id' | 'suggested_id' | 'priority' | 'checks'>>, typed: Record<string, string>, faults: string[] }

async function apply ({ trx, now }: Work, complaint: ComplaintRow, { handler, suggest, supervisors = [], priority, checks = [] }: Then): Promise<Done> {
  const on = { complaintId: complaint.id, bureauIds: await bureausOf(trx, complaint), today: localDate(now) }
  const faults: string[] = []
  const chosen = async (part: Part, accountId: number): Promise<Person | null> => {
    const choice = await choose(trx, part, accountId, on)
    if ('person' in choice) return choice.person
    faults.push(`${part}:${choice.fault}`)
    return null
  }
  const person = handler === undefined ? null : await chosen('handler', handler)
  const examining: Person[] = []
  for (const accountId of supervisors) {
    const supervisor = await chosen('supervisor', accountId)
    if (supervisor === null || examining.some(({ id }) => id === supervisor.id)) continue
    await upsertAssignment(trx, { complaint_id: complaint.id, account_id: supervisor.id, assigned_by: null, at: now })
    examining.push(supervisor)
  }
  return {
    change: { ...person === null ? {} : suggest === true ? { suggested_id: person.id } : { handler_id: person.id }, ...priority === undefined ? {} : { priority }, ...checks.length === 0 ? {} : { checks: checks.join(' ') } },
    typed: { ...person === null ? {} : { [suggest === true ? 'routed_suggested' : 'routed_handler']: person.name }, ...examining.length === 0 ? {} : { routed_supervisors: examining.map(({ name }) => name).join('、') } },
    faults
  }
}
