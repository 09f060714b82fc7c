import { sql, type Selectable } from 'kysely'
import type { ApprovalTable, Db, DocumentDraftTable } from '../../../db/schema.ts'
import { APPROVALS, LETTERS, type Approval, type LetterType } from '../../../domain/supervision/letters.ts'
import type { Role } from '../../../domain/process/permissions.ts'
import { DEPUTISED } from '../../../domain/work/absence.ts'
import { AppError } from '../../../errors.ts'
import type { Viewer } from '../../case/core/types.ts'
import { existsFor } from '../../work/conflicts/repository.ts'

export type DraftRow = Selectable<DocumentDraftTable>
export type ApprovalRow = Selectable<ApprovalTable>

/** A draft, else `not_found`. */
export async function findDraftRow (db: Db, id: string): Promise<DraftRow> {
  return await db.selectFrom('document_draft').selectAll().where('id', '=', id).executeTakeFirstOrThrow(() => new AppError('not_found', { id }))
}

/** The reference of the complaint that a draft belongs to, else `not_found`. */
export async function findDraftRef (db: Db, id: string): Promise<string> {
  const row = await db.selectFrom('document_draft').innerJoin('complaint', 'complaint.id', 'document_draft.complaint_id').select('complaint.ref').where('document_draft.id', '=', id).executeTakeFirst()
  if (row === undefined) throw new AppError('not_found', { id })
  return row.ref
}

/** The drafts of a case, newest first. */
export async function listDraftRows (db: Db, complaintId: string) {
  return await db.selectFrom('document_draft').innerJoin('account', 'account.id', 'document_draft.author_id')
    .select(['document_draft.id', 'type', 'state', 'step', 'document_draft.version', 'author_id', 'account.name as author', 'document_id', 'document_draft.updated_at'])
    .where('complaint_id', '=', complaintId).orderBy('document_draft.created_at', 'desc').orderBy('document_draft.id').execute()
}

/** Letters of a type that somebody began since a time and that wait or are still being written. */
export async function listBegun (db: Db, complaintId: string, { type, authorId, since }: { type: string, authorId: number, since: string }): Promise<Array<Pick<DraftRow, 'id' | 'sealed'>>> {
  return await db.selectFrom('document_draft').select(['id', 'sealed']).where('complaint_id', '=', complaintId).where('type', '=', type).where('author_id', '=', authorId)
    .where('state', 'in', ['draft', 'pending']).where('created_at', '>=', since).execute()
}

export async function insertDraft (trx: Db, row: DraftRow): Promise<void> {
  await trx.insertInto('document_draft').values(row).execute()
}

type Change = Partial<Pick<DraftRow, 'state' | 'step' | 'sealed' | 'digest' | 'document_id'>>

/** Changes a draft that is still at `version` and raises the version, else `stale_version`. */
export async function changeDraft (trx: Db, { id, version }: Pick<DraftRow, 'id' | 'version'>, change: Change, now: string): Promise<void> {
  const { numUpdatedRows } = await trx.updateTable('document_draft').set(eb => ({ ...change, version: eb('version', '+', 1), updated_at: now }))
    .where('id', '=', id).where('version', '=', version).executeTakeFirst()
  if (numUpdatedRows === 0n) throw new AppError('stale_version', { id })
}

/** Who has looked at a draft, oldest first, with their names. */
export async function listApprovals (db: Db, draftId: string) {
  return await db.selectFrom('approval').innerJoin('account', 'account.id', 'approval.account_id').selectAll('approval').select('account.name as by')
    .where('draft_id', '=', draftId).orderBy('seq').execute()
}

/** Adds the next line; the caller holds the complaint's lock. */
export async function insertApproval (trx: Db, row: Omit<ApprovalRow, 'seq'>): Promise<void> {
  const { last } = await trx.selectFrom('approval').select(sql<number>`coalesce(max(seq), 0)`.as('last')).where('draft_id', '=', row.draft_id).executeTakeFirstOrThrow()
  await trx.insertInto('approval').values({ ...row, seq: last + 1 }).execute()
}

/** Drafts that wait for somebody of a role, or of a role that they stand in for, longest first, as far as the cases exist for the viewer. */
export async function listWaiting (db: Db, role: Role, deputyFor: readonly Role[], { id, bureauIds = [] }: Viewer) {
  const steps = (Object.keys(APPROVALS) as Approval[]).filter(step => APPROVALS[step] === role || (deputyFor.includes(APPROVALS[step]) && DEPUTISED[step].includes(role)))
  const turns = (Object.keys(LETTERS) as LetterType[]).flatMap(type => (LETTERS[type].chain as readonly Approval[]).flatMap((step, at) => steps.includes(step) ? [{ type, at }] : []))
  if (turns.length === 0) return []
  return await visible(db, { id, bureauIds }).where('document_draft.state', '=', 'pending')
    .where(eb => eb.or(turns.map(({ type, at }) => eb.and([eb('document_draft.type', '=', type), eb('document_draft.step', '=', at)]))))
    .orderBy('document_draft.updated_at').limit(200).execute()
}

/** Approved letters that wait to be issued, longest first. */
export async function listIssuable (db: Db, viewer: Viewer) {
  return await visible(db, viewer).where('document_draft.state', '=', 'approved').orderBy('document_draft.updated_at').limit(200).execute()
}

function visible (db: Db, { id, bureauIds = [] }: Viewer) {
  const own = bureauIds.length === 0 ? [-1] : [...bureauIds]
  return db.selectFrom('document_draft').innerJoin('complaint', 'complaint.id', 'document_draft.complaint_id').innerJoin('account', 'account.id', 'document_draft.author_id')
    .leftJoin('agency', 'agency.id', 'complaint.agency_id')
    .select(['document_draft.id', 'document_draft.type', 'document_draft.updated_at', 'document_draft.author_id', 'account.name as author', 'complaint.ref', 'complaint.case_no', 'agency.name as agency'])
    .where(eb => eb.or([eb('complaint.bureau_id', 'in', own), eb('complaint.delegated_to', 'in', own)]))
    .where(existsFor(id ?? -1))
}

/** What is proposed to the government of these bureaus, longest first; nothing of the case. */
export async function listProposed (db: Db, { id, bureauIds = [] }: Viewer) {
  return await db.selectFrom('document_draft').innerJoin('complaint', 'complaint.id', 'document_draft.complaint_id').innerJoin('agency', 'agency.id', 'complaint.agency_id')
    .select(['document_draft.id', 'document_draft.updated_at', 'agency.name as agency'])
    .where('document_draft.state', '=', 'proposed').where('complaint.bureau_id', 'in', bureauIds.length === 0 ? [-1] : [...bureauIds]).where(existsFor(id ?? -1)).orderBy('document_draft.updated_at').execute()
}
