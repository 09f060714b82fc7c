import type { Db } from '../../../db/schema.ts'
import { CASEWORK, PERMISSIONS, type Role } from '../../../domain/process/permissions.ts'
import type { RoutingFault } from '../../../domain/work/routing.ts'
import { listAway } from '../absence/repository.ts'
import { hasConflict } from '../../work/conflicts/repository.ts'

/** In hand, or examining. */
export type Part = 'handler' | 'supervisor'
export interface Person { id: number, name: string }
interface Account extends Person { role: string, bureauId: number, disabled: number, cardNo: string | null }

/** Roles that may have a part in a case. */
export const ROLES_OF: Readonly<Record<Part, readonly Role[]>> = { handler: CASEWORK, supervisor: PERMISSIONS['complaint.investigate'] }

/** People of the bureaus who may have a part in a case, for choosing. */
export async function listEligible (db: Db, part: Part, bureauIds: readonly number[]): Promise<Array<Person & { role: string, bureau: string }>> {
  return await db.selectFrom('account').innerJoin('bureau', 'bureau.id', 'account.bureau_id').select(['account.id', 'account.name', 'account.role', 'bureau.name as bureau'])
    .where('account.bureau_id', 'in', bureauIds).where('account.role', 'in', ROLES_OF[part]).where('account.disabled', '=', 0).where('account.agency_id', 'is', null)
    .$if(part === 'supervisor', query => query.where('account.card_no', 'is not', null)).orderBy('account.username').execute()
}

/** Who gets a part: the person, or whoever stands in for them that day; else why nobody does. Asks and changes nothing. */
export async function choose (db: Db, part: Part, accountId: number, on: { complaintId: string, bureauIds: readonly number[], today: string }): Promise<{ person: Person } | { fault: RoutingFault }> {
  const found = await findAccount(db, accountId)
  const fault = await faultOf(db, part, found, on)
  if (fault !== null || found === undefined) return { fault: fault ?? 'gone' }
  const away = (await listAway(db, [accountId], on.today)).get(accountId)
  if (away === undefined) return { person: found }
  const deputy = away.deputyId === null ? undefined : await findAccount(db, away.deputyId)
  if (deputy === undefined || await faultOf(db, part, deputy, on) !== null || (await listAway(db, [deputy.id], on.today)).has(deputy.id)) return { fault: 'away' }
  return { person: deputy }
}

async function findAccount (db: Db, id: number): Promise<Account | undefined> {
  return await db.selectFrom('account').select(['id', 'name', 'role', 'bureau_id as bureauId', 'disabled', 'card_no as cardNo']).where('id', '=', id).where('agency_id', 'is', null).executeTakeFirst()
}

async function faultOf (db: Db, part: Part, person: Account | undefined, { complaintId, bureauIds }: { complaintId: string, bureauIds: readonly number[] }): Promise<RoutingFault | null> {
  if (person === undefined || person.disabled !== 0) return 'gone'
  if (!ROLES_OF[part].includes(person.role as Role)) return 'role'
  if (!bureauIds.includes(person.bureauId)) return 'bureau'
  if (part === 'supervisor' && person.cardNo === null) return 'card'
  return await hasConflict(db, person.id, complaintId) ? 'conflict' : null
}
