import type { AgencyStatementTable, Db } from '../../../db/schema.ts'
import { AppError } from '../../../errors.ts'
import { listTiedAgencies } from '../../work/conflicts/repository.ts'
import { listRecused } from '../../following/requests/repository.ts'

export type StatementRow = AgencyStatementTable
export type StatementLine = StatementRow & { agency: string, agencyEn: string | null, slug: string, type: string, author: string, signer: string | null, ref: string, wrapped_key: string }

/** The statement about a letter. */
export async function findStatement (db: Db, documentId: string): Promise<StatementRow | undefined> {
  return await db.selectFrom('agency_statement').selectAll().where('document_id', '=', documentId).executeTakeFirst()
}

/** Keeps a new statement, or a changed one that still is what was seen, else `stale_version`. */
export async function putStatement (trx: Db, row: StatementRow, seen: number): Promise<void> {
  if (seen === 0) {
    const { numInsertedOrUpdatedRows } = await trx.insertInto('agency_statement').values(row).onConflict(conflict => conflict.doNothing()).executeTakeFirst()
    if (numInsertedOrUpdatedRows !== 1n) throw new AppError('stale_version')
    return
  }
  await changeStatement(trx, { document_id: row.document_id, version: seen }, row)
}

/** Changes a statement of that version, else `stale_version`. */
export async function changeStatement (trx: Db, { document_id: id, version }: Pick<StatementRow, 'document_id' | 'version'>, change: Partial<StatementRow>): Promise<void> {
  const { numUpdatedRows } = await trx.updateTable('agency_statement').set(change).where('document_id', '=', id).where('version', '=', version).executeTakeFirst()
  if (numUpdatedRows === 0n) throw new AppError('stale_version', { id })
}

/** Statements before the publisher or decided, of cases that exist for this person: of these bureaus, without ties (security.md Z-4). Those that wait stand first; only one where `documentId` is given. */
export async function listStatements (db: Db, { id, bureauIds }: { id: number, bureauIds: readonly number[] }, documentId?: string): Promise<StatementLine[]> {
  const [tied, recused] = [await listTiedAgencies(db, id), await listRecused(db, id)]
  let query = db.selectFrom('agency_statement').innerJoin('complaint', 'complaint.id', 'agency_statement.complaint_id').innerJoin('document', 'document.id', 'document_id').innerJoin('agency', 'agency.id', 'agency_statement.agency_id')
    .innerJoin('account', 'account.id', 'agency_statement.author_id').leftJoin('account as signer', 'signer.id', 'signed_by')
    .selectAll('agency_statement').select(['agency.name as agency', 'agency.name_en as agencyEn', 'agency.slug', 'document.type', 'account.name as author', 'signer.name as signer', 'ref', 'wrapped_key'])
    .where('state', 'in', ['signed', 'returned', 'published', 'withdrawn']).where('complaint.bureau_id', 'in', bureauIds.length === 0 ? [-1] : bureauIds)
  if (documentId !== undefined) query = query.where('document_id', '=', documentId)
  if (tied.length > 0) query = query.where('agency_statement.agency_id', 'not in', tied)
  if (recused.length > 0) query = query.where('agency_statement.complaint_id', 'not in', recused)
  return await query.orderBy(eb => eb.case().when('state', '=', 'signed').then(0).else(1).end()).orderBy('signed_at', 'desc').orderBy('document_id').limit(200).execute()
}

/** What was published about letters of one case. */
export async function listPublishedOf (db: Db, complaintId: string): Promise<Array<{ type: string, text: string, published_on: string, agency: string, slug: string }>> {
  const rows = await db.selectFrom('agency_statement').innerJoin('document', 'document.id', 'document_id').innerJoin('agency', 'agency.id', 'agency_statement.agency_id')
    .select(['type', 'text', 'published_on', 'agency.name as agency', 'slug']).where('agency_statement.complaint_id', '=', complaintId).where('state', '=', 'published').orderBy('published_on').orderBy('document_id').execute()
  return rows.map(row => ({ ...row, text: row.text ?? '', published_on: row.published_on ?? '' }))
}
