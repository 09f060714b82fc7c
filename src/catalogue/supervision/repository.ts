import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import type { Database, Db } from '../../db/schema.ts'
import { DEMANDING } from '../../domain/process/documents.ts'

/** A demand of a letter that an agency got, with the day of the first signed answer to it. Of the case itself nothing is read. */
export interface DemandedRow { letter: string, issued: string, state: string, due: string, answered: string | null }
export interface PublicStatement { type: string, text: string, on: string }

/**
 * That a letter was written to the agency that its case has now: one that went out before another agency was named is no longer anybody's to read there
 * (security.md Z-5: never what belongs to other agencies).
 */
export function toPresentAgency (eb: ExpressionBuilder<Database, 'document'>): Expression<SqlBool> {
  return eb.not(eb.exists(eb.selectFrom('event').select('event.seq').whereRef('event.complaint_id', '=', 'document.complaint_id').where('event.action', '=', 'agency_named').whereRef('event.at', '>', 'document.issued_at')))
}

/** What letters that stand demanded of an agency, by when they were issued: instants, the second exclusive. */
export async function listDemanded (db: Db, agencyId: number, { from, to }: { from: string, to: string }): Promise<DemandedRow[]> {
  return await db.selectFrom('document').innerJoin('complaint', 'complaint.id', 'document.complaint_id').innerJoin('demand', 'demand.document_id', 'document.id')
    .leftJoin('agency_answer', join => join.onRef('agency_answer.document_id', '=', 'demand.document_id').onRef('agency_answer.no', '=', 'demand.no').on('agency_answer.kind', '=', 'demand').on('agency_answer.turn', '=', 1))
    .select(['document.id as letter', 'issued_at as issued', 'demand.state', 'demand.due_on as due', 'agency_answer.signed_at as answered'])
    .where('complaint.agency_id', '=', agencyId).where('document.type', 'in', DEMANDING).where('voided_at', 'is', null).where('issued_at', '>=', from).where('issued_at', '<', to)
    .where(eb => toPresentAgency(eb as unknown as ExpressionBuilder<Database, 'document'>))
    .orderBy('issued_at').orderBy('document.id').orderBy('demand.no').execute()
}

/** The statements of an agency that are public, the newest first. */
export async function listPublicStatements (db: Db, agencyId: number): Promise<PublicStatement[]> {
  const rows = await db.selectFrom('agency_statement').innerJoin('document', 'document.id', 'document_id').select(['document.type', 'text', 'published_on'])
    .where('agency_statement.agency_id', '=', agencyId).where('state', '=', 'published').orderBy('published_on', 'desc').orderBy('document_id').limit(20).execute()
  return rows.map(({ type, text, published_on: on }) => ({ type, text: text ?? '', on: on ?? '' }))
}
