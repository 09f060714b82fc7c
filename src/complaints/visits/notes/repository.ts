import type { Selectable } from 'kysely'
import type { Db, VisitNoteTable } from '../../../db/schema.ts'

export type VisitRow = Selectable<VisitNoteTable>

/** A note by its id, as long as it is kept. */
export async function findNote (db: Db, id: string, now: string): Promise<VisitRow | undefined> {
  return await db.selectFrom('visit_note').selectAll().where('id', '=', id).where('ends_at', '>', now).executeTakeFirst()
}

/** What opens a note, by its reference. */
export async function findVisitLock (db: Db, ref: string, now: string): Promise<{ id: string, ref: string, code_hash: string } | undefined> {
  return await db.selectFrom('visit_note').select(['id', 'ref', 'code_hash']).where('ref', '=', ref).where('ends_at', '>', now).executeTakeFirst()
}

/** Keeps a note; of two requests with the same form the first one's stands. */
export async function insertNote (db: Db, row: VisitRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db.insertInto('visit_note').values(row).onConflict(conflict => conflict.column('id').doNothing()).executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

/** Takes a note into hand for a change: of two at once the other waits. */
export async function lockNote (trx: Db, id: string, now: string): Promise<VisitRow | undefined> {
  return await trx.updateTable('visit_note').set(eb => ({ version: eb('version', '+', 1) })).where('id', '=', id).where('ends_at', '>', now).returningAll().executeTakeFirst()
}

/** Writes the sealed content. */
export async function writeNote (trx: Db, id: string, sealed: string): Promise<void> {
  await trx.updateTable('visit_note').set({ sealed }).where('id', '=', id).execute()
}

/** Destroys one note with its key. */
export async function deleteNote (db: Db, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('visit_note').where('id', '=', id).executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** Destroys notes whose time is over. Gives their ids. */
export async function deleteEnded (db: Db, now: string): Promise<string[]> {
  const rows = await db.deleteFrom('visit_note').where('ends_at', '<=', now).returning('id').execute()
  return rows.map(row => row.id)
}

/** Forgets codes that were made before an instant and are no longer shown. */
export async function forgetCodes (db: Db, before: string): Promise<void> {
  await db.updateTable('visit_note').set({ code_sealed: null }).where('made_at', '<', before).where('code_sealed', 'is not', null).execute()
}

/** Whether a reference is taken. */
export async function isTaken (db: Db, ref: string): Promise<boolean> {
  return await db.selectFrom('visit_note').select('id').where('ref', '=', ref).executeTakeFirst() !== undefined
}

/** What a form can be filled with from the record of an officer; of a withheld one nothing: whoever has the address need not have the number. */
export async function findOfficerNoted (db: Db, slug: string): Promise<{ number: string, agency: string } | undefined> {
  const row = await db.selectFrom('officer').innerJoin('agency', 'agency.id', 'officer.agency_id').select(['certificate_no', 'withheld', 'agency.name as agency']).where('officer.slug', '=', slug).executeTakeFirst()
  return row && (row.withheld === 1 ? { number: '', agency: '' } : { number: row.certificate_no, agency: row.agency })
}

/** The name of an agency by its address. */
export async function findAgencyNoted (db: Db, slug: string): Promise<string | undefined> {
  return (await db.selectFrom('agency').select('name').where('slug', '=', slug).executeTakeFirst())?.name
}
