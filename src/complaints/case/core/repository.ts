import { sql, type Selectable } from 'kysely'
import type { ComplaintIssueTable, ComplaintTable, Db } from '../../../db/schema.ts'
import type { Role } from '../../../domain/process/permissions.ts'
import type { Action, Audience } from '../../../domain/process/workflow.ts'
import { AppError } from '../../../errors.ts'
import { markNews } from '../../following/contacts/repository.ts'
import { existsFor } from '../../work/conflicts/repository.ts'
import type { Seal } from '../ledger/sealing.ts'
import type { Viewer } from './types.ts'
import type { SideEvent } from '../../../domain/process/side-events.ts'

export type ComplaintRow = Selectable<ComplaintTable>
export type IssueRow = Selectable<ComplaintIssueTable>

/** A complaint by its reference, as far as it exists for the viewer: of the own bureaus, and none that one was recused from or has a tie with (security.md Z-4). Else `not_found`. */
export async function findByRef (db: Db, ref: string, viewer: Viewer = { id: null }): Promise<ComplaintRow> {
  const { id, bureauIds } = viewer
  let query = db.selectFrom('complaint').selectAll().where('ref', '=', ref)
  if (id !== null) query = query.where(existsFor(id))
  if (bureauIds !== undefined) {
    const own = bureauIds.length === 0 ? [-1] : bureauIds
    query = query.where(eb => eb.or([eb('bureau_id', 'in', own), eb('delegated_to', 'in', own)])) // a case that was handed down is seen by both
  }
  return await query.executeTakeFirstOrThrow(() => new AppError('not_found', { ref }))
}

/** A complaint by its id, else `not_found`. */
export async function findById (db: Db, id: string): Promise<ComplaintRow> {
  return await db.selectFrom('complaint').selectAll().where('id', '=', id).executeTakeFirstOrThrow(() => new AppError('not_found'))
}

/** The issues of a complaint in their order, still sealed. */
export async function listIssues (db: Db, id: string): Promise<IssueRow[]> {
  return await db.selectFrom('complaint_issue').selectAll().where('complaint_id', '=', id).orderBy('no').execute()
}

/** Who did what to a complaint, oldest first. */
export async function listActs (db: Db, id: string): Promise<Array<{ action: string, actorId: number | null }>> {
  return await db.selectFrom('event').select(['action', 'actor_id as actorId']).where('complaint_id', '=', id).orderBy('seq').execute()
}

/** Writes down what was found on one issue, else `not_found`. */
export async function updateFinding (trx: Db, row: Pick<ComplaintRow, 'id' | 'ref'>, no: number, found: Record<'finding' | 'reasons_sealed', string> & Record<'rule_kind' | 'rule_sealed' | 'redress' | 'required_sealed', string | null>): Promise<void> {
  const { numUpdatedRows } = await trx.updateTable('complaint_issue').set(found).where('complaint_id', '=', row.id).where('no', '=', no).executeTakeFirst()
  if (numUpdatedRows === 0n) throw new AppError('not_found', { ref: row.ref, issue: no })
}

/** Whether the complainant has sent a message. */
export async function hasWritten (db: Db, id: string): Promise<boolean> {
  const found = await db.selectFrom('message').select('id').where('complaint_id', '=', id).where('direction', '=', 'in').limit(1).executeTakeFirst()
  return found !== undefined
}

/** Gives an accepted complaint its case number; the caller holds its lock. */
export async function updateCaseNo (trx: Db, id: string, caseNo: string): Promise<void> {
  await trx.updateTable('complaint').set({ case_no: caseNo }).where('id', '=', id).execute()
}

type Change = Partial<Pick<ComplaintRow, 'status' | 'outcome' | 'closed_at' | 'refusal_code' | 'unread' | 'handler_id' | 'delegated_to' | 'agency_id'>>

/** Changes a complaint that is still at `version` and raises the version, else `stale_version`. Locks the row until the transaction ends. */
export async function changeComplaint (trx: Db, row: Pick<ComplaintRow, 'id' | 'ref'>, version: number, change: Change, now: string): Promise<void> {
  const { numUpdatedRows } = await trx.updateTable('complaint')
    .set(eb => ({ ...change, version: eb('version', '+', 1), updated_at: now }))
    .where('id', '=', row.id).where('version', '=', version).executeTakeFirst()
  if (numUpdatedRows === 0n) throw new AppError('stale_version', { ref: row.ref })
}

/** Locks a complaint and returns it as it stands then; what adds to it without judging it needs no version. */
export async function touchComplaint (trx: Db, id: string, change: { unread?: 0 | 1, urgent?: 0 | 1 }, now: string): Promise<ComplaintRow> {
  return await trx.updateTable('complaint').set({ ...change, updated_at: now }).where('id', '=', id).returningAll()
    .executeTakeFirstOrThrow(() => new AppError('not_found'))
}

/** Locks a complaint and returns it as it stands then, changing nothing: for whoever has to look before deciding to. */
export async function lockComplaint (trx: Db, id: string): Promise<ComplaintRow> {
  return await trx.updateTable('complaint').set(eb => ({ ref: eb.ref('ref') })).where('id', '=', id).returningAll().executeTakeFirstOrThrow(() => new AppError('not_found'))
}

export interface EventInput {
  action: Action | SideEvent
  from: string | null
  to: string
  actorId: number | null
  role: Role
  audience: Audience
  /** Codes only. */
  details?: Record<string, string | number>
  /** What somebody typed; sealed. */
  typed?: Record<string, string>
  at: string
}

/** Adds the next event; the caller holds the complaint's lock, so numbers do not meet. What the complainant may read is news to them. */
export async function insertEvent (trx: Db, seal: Seal, id: string, event: EventInput): Promise<void> {
  const { last } = await trx.selectFrom('event').select(sql<number>`coalesce(max(seq), 0)`.as('last')).where('complaint_id', '=', id).executeTakeFirstOrThrow()
  const seq = last + 1
  await trx.insertInto('event').values({
    complaint_id: id,
    seq,
    action: event.action,
    from_status: event.from,
    to_status: event.to,
    actor_id: event.actorId,
    actor_role: event.role,
    audience: event.audience,
    details: hasAny(event.details) ? JSON.stringify(event.details) : null,
    reason_sealed: hasAny(event.typed) ? seal.close(`event:${seq}`, JSON.stringify(event.typed)) : null,
    at: event.at
  }).execute()
  if (event.audience !== 'internal' && event.role !== 'complainant' && event.action !== 'submit') await markNews(trx, id, event.at)
}

function hasAny (values: object | undefined): boolean {
  return values !== undefined && Object.keys(values).length > 0
}

/** Bureau of a complaint: its names and the head of its numbers. */
export async function findBureau (db: Db, id: number): Promise<{ id: number, name: string, name_en: string, case_prefix: string }> {
  return await db.selectFrom('bureau').select(['id', 'name', 'name_en', 'case_prefix']).where('id', '=', id).executeTakeFirstOrThrow()
}

/** An agency's name, as the register has it. */
export async function findAgencyName (db: Db, id: number): Promise<string> {
  return (await db.selectFrom('agency').select('name').where('id', '=', id).executeTakeFirstOrThrow(() => new AppError('not_found', { agency: id }))).name
}

/** A district bureau below a bureau; undefined when it is none of its own. */
export async function findDistrict (db: Db, parent: number, id: number): Promise<{ id: number } | undefined> {
  return await db.selectFrom('bureau').select('id').where('id', '=', id).where('parent_id', '=', parent).executeTakeFirst()
}
