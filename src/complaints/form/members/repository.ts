import type { ComplaintMemberTable, Db } from '../../../db/schema.ts'

/** Keeps the codes of those who complain together. */
export async function insertMembers (trx: Db, rows: ComplaintMemberTable[]): Promise<void> {
  if (rows.length > 0) await trx.insertInto('complaint_member').values(rows).execute()
}

/** The one member whose code lies at a slot; undefined where none does. */
export async function findMemberAt (db: Db, complaintId: string, slot: number): Promise<{ no: number, code_hash: string } | undefined> {
  return await db.selectFrom('complaint_member').select(['no', 'code_hash']).where('complaint_id', '=', complaintId).where('slot', '=', slot).where('no', '>', 0).executeTakeFirst()
}

/** The slots that are taken, the representative's too. */
export async function listSlots (db: Db, complaintId: string): Promise<Array<{ no: number, slot: number }>> {
  return await db.selectFrom('complaint_member').select(['no', 'slot']).where('complaint_id', '=', complaintId).execute()
}

/** Where the representative's new code lies; nothing where nobody complains together. */
export async function moveRepresentative (trx: Db, complaintId: string, slot: number): Promise<void> {
  await trx.updateTable('complaint_member').set({ slot }).where('complaint_id', '=', complaintId).where('no', '=', 0).execute()
}

/** The co-complainants' rows in their order. */
export async function listMembers (db: Db, complaintId: string): Promise<ComplaintMemberTable[]> {
  return await db.selectFrom('complaint_member').selectAll().where('complaint_id', '=', complaintId).where('no', '>', 0).orderBy('no').execute()
}

/** Puts a new code in place of a member's old one; false where there is no such member. */
export async function replaceMember (trx: Db, row: ComplaintMemberTable): Promise<boolean> {
  const { complaint_id: id, no, ...code } = row
  const { numUpdatedRows } = await trx.updateTable('complaint_member').set(code).where('complaint_id', '=', id).where('no', '=', no).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Destroys the readable form of the codes of complaints that were sent before a moment. */
export async function forgetMemberCodes (db: Db, before: string): Promise<void> {
  await db.updateTable('complaint_member').set({ code_sealed: null }).where('code_sealed', 'is not', null)
    .where('complaint_id', 'in', db.selectFrom('complaint').select('id').where('submitted_at', '<', before)).execute()
}
