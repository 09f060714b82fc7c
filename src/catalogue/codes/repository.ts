import { sql } from 'kysely'
import type { CertificateCodeTable, Db } from '../../db/schema.ts'

/** A code with the card it was made for, and the card as the register has it now. */
export interface StoredCode extends CertificateCodeTable { card_no: string, card_from: string | null, card_to: string | null }

/** Which officers: of one agency, or all; without `everybody` only those whose certificate is in order on `today`. */
export interface Whose { agencyId?: number, today: string, everybody?: boolean }

/** A certificate that needs a code: `old` is one that was made for an earlier card, `last` the last turn so far. */
export interface Bare { id: number, certificate_no: string, valid_from: string | null, valid_to: string | null, old: string | null, last: number | null }

/** A certificate with its code in force, as it is printed. */
export interface Card { id: number, name: string, agency: string, certificate_no: string, valid_to: string | null, turn: number, fictional: 0 | 1 }

/** The card has been issued anew since: another number, or another validity. */
const REISSUED = sql<boolean>`(code.certificate_no <> officer.certificate_no or coalesce(code.valid_from, '') <> coalesce(officer.valid_from, '') or coalesce(code.valid_to, '') <> coalesce(officer.valid_to, ''))`

/** What is known of a code, by its stored id. */
export async function findCode (db: Db, id: string): Promise<StoredCode | undefined> {
  return await db.selectFrom('certificate_code').innerJoin('officer', 'officer.id', 'certificate_code.officer_id').selectAll('certificate_code')
    .select(['officer.certificate_no as card_no', 'officer.valid_from as card_from', 'officer.valid_to as card_to'])
    .where('certificate_code.id', '=', id).executeTakeFirst()
}

function employed (db: Db, { agencyId, today, everybody = false }: Whose) {
  let query = db.selectFrom('officer').leftJoin('certificate_code as code', join => join.onRef('code.officer_id', '=', 'officer.id').on('code.ended_at', 'is', null))
    .where('officer.withheld', '=', 0)
  if (agencyId !== undefined) query = query.where('officer.agency_id', '=', agencyId)
  if (everybody) return query
  return query.where('officer.status', '=', 'valid').where(eb => eb.or([eb('officer.valid_to', 'is', null), eb('officer.valid_to', '>=', today)]))
}

/** Up to `limit` certificates without a code for their present card, beyond officer number `after`. Officers whose data are withheld get none. */
export async function listBare (db: Db, whose: Whose, after: number, limit: number): Promise<Bare[]> {
  return await employed(db, whose)
    .select(['officer.id', 'officer.certificate_no', 'officer.valid_from', 'officer.valid_to', 'code.id as old'])
    .select(eb => eb.selectFrom('certificate_code as before').select(one => one.fn.max('before.turn').as('last')).whereRef('before.officer_id', '=', 'officer.id').as('last'))
    .where(eb => eb.or([eb('code.id', 'is', null), REISSUED])).where('officer.id', '>', after).orderBy('officer.id').limit(limit).execute()
}

/** How many certificates have no code for their present card. */
export async function countBare (db: Db, whose: Whose): Promise<number> {
  const { count } = await employed(db, whose).select(eb => eb.fn.countAll<number>().as('count')).where(eb => eb.or([eb('code.id', 'is', null), REISSUED])).executeTakeFirstOrThrow()
  return count
}

function printed (db: Db, whose: Whose) {
  return employed(db, whose).innerJoin('agency', 'agency.id', 'officer.agency_id').where('code.id', 'is not', null).where(eb => eb.not(REISSUED))
}

/** How many certificates can be printed. */
export async function countCards (db: Db, whose: Whose): Promise<number> {
  const { count } = await printed(db, whose).select(eb => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  return count
}

/** Certificates with a code in force, in the order of their numbers. */
export async function listCards (db: Db, whose: Whose, offset: number, limit: number): Promise<Card[]> {
  return await printed(db, whose).select(['officer.id', 'officer.name', 'agency.name as agency', 'officer.certificate_no', 'officer.valid_to', 'officer.fictional'])
    .select(eb => eb.ref('code.turn').$notNull().as('turn')).orderBy('officer.certificate_no').offset(offset).limit(limit).execute()
}

/** Keeps new codes; of two processes that make the same one, the first one's stands. Gives how many were new. */
export async function insertCodes (trx: Db, rows: CertificateCodeTable[]): Promise<number> {
  const { numInsertedOrUpdatedRows } = await trx.insertInto('certificate_code').values(rows).onConflict(conflict => conflict.doNothing()).executeTakeFirstOrThrow()
  return Number(numInsertedOrUpdatedRows ?? 0)
}

/** Ends codes that are in force. */
export async function endCodes (trx: Db, ids: string[], ending: string, at: string): Promise<number> {
  const { numUpdatedRows } = await trx.updateTable('certificate_code').set({ ended_at: at, ending }).where('id', 'in', ids).where('ended_at', 'is', null).executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
}

/** The officer of a certificate number with the code in force, for whoever keeps the codes. */
export async function findHolder (db: Db, numbers: readonly string[]) {
  return await db.selectFrom('officer').leftJoin('certificate_code as code', join => join.onRef('code.officer_id', '=', 'officer.id').on('code.ended_at', 'is', null))
    .select(['officer.id', 'officer.agency_id', 'officer.certificate_no', 'code.id as code']).where('officer.certificate_no', 'in', numbers).orderBy('officer.id').limit(1).executeTakeFirst()
}

/** The turn of the code in force on one certificate. */
export async function findTurn (db: Db, certificateNo: string): Promise<{ officer_id: number, turn: number } | undefined> {
  return await db.selectFrom('officer').innerJoin('certificate_code as code', 'code.officer_id', 'officer.id').select(['code.officer_id', 'code.turn'])
    .where('officer.certificate_no', '=', certificateNo).where('code.ended_at', 'is', null).executeTakeFirst()
}

/** An agency with how many certificates are in order and how many of these have a code. */
export interface KeeperRow { slug: string, name: string, officers: number, coded: number }
export interface Keepers { rows: KeeperRow[], total: number }

/** Agencies that have officers, in the divisions `regions` (all when null), by a part of their name. */
export async function listKeepers (db: Db, { regions, q, today }: { regions: string[] | null, q: string, today: string }, offset: number, limit: number): Promise<Keepers> {
  let query = employed(db, { today }).innerJoin('agency', 'agency.id', 'officer.agency_id')
  if (regions !== null) query = query.where('agency.region_code', 'in', regions)
  if (q !== '') query = query.where(sql<boolean>`agency.name like ${`%${q.replace(/[\\%_]/g, sign => `\\${sign}`)}%`} escape '\\'`)
  const { total } = await query.select(eb => eb.fn.count<number>('agency.id').distinct().as('total')).executeTakeFirstOrThrow()
  const rows = await query.groupBy(['agency.id', 'agency.slug', 'agency.name', 'agency.region_code'])
    .select(['agency.slug', 'agency.name', eb => eb.fn.countAll<number>().as('officers'), sql<number>`sum(case when code.id is not null and not ${REISSUED} then 1 else 0 end)`.as('coded')])
    .orderBy('agency.region_code').orderBy('agency.id').offset(offset).limit(limit).execute()
  return { rows: rows.map(row => ({ ...row, coded: Number(row.coded) })), total }
}

/** The divisions that a bureau looks after: its own and those below it; null for the city's bureau, which looks after all. */
export async function listRegions (db: Db, bureauId: number): Promise<string[] | null> {
  const rows = await db.selectFrom('bureau').select(['id', 'region_code', 'parent_id']).where(eb => eb.or([eb('id', '=', bureauId), eb('parent_id', '=', bureauId)])).execute()
  return rows.some(row => row.id === bureauId && row.parent_id === null) ? null : rows.map(row => row.region_code)
}
