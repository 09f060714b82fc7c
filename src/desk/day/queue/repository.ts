import type { Db } from '../../../db/schema.ts'
import { CASEWORK } from '../../../domain/process/permissions.ts'

export interface Option { id: number, name: string, nameEn?: string | null }

/** Agencies that any complaint of these bureaus is about: one index probe for each agency. */
export async function listComplainedAgencies (db: Db, bureauIds: readonly number[]): Promise<Option[]> {
  return await db.selectFrom('agency').select(['id', 'name', 'name_en as nameEn'])
    .where(eb => eb.exists(eb.selectFrom('complaint').select('complaint.id').whereRef('complaint.agency_id', '=', 'agency.id').where('complaint.bureau_id', 'in', bureauIds).limit(1)))
    .orderBy('slug').execute()
}

/** People of these bureaus who handle complaints. */
export async function listHandlers (db: Db, bureauIds: readonly number[]): Promise<Option[]> {
  return await db.selectFrom('account').select(['id', 'name']).where('bureau_id', 'in', bureauIds).where('role', 'in', CASEWORK)
    .where('disabled', '=', 0).orderBy('username').execute()
}

/** What a person is told of the account: the sign-in before this one, and failed tries since. */
export async function findPreviousSignIn (db: Db, id: number): Promise<{ at: string | null, failures: number }> {
  return await db.selectFrom('account').select(['previous_sign_in_at as at', 'previous_failed_count as failures']).where('id', '=', id).executeTakeFirstOrThrow()
}

/** Who examines these complaints, by reference. */
export async function listSupervisorNames (db: Db, refs: readonly string[]): Promise<Map<string, string[]>> {
  if (refs.length === 0) return new Map()
  const rows = await db.selectFrom('complaint').innerJoin('assignment', 'assignment.complaint_id', 'complaint.id').innerJoin('account', 'account.id', 'assignment.account_id')
    .select(['complaint.ref', 'account.name']).where('complaint.ref', 'in', refs).where('assignment.ended_at', 'is', null).orderBy('assignment.at').orderBy('account.id').execute()
  return new Map([...Map.groupBy(rows, ({ ref }) => ref)].map(([ref, people]) => [ref, people.map(({ name }) => name)]))
}
