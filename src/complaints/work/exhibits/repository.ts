import type { Db, ExhibitTable, FootageRequestTable } from '../../../db/schema.ts'

/** The exhibits of a complaint by number. */
export async function listExhibitRows (db: Db, complaintId: string): Promise<Array<ExhibitTable & { by: string | null }>> {
  return await db.selectFrom('exhibit').leftJoin('account', 'account.id', 'exhibit.account_id').selectAll('exhibit').select('account.name as by').where('complaint_id', '=', complaintId).orderBy('no').execute()
}

/** Puts a file on the list; false when it is there already. */
export async function insertExhibit (trx: Db, row: ExhibitTable): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx.insertInto('exhibit').values(row).onConflict(conflict => conflict.columns(['complaint_id', 'attachment_id']).doNothing()).executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Says for what an exhibit is relied on; false when there is none of that number. */
export async function updateExhibit (trx: Db, complaintId: string, no: number, change: Pick<ExhibitTable, 'issues' | 'note_sealed'>): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('exhibit').set(change).where('complaint_id', '=', complaintId).where('no', '=', no).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Who opened what of a case's files, from the audit: oldest first. */
export async function listOpenings (db: Db, ref: string, fileIds: readonly string[]): Promise<Array<{ file: string, at: string, action: string, who: string | null, role: string }>> {
  if (fileIds.length === 0) return []
  const rows = await db.selectFrom('audit_entry').leftJoin('account', 'account.id', 'audit_entry.actor_id').select(['audit_entry.subject', 'audit_entry.at', 'audit_entry.action', 'account.name as who', 'audit_entry.role'])
    .where('audit_entry.subject', 'in', fileIds.map(id => `${ref} ${id}`)).where('audit_entry.action', 'in', ['attachment.read', 'attachment.picture_read', 'attachment.original_read', 'attachment.released_read', 'agency.file_read']).orderBy('audit_entry.seq').execute()
  return rows.map(({ subject, ...row }) => ({ file: subject.slice(ref.length + 1), ...row }))
}

/** The requests for recordings of a complaint by number. */
export async function listFootage (db: Db, complaintId: string): Promise<Array<FootageRequestTable & { by: string | null, settler: string | null }>> {
  return await db.selectFrom('footage_request').leftJoin('account', 'account.id', 'footage_request.account_id').leftJoin('account as settler', 'settler.id', 'footage_request.settled_by')
    .selectAll('footage_request').select(['account.name as by', 'settler.name as settler']).where('complaint_id', '=', complaintId).orderBy('no').execute()
}

/** Keeps a request. */
export async function insertFootage (trx: Db, row: FootageRequestTable): Promise<void> {
  await trx.insertInto('footage_request').values(row).execute()
}

/** Settles an open request; false when it is not open. */
export async function settleFootageRow (trx: Db, complaintId: string, no: number, change: Partial<FootageRequestTable>): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('footage_request').set(change).where('complaint_id', '=', complaintId).where('no', '=', no).where('state', '=', 'open').executeTakeFirst()
  return numUpdatedRows > 0n
}

/** What lies ready as evidence of the bureau's own becomes part of the case. */
export async function keepEvidence (trx: Db, complaintId: string): Promise<string[]> {
  const rows = await trx.updateTable('attachment').set({ sent: 1 }).where('complaint_id', '=', complaintId).where('by_side', '=', 'evidence').where('sent', '=', 0).returning(['id', 'at']).execute()
  return rows.sort((a, b) => a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1).map(({ id }) => id)
}
