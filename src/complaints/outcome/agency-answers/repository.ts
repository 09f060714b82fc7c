import type { ExpressionBuilder, Selectable } from 'kysely'
import { toPresentAgency } from '../../../catalogue/supervision/repository.ts'
import type { AgencyAnswerTable, Database, Db, DemandTable } from '../../../db/schema.ts'
import { DEMANDING } from '../../../domain/process/documents.ts'
import { AppError } from '../../../errors.ts'

export type AnswerRow = Selectable<AgencyAnswerTable> & { author: string, signer: string | null, judge: string | null }
/** A letter to an agency with what of its case the agency may be shown. */
export interface ItemRow { id: string, type: string, number: string, issued_at: string, sealed: string, complaint_id: string, ref: string, status: string, version: number, wrapped_key: string }

/** The agency of an account; people of the bureau have none, else `forbidden`. */
export async function agencyOf (db: Db, accountId: number): Promise<number> {
  const row = await db.selectFrom('account').select('agency_id').where('id', '=', accountId).executeTakeFirst()
  if (row === undefined || row.agency_id === null) throw new AppError('forbidden')
  return row.agency_id
}

/** What was sent to an agency and stands, newest first; only one document where `id` is given. */
export async function listItems (db: Db, agencyId: number, id?: string): Promise<ItemRow[]> {
  let query = db.selectFrom('document').innerJoin('complaint', 'complaint.id', 'document.complaint_id')
    .select(['document.id', 'type', 'number', 'issued_at', 'document.sealed', 'complaint_id', 'ref', 'status', 'complaint.version', 'wrapped_key'])
    .where('agency_id', '=', agencyId).where('type', 'in', ['agency_notice', ...DEMANDING]).where('voided_at', 'is', null)
    .where(eb => toPresentAgency(eb as unknown as ExpressionBuilder<Database, 'document'>))
  if (id !== undefined) query = query.where('document.id', '=', id)
  return await query.orderBy('issued_at', 'desc').orderBy('document.id').limit(500).execute()
}

/** One item of an agency; another's does not exist for it: `not_found`. */
export async function findItem (db: Db, agencyId: number, id: string): Promise<ItemRow> {
  const [row] = await listItems(db, agencyId, id)
  if (row === undefined) throw new AppError('not_found', { id })
  return row
}

/** Letters of a case that demand something, and its notices, oldest first. */
export async function listSent (db: Db, complaintId: string): Promise<Array<{ id: string, type: string, number: string, issued_at: string, voided_at: string | null }>> {
  return await db.selectFrom('document').select(['id', 'type', 'number', 'issued_at', 'voided_at']).where('complaint_id', '=', complaintId)
    .where('type', 'in', ['agency_notice', ...DEMANDING]).orderBy('issued_at').orderBy('number').execute()
}

/** All answers of a case, each turn of them. */
export async function listAnswers (db: Db, complaintId: string): Promise<AnswerRow[]> {
  return await db.selectFrom('agency_answer').innerJoin('account', 'account.id', 'author_id').leftJoin('account as signer', 'signer.id', 'signed_by').leftJoin('account as judge', 'judge.id', 'judged_by')
    .selectAll('agency_answer').select(['account.name as author', 'signer.name as signer', 'judge.name as judge']).where('complaint_id', '=', complaintId).orderBy('document_id').orderBy('no').orderBy('turn').execute()
}

/** What the letters of a case demand. */
export async function listDemands (db: Db, complaintId: string): Promise<DemandTable[]> {
  return await db.selectFrom('demand').selectAll().where('complaint_id', '=', complaintId).orderBy('document_id').orderBy('no').execute()
}

/** Demands and signed explanations of many cases at once, for the list. */
export async function standingOf (db: Db, complaintIds: readonly string[]) {
  if (complaintIds.length === 0) return { demands: [], explained: [], clocks: [], read: [] }
  const demands = await db.selectFrom('demand').select(['document_id', 'no', 'state', 'due_on']).where('complaint_id', 'in', complaintIds).orderBy('document_id').orderBy('no').execute()
  const explained = await db.selectFrom('agency_answer').select('document_id').where('complaint_id', 'in', complaintIds).where('kind', '=', 'explanation').where('signed_at', 'is not', null).execute()
  const clocks = await db.selectFrom('clock').select(['complaint_id', 'clock', 'due_on']).where('complaint_id', 'in', complaintIds).where('stopped_on', 'is', null).execute()
  const read = await db.selectFrom('agency_receipt').innerJoin('document', 'document.id', 'document_id').select('document_id').where('complaint_id', 'in', complaintIds).execute()
  return { demands, explained: explained.map(row => row.document_id), clocks, read: read.map(row => row.document_id) }
}

/** Who took note of a letter, and when. */
export async function findReceipt (db: Db, documentId: string): Promise<{ name: string, at: string } | undefined> {
  return await db.selectFrom('agency_receipt').innerJoin('account', 'account.id', 'account_id').select(['account.name', 'at']).where('document_id', '=', documentId).executeTakeFirst()
}

/** Keeps a draft in place of the one that was seen (`version` 0: none), else `stale_version`. The caller holds the case's lock. */
export async function putAnswer (trx: Db, row: Selectable<AgencyAnswerTable>): Promise<void> {
  if (row.version === 1) { await trx.insertInto('agency_answer').values(row).execute(); return }
  const { numUpdatedRows } = await trx.updateTable('agency_answer').set({ version: row.version, sealed: row.sealed, author_id: row.author_id, at: row.at })
    .where('document_id', '=', row.document_id).where('kind', '=', row.kind).where('no', '=', row.no).where('turn', '=', row.turn).where('version', '=', row.version - 1).where('signed_at', 'is', null).executeTakeFirst()
  if (numUpdatedRows === 0n) throw new AppError('stale_version')
}

/** Changes one answer that is there. */
export async function changeAnswer (trx: Db, { document_id: id, kind, no, turn }: AnswerRow, change: Partial<Selectable<AgencyAnswerTable>>): Promise<void> {
  await trx.updateTable('agency_answer').set(change).where('document_id', '=', id).where('kind', '=', kind).where('no', '=', no).where('turn', '=', turn).execute()
}

/** Moves a demand. */
export async function moveDemand (trx: Db, documentId: string, no: number, state: string, now: string): Promise<void> {
  await trx.updateTable('demand').set({ state, changed_at: now }).where('document_id', '=', documentId).where('no', '=', no).execute()
}
