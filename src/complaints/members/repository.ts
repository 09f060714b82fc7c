import type { ComplaintMemberTable, Db } from '../../db/schema.ts'

/** Keeps the codes of those who complain together. */
export async function insertMembers (trx: Db, rows: ComplaintMemberTable[]): Promise<void> {
  if (rows.length > 0) await trx.insertInto('complaint_member').values(rows).execute()
}

/** The one member whose code lies at a slot; undefined where none does. */
export async function findMemberAt (db: Db, complaintId: string, slot: number): Promise<{ no: number, code_hash: string } | undefined> {
  return await db.selectFrom('complaint_member').select(['no', 'code_hash']).where('complaint_id', '=', complaintId).where('slot', '=', slot).executeTakeFirst()
}

/** Everybody's rows in their order. */
export async function listMembers (db: Db, complaintId: string): Promise<ComplaintMemberTable[]> {
  return await db.selectFrom('complaint_member').selectAll().where('complaint_id', '=', complaintId).orderBy('no').execute()
}

/** Puts a new code in place of a member's old one. */
export async function replaceMember (trx: Db, row: ComplaintMemberTable): Promise<void> {
  const { complaint_id: id, no, ...code } = row
  await trx.updateTable('complaint_member').set(code).where('complaint_id', '=', id).where('no', '=', no).execute()
}

/** Destroys the readable form of the codes of complaints that were sent before a moment. */
export async function forgetMemberCodes (db: Db, before: string): Promise<void> {
  await db.updateTable('complaint_member').set({ code_sealed: null }).where('code_sealed', 'is not', null)
    .where('complaint_id', 'in', db.selectFrom('complaint').select('id').where('submitted_at', '<', before)).execute()
}
