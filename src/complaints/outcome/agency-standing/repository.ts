import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import { toPresentAgency } from '../../../catalogue/supervision/repository.ts'
import type { Database, Db } from '../../../db/schema.ts'
import { DEMANDING } from '../../../domain/process/documents.ts'
import { OPEN_STATUSES } from '../../../domain/process/workflow.ts'
import { listRecused } from '../../following/requests/repository.ts'
import { untied } from '../../work/conflicts/repository.ts'

/** Who looks: cases of other bureaus, and those that somebody was recused from, do not exist for them (security.md Z-4). */
export interface Looking { id: number, bureauIds: readonly number[] }
export interface SentRow { id: string, complaintId: string, ref: string, status: string, type: string, number: string, issuedAt: string, received: string | null }
type Condition = (eb: ExpressionBuilder<Database, 'complaint'>) => Expression<SqlBool>

async function visibleTo (db: Db, { id, bureauIds }: Looking): Promise<Condition> {
  const [own, recused] = [bureauIds.length === 0 ? [-1] : bureauIds, await listRecused(db, id)]
  return eb => eb.and([eb.or([eb('complaint.bureau_id', 'in', own), eb('complaint.delegated_to', 'in', own)]), ...untied(eb, { recused })])
}

/** Letters to an agency that stand, and its notices, the newest first. */
export async function listSentTo (db: Db, agencyId: number, looking: Looking): Promise<SentRow[]> {
  const visible = await visibleTo(db, looking)
  return await db.selectFrom('complaint').innerJoin('document', 'document.complaint_id', 'complaint.id').leftJoin('agency_receipt', 'agency_receipt.document_id', 'document.id')
    .select(['document.id', 'complaint.id as complaintId', 'ref', 'status', 'type', 'number', 'issued_at as issuedAt', 'agency_receipt.at as received'])
    .where('complaint.agency_id', '=', agencyId).where('document.type', 'in', ['agency_notice', ...DEMANDING]).where('voided_at', 'is', null).where(eb => visible(eb as unknown as ExpressionBuilder<Database, 'complaint'>))
    .where(eb => toPresentAgency(eb as unknown as ExpressionBuilder<Database, 'document'>))
    .orderBy('issued_at', 'desc').orderBy('document.id').limit(500).execute()
}

/** The complaints about an agency that exist for somebody, by reference: open or not. */
export async function listCases (db: Db, agencyId: number, looking: Looking): Promise<Array<{ ref: string, open: boolean }>> {
  const visible = await visibleTo(db, looking)
  const rows = await db.selectFrom('complaint').select(['ref', 'status']).where('complaint.agency_id', '=', agencyId).where(eb => visible(eb)).execute()
  return rows.map(({ ref, status }) => ({ ref, open: (OPEN_STATUSES as readonly string[]).includes(status) }))
}

/** How many statements of an agency are in each state. */
export async function countStatements (db: Db, agencyId: number, looking: Looking): Promise<Array<{ state: string, count: number }>> {
  const visible = await visibleTo(db, looking)
  return await db.selectFrom('complaint').innerJoin('agency_statement', 'agency_statement.complaint_id', 'complaint.id').select(['state', eb => eb.fn.countAll<number>().as('count')]).where('agency_statement.agency_id', '=', agencyId).where(eb => visible(eb as unknown as ExpressionBuilder<Database, 'complaint'>)).groupBy('state').orderBy('state').execute()
}
