import type { Expression, ExpressionBuilder, Selectable, SqlBool } from 'kysely'
import type { ConflictDeclarationTable, Database, Db } from '../../../db/schema.ts'

export type DeclarationRow = Selectable<ConflictDeclarationTable>
/** A declaration with whose it is and what it names; `sealed` still closed. */
export interface DeclarationLine extends DeclarationRow { person: string, agency: string | null, ref: string | null }

/** Agencies that a person declared ties with; usually none. */
export async function listTiedAgencies (db: Db, accountId: number): Promise<number[]> {
  const rows = await db.selectFrom('conflict_declaration').select('agency_id').where('account_id', '=', accountId).where('ended_at', 'is', null).where('agency_id', 'is not', null).execute()
  return rows.map(row => row.agency_id as number)
}

/** Declarations that hold and those that were ended, the newest first: one person's, or everybody's of these bureaus. */
export async function listDeclarations (db: Db, whose: { accountId: number } | { bureauIds: readonly number[] }): Promise<DeclarationLine[]> {
  return await db.selectFrom('conflict_declaration').innerJoin('account', 'account.id', 'conflict_declaration.account_id')
    .leftJoin('agency', 'agency.id', 'conflict_declaration.agency_id').leftJoin('complaint', 'complaint.id', 'conflict_declaration.complaint_id')
    .selectAll('conflict_declaration').select(['account.name as person', 'agency.name as agency', 'complaint.ref as ref'])
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

/** Open complaints that somebody has in hand or examines, and that a tie with an agency or a case now takes from them. */
export async function listHeldAgainst (trx: Db, accountId: number, tie: { agencyId: number | null, complaintId: string | null }): Promise<string[]> {
  const rows = await trx.selectFrom('complaint').select('id').where('status', '!=', 'closed')
    .where(eb => tie.agencyId === null ? eb('id', '=', tie.complaintId ?? '') : eb('agency_id', '=', tie.agencyId))
    .where(eb => eb.or([eb('handler_id', '=', accountId), eb('id', 'in', eb.selectFrom('assignment').select('complaint_id').where('account_id', '=', accountId).where('ended_at', 'is', null))]))
    .execute()
  return rows.map(row => row.id)
}

/** Whether somebody was recused from a complaint or declared a tie with it or its agency. */
export async function hasConflict (db: Db, accountId: number, complaintId: string): Promise<boolean> {
  const recused = await db.selectFrom('recusal').select('id').where('complaint_id', '=', complaintId).where('account_id', '=', accountId).where('status', '=', 'granted').limit(1).executeTakeFirst()
  if (recused !== undefined) return true
  const tie = await db.selectFrom('conflict_declaration').select('id').where('account_id', '=', accountId).where('ended_at', 'is', null)
    .where(eb => eb.or([eb('complaint_id', '=', complaintId), eb('agency_id', 'in', eb.selectFrom('complaint').select('agency_id').where('complaint.id', '=', complaintId).where('agency_id', 'is not', null))]))
    .limit(1).executeTakeFirst()
  return tie !== undefined
}

/** Conditions that leave out complaints somebody was recused from, and those about agencies they declared a tie with. */
export function untied (eb: ExpressionBuilder<Database, 'complaint'>, { recused = [], tied = [] }: { recused?: readonly string[], tied?: readonly number[] }): Array<Expression<SqlBool>> {
  return [
    ...recused.length === 0 ? [] : [eb('complaint.id', 'not in', recused)],
    ...tied.length === 0 ? [] : [eb.or([eb('complaint.agency_id', 'is', null), eb('complaint.agency_id', 'not in', tied)])]
  ]
}
