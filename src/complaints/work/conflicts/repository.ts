import { sql, type Expression, type ExpressionBuilder, type RawBuilder, type Selectable, type SqlBool } from 'kysely'
import type { ConflictDeclarationTable, Database, Db } from '../../../db/schema.ts'

export type DeclarationRow = Selectable<ConflictDeclarationTable>
/** A declaration with whose it is and what it names; `sealed` still closed. */
export interface DeclarationLine extends DeclarationRow { person: string, agency: string | null, officer: string | null, ref: string | null }

/** Agencies that a person declared ties with; usually none. */
export async function listTiedAgencies (db: Db, accountId: number): Promise<number[]> {
  const rows = await db.selectFrom('conflict_declaration').select('agency_id').where('account_id', '=', accountId).where('ended_at', 'is', null).where('agency_id', 'is not', null).execute()
  return rows.map(row => row.agency_id as number)
}

/** Declarations that hold and those that were ended, the newest first: one person's, or everybody's of these bureaus. */
export async function listDeclarations (db: Db, whose: { accountId: number } | { bureauIds: readonly number[] }): Promise<DeclarationLine[]> {
  return await db.selectFrom('conflict_declaration').innerJoin('account', 'account.id', 'conflict_declaration.account_id')
    .leftJoin('agency', 'agency.id', 'conflict_declaration.agency_id').leftJoin('complaint', 'complaint.id', 'conflict_declaration.complaint_id').leftJoin('officer', 'officer.id', 'conflict_declaration.officer_id')
    .selectAll('conflict_declaration').select(['account.name as person', 'agency.name as agency', 'complaint.ref as ref', 'officer.certificate_no as officer'])
    .where(eb => 'accountId' in whose ? eb('account_id', '=', whose.accountId) : eb('account.bureau_id', 'in', whose.bureauIds))
    .orderBy('declared_at', 'desc').orderBy('conflict_declaration.id').limit(200).execute()
}

/** Keeps a declaration. */
export async function insertDeclaration (trx: Db, row: DeclarationRow): Promise<void> {
  await trx.insertInto('conflict_declaration').values(row).execute()
}

/** Ends a declaration that holds, of somebody of these bureaus but not of `by`; false where there is none such. */
export async function endDeclaration (trx: Db, id: string, { by, bureauIds, now }: { by: number, bureauIds: readonly number[], now: string }): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('conflict_declaration').set({ ended_at: now, ended_by: by })
    .where('id', '=', id).where('ended_at', 'is', null).where('account_id', '!=', by)
    .where('account_id', 'in', trx.selectFrom('account').select('id').where('bureau_id', 'in', bureauIds)).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Open complaints that somebody has in hand or examines, and that a tie with an agency, an officer or a case now takes from them. */
export async function listHeldAgainst (trx: Db, accountId: number, tie: { agencyId: number | null, officerId: number | null, complaintId: string | null }): Promise<string[]> {
  const rows = await trx.selectFrom('complaint').select('id').where('status', '!=', 'closed')
    .where(eb => eb.or([
      eb('id', '=', tie.complaintId ?? ''), eb('agency_id', '=', tie.agencyId ?? -1),
      eb('id', 'in', eb.selectFrom('complaint_link').select('complaint_id').where('kind', '=', 'officer').where('record_id', '=', tie.officerId ?? -1))
    ]))
    .where(eb => eb.or([eb('handler_id', '=', accountId), eb('id', 'in', eb.selectFrom('assignment').select('complaint_id').where('account_id', '=', accountId).where('ended_at', 'is', null))]))
    .execute()
  return rows.map(row => row.id)
}

/** Whether somebody was recused from a complaint or declared a tie with it, its agency or an officer it names. */
export async function hasConflict (db: Db, accountId: number, complaintId: string): Promise<boolean> {
  return (await listConflicted(db, [accountId], complaintId)).length > 0
}

/** Which of these people were recused from a complaint or have a tie with it. */
export async function listConflicted (db: Db, accountIds: readonly number[], complaintId: string): Promise<number[]> {
  if (accountIds.length === 0) return []
  const recused = await db.selectFrom('recusal').select('account_id').where('complaint_id', '=', complaintId).where('account_id', 'in', accountIds).where('status', '=', 'granted').execute()
  const tied = await db.selectFrom('conflict_declaration').select('account_id').where('account_id', 'in', accountIds).where('ended_at', 'is', null).where(eb => eb.or([
    eb('complaint_id', '=', complaintId),
    eb('agency_id', 'in', eb.selectFrom('complaint').select('agency_id').where('complaint.id', '=', complaintId).where('agency_id', 'is not', null)),
    eb('officer_id', 'in', eb.selectFrom('complaint_link').select('record_id').where('complaint_link.complaint_id', '=', complaintId).where('kind', '=', 'officer'))
  ])).execute()
  return [...new Set([...recused, ...tied].flatMap(row => row.account_id ?? []))]
}

/** Complaints that name an officer with whom somebody declared a tie; nearly always none. */
export async function listTiedByOfficer (db: Db, accountId: number): Promise<string[]> {
  const rows = await db.selectFrom('complaint_link').innerJoin('conflict_declaration', 'conflict_declaration.officer_id', 'complaint_link.record_id').select('complaint_link.complaint_id').distinct()
    .where('complaint_link.kind', '=', 'officer').where('conflict_declaration.account_id', '=', accountId).where('conflict_declaration.ended_at', 'is', null).execute()
  return rows.map(row => row.complaint_id)
}

/**
 * The one condition of every query about `complaint` that asks what exists for a person: none that they were recused from, and none with a tie to it,
 * its agency or an officer it names (security.md Z-4). Each part is looked up by the person, who has nearly always none.
 */
export function existsFor (accountId: number): RawBuilder<SqlBool> {
  const held = sql`conflict_declaration where conflict_declaration.account_id = ${accountId} and conflict_declaration.ended_at is null`
  return sql<SqlBool>`(complaint.id not in (select recusal.complaint_id from recusal where recusal.account_id = ${accountId} and recusal.status = 'granted')
    and complaint.id not in (select conflict_declaration.complaint_id from ${held} and conflict_declaration.complaint_id is not null)
    and (complaint.agency_id is null or complaint.agency_id not in (select conflict_declaration.agency_id from ${held} and conflict_declaration.agency_id is not null))
    and not exists (select 1 from complaint_link where complaint_link.complaint_id = complaint.id and complaint_link.kind = 'officer' and complaint_link.record_id in (select conflict_declaration.officer_id from ${held} and conflict_declaration.officer_id is not null)))`
}

/** Conditions that leave out complaints somebody was recused from, and those about agencies they declared a tie with. */
export function untied (eb: ExpressionBuilder<Database, 'complaint'>, { recused = [], tied = [] }: { recused?: readonly string[], tied?: readonly number[] }): Array<Expression<SqlBool>> {
  return [
    ...recused.length === 0 ? [] : [eb('complaint.id', 'not in', recused)],
    ...tied.length === 0 ? [] : [eb.or([eb('complaint.agency_id', 'is', null), eb('complaint.agency_id', 'not in', tied)])]
  ]
}
