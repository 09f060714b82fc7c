import type { Insertable, Selectable, Updateable } from 'kysely'
import type { AttachmentTable, Db } from '../../../db/schema.ts'
import { inTransaction } from '../../../db/open.ts'
import { AppError } from '../../../errors.ts'

export type Row = Selectable<AttachmentTable>
export type NewRow = Insertable<AttachmentTable>
/** `evidence`: what the bureau gathered itself; `agency`: what the supervised agency sent with its answers. The complainant sees neither. */
export type Side = 'complainant' | 'bureau' | 'evidence' | 'agency'

/** Whose files: a draft's or a complaint's, with the key that they are sealed under. */
export interface Owner { id: string, wrapped_key: string }

/** The unsent draft or the complaint of that id. A draft that was sent is a complaint: `draft_gone`. Else `not_found`. */
export async function findOwner (db: Db, kind: 'draft' | 'complaint', id: string): Promise<Owner> {
  if (kind === 'complaint') return await db.selectFrom('complaint').select(['id', 'wrapped_key']).where('id', '=', id).executeTakeFirstOrThrow(() => new AppError('not_found'))
  return await db.selectFrom('draft').select(['id', 'wrapped_key']).where('id', '=', id).where('submitted_at', 'is', null).executeTakeFirstOrThrow(() => new AppError('draft_gone'))
}

/** Takes the owner's lock for the rest of the transaction: whoever discards, sends or adds to it comes before or after, never between. */
export async function lockOwner (trx: Db, kind: 'draft' | 'complaint', id: string, now: string): Promise<void> {
  const { numUpdatedRows } = kind === 'draft'
    ? await trx.updateTable('draft').set({ saved_at: now }).where('id', '=', id).where('submitted_at', 'is', null).executeTakeFirst()
    : await trx.updateTable('complaint').set({ updated_at: now }).where('id', '=', id).executeTakeFirst()
  if (numUpdatedRows === 0n) throw new AppError(kind === 'draft' ? 'draft_gone' : 'not_found')
}

/** All files of a draft or complaint, oldest first. */
export async function listRows (db: Db, ownerId: string): Promise<Row[]> {
  return await db.selectFrom('attachment').selectAll().where('complaint_id', '=', ownerId).orderBy('at').orderBy('id').execute()
}

/** One file of that owner, else `not_found`: another's file does not exist. */
export async function findRow (db: Db, ownerId: string, id: string): Promise<Row> {
  return await db.selectFrom('attachment').selectAll().where('id', '=', id).where('complaint_id', '=', ownerId).executeTakeFirstOrThrow(() => new AppError('not_found', { id }))
}

export async function insertRow (trx: Db, row: NewRow): Promise<void> {
  await trx.insertInto('attachment').values(row).execute()
}

export async function updateRow (db: Db, id: string, change: Updateable<AttachmentTable>): Promise<void> {
  await db.updateTable('attachment').set(change).where('id', '=', id).execute()
}

/** Takes a file away that has not been sent: of an unsent draft, or ready for a message of that side. Returns where its bytes lie, else `not_found`. */
export async function deleteUnsent (db: Db, ownerId: string, id: string, side: Side): Promise<string[]> {
  const rows = await inTransaction(db, async trx => {
    await holdOwner(trx, ownerId)
    return await trx.deleteFrom('attachment').where('id', '=', id).where('complaint_id', '=', ownerId).where('by_side', '=', side)
      .where(eb => eb.or([eb('sent', '=', 0), eb('complaint_id', 'in', eb.selectFrom('draft').select('draft.id').where('submitted_at', 'is', null))]))
      .returning(['id', 'original_id']).execute()
  })
  if (rows.length === 0) throw new AppError('not_found', { id })
  return placesOf(rows)
}

/** Waits for whoever is sending the draft or the message: what left meanwhile stays. Nothing of the row changes. */
async function holdOwner (trx: Db, ownerId: string): Promise<void> {
  await trx.updateTable('draft').set(eb => ({ saved_at: eb.ref('saved_at') })).where('id', '=', ownerId).execute()
  await trx.updateTable('complaint').set(eb => ({ updated_at: eb.ref('updated_at') })).where('id', '=', ownerId).execute()
}

/** Deletes the rows of a draft with it. Returns where their bytes lie, to be removed once this is committed. */
export async function deleteRows (trx: Db, ownerId: string): Promise<string[]> {
  return placesOf(await trx.deleteFrom('attachment').where('complaint_id', '=', ownerId).returning(['id', 'original_id']).execute())
}

/** Deletes what lay ready for a message that was never sent, and of an agency's drafts what lies there longer. Returns where the bytes lie. */
export async function deleteForgotten (db: Db, { before, draftsBefore }: { before: string, draftsBefore: string }): Promise<string[]> {
  const rows = await inTransaction(db, async trx => {
    const gone = await trx.deleteFrom('attachment').where('sent', '=', 0).where('at', '<', before)
      .where(eb => eb.or([eb('at', '<', draftsBefore), eb('id', 'not in', eb.selectFrom('agency_file').select('attachment_id'))])).returning(['id', 'original_id', 'by_side']).execute()
    const drafts = gone.filter(row => row.by_side === 'agency').map(row => row.id)
    if (drafts.length > 0) await trx.deleteFrom('agency_file').where('attachment_id', 'in', drafts).execute()
    return gone
  })
  return placesOf(rows)
}

/** The copies stay, the originals are known no more. Returns where their bytes lie. */
export async function forgetOriginals (trx: Db, ownerId: string): Promise<string[]> {
  const rows = await trx.selectFrom('attachment').select('original_id').where('complaint_id', '=', ownerId).where('original_id', 'is not', null).execute()
  if (rows.length === 0) return []
  await trx.updateTable('attachment').set({ original_id: null, original_size: null, original_sha256: null }).where('complaint_id', '=', ownerId).execute()
  return rows.flatMap(row => row.original_id ?? [])
}

/** Files that wait for the scanner, oldest first. */
export async function listHeld (db: Db, most: number): Promise<Row[]> {
  return await db.selectFrom('attachment').selectAll().where('state', '=', 'held').orderBy('at').orderBy('id').limit(most).execute()
}

function placesOf (rows: Array<Pick<Row, 'id' | 'original_id'>>): string[] {
  return rows.flatMap(row => row.original_id === null ? [row.id] : [row.id, row.original_id])
}
