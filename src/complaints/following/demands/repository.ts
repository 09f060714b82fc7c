import type { Db, DemandConfirmationTable } from '../../../db/schema.ts'

/** A demand of a letter that stands, in the order of letters. */
export interface StandingDemand { document_id: string, no: number, kind: string, state: string, due_on: string }

/** What the letters of a case that stand demand. */
export async function listStanding (db: Db, complaintId: string): Promise<StandingDemand[]> {
  return await db.selectFrom('demand').innerJoin('document', 'document.id', 'demand.document_id').select(['document_id', 'demand.no', 'kind', 'state', 'due_on'])
    .where('demand.complaint_id', '=', complaintId).where('voided_at', 'is', null).orderBy('issued_at').orderBy('document_id').orderBy('no').execute()
}

/** What the complainant said of demands, oldest first. */
export async function listAnswered (db: Db, complaintId: string): Promise<DemandConfirmationTable[]> {
  return await db.selectFrom('demand_confirmation').selectAll().where('complaint_id', '=', complaintId).orderBy('document_id').orderBy('no').orderBy('seq').execute()
}

/** Keeps what the complainant said of one. */
export async function insertAnswered (trx: Db, row: DemandConfirmationTable): Promise<void> {
  await trx.insertInto('demand_confirmation').values(row).execute()
}
