import type { AgencyFileTable, Db } from '../../../db/schema.ts'

/** Which files belong to which answers of a case. */
export async function listLinks (db: Db, complaintId: string): Promise<AgencyFileTable[]> {
  return await db.selectFrom('agency_file').selectAll().where('complaint_id', '=', complaintId).execute()
}

/** Puts a file to an answer; twice is once. */
export async function insertLink (trx: Db, row: AgencyFileTable): Promise<void> {
  await trx.insertInto('agency_file').values(row).onConflict(conflict => conflict.doNothing()).execute()
}

/** Takes a file from the draft of an answer; false where it is not there. */
export async function deleteLink (trx: Db, { attachment_id: id, document_id: document, kind, no, turn }: AgencyFileTable): Promise<boolean> {
  const { numDeletedRows } = await trx.deleteFrom('agency_file').where('attachment_id', '=', id).where('document_id', '=', document).where('kind', '=', kind).where('no', '=', no).where('turn', '=', turn).executeTakeFirst()
  return numDeletedRows > 0n
}

/** Who of the agency sent each of these files. */
export async function listSenders (db: Db, ids: readonly string[]): Promise<Array<number | null>> {
  if (ids.length === 0) return []
  return (await db.selectFrom('attachment').select('author_id').where('id', 'in', ids).execute()).map(row => row.author_id)
}

/** Files of an answer that is signed are the case's from now on. */
export async function markSent (trx: Db, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await trx.updateTable('attachment').set({ sent: 1 }).where('id', 'in', ids).where('by_side', '=', 'agency').execute()
}
