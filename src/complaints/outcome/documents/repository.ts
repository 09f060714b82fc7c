import { sql } from 'kysely'
import type { Db } from '../../../db/schema.ts'
import { AppError } from '../../../errors.ts'
import { startOfDay } from '../../../domain/time/calendar.ts'
import type { Viewer } from '../../case/core/types.ts'
import { existsFor } from '../../work/conflicts/repository.ts'

export interface RegisterQuery { type?: string, year?: number, q?: string, void?: boolean }

/** The register of issued documents as far as their cases exist for the viewer, newest first. */
export function registered (db: Db, { id, bureauIds = [] }: Viewer, { type, year, q = '', void: voided }: RegisterQuery) {
  const own = bureauIds.length === 0 ? [-1] : [...bureauIds]
  let query = db.selectFrom('document').innerJoin('complaint', 'complaint.id', 'document.complaint_id')
    .where(eb => eb.or([eb('complaint.bureau_id', 'in', own), eb('complaint.delegated_to', 'in', own)]))
    .where(existsFor(id ?? -1))
  if (type !== undefined) query = query.where('document.type', '=', type)
  if (year !== undefined) query = query.where('issued_at', '>=', startOfDay(`${year}-01-01`)).where('issued_at', '<', startOfDay(`${year + 1}-01-01`))
  if (voided === true) query = query.where('voided_at', 'is not', null)
  if (q !== '') query = query.where('number', 'like', sql<string>`${`%${q.replace(/[\\%_]/g, '\\$&')}%`} escape '\\'`)
  return query
}

/** An issued document with its case, else `not_found`. */
export async function findIssued (db: Db, id: string) {
  return await db.selectFrom('document').innerJoin('complaint', 'complaint.id', 'document.complaint_id')
    .select(['document.id', 'document.type', 'document.number', 'document.issued_at', 'document.digest', 'document.sealed', 'voided_at', 'void_sealed', 'voided_by', 'complaint.ref', 'complaint.id as complaint_id', 'complaint.status'])
    .where('document.id', '=', id).executeTakeFirstOrThrow(() => new AppError('not_found', { id }))
}
export type Issued = Awaited<ReturnType<typeof findIssued>>

/** What a number says to anybody who holds the paper; undefined when no such number was given. */
export async function findByNumber (db: Db, number: string) {
  return await db.selectFrom('document').select(['type', 'number', 'issued_at', 'digest', 'voided_at']).where('number', '=', number).executeTakeFirst()
}

/** Deliveries of a document, oldest first, still sealed. */
export async function listDeliveries (db: Db, documentId: string) {
  return await db.selectFrom('delivery').innerJoin('account', 'account.id', 'delivery.account_id').selectAll('delivery').select('account.name as by').where('document_id', '=', documentId).orderBy('no').execute()
}

/** Adds the next delivery; the caller holds the complaint's lock. */
export async function insertDelivery (trx: Db, row: { document_id: string, way: string, state: string, on_day: string, account_id: number, at: string }, seal: (no: number) => string): Promise<void> {
  const { last } = await trx.selectFrom('delivery').select(sql<number>`coalesce(max(no), 0)`.as('last')).where('document_id', '=', row.document_id).executeTakeFirstOrThrow()
  await trx.insertInto('delivery').values({ ...row, no: last + 1, sealed: seal(last + 1) }).execute()
}
