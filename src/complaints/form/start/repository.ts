import { successorOf } from '../../../catalogue/matters/repository.ts'
import type { Db } from '../../../db/schema.ts'

/** A public record that a complaint can start from; `agencyId` is the agency that it belongs to. */
export interface Origin { id: number, label: string | null, labelEn?: string | null, agencyId: number | null }

/** The matter of a code; for a code that is not in the register any more, the one that took its place. */
export async function findMatterOrigin (db: Db, code: string): Promise<Origin | undefined> {
  const found = await matterOrigin(db, code)
  const next = found === undefined ? await successorOf(db, code) : null
  return next === null ? found : await matterOrigin(db, next)
}

async function matterOrigin (db: Db, code: string): Promise<Origin | undefined> {
  return await db.selectFrom('matter').select(['id', 'name as label', 'agency_id as agencyId']).where('code', '=', code).executeTakeFirst()
}

/** Of an officer whose data are withheld the page says nothing but the certificate number that the visitor brought. */
export async function findOfficerOrigin (db: Db, slug: string): Promise<Origin | undefined> {
  const row = await db.selectFrom('officer').select(['id', 'name', 'agency_id', 'certificate_no', 'withheld']).where('slug', '=', slug).executeTakeFirst()
  return row && { id: row.id, label: row.withheld === 1 ? row.certificate_no : `${row.name} ${row.certificate_no}`, agencyId: row.agency_id }
}

/** The agency behind an address. */
export async function findAgencyOrigin (db: Db, slug: string): Promise<Origin | undefined> {
  const row = await db.selectFrom('agency').select(['id', 'name']).where('slug', '=', slug).executeTakeFirst()
  return row && { id: row.id, label: row.name, agencyId: row.id }
}

/** The published decision of a number. */
export async function findDecisionOrigin (db: Db, number: string): Promise<Origin | undefined> {
  return await db.selectFrom('decision').select(['id', 'number as label', 'agency_id as agencyId']).where('number', '=', number).executeTakeFirst()
}

/** The benchmark of a code, called by the violation that it grades. */
export async function findBenchmarkOrigin (db: Db, code: string): Promise<Origin | undefined> {
  return await db.selectFrom('benchmark').select(['id', 'violation as label', 'agency_id as agencyId']).where('code', '=', code).executeTakeFirst()
}

/** The exemption of a code, called by the violation that it speaks of; it binds several agencies, so it names none. */
export async function findExemptionOrigin (db: Db, code: string): Promise<Origin | undefined> {
  const row = await db.selectFrom('exemption').select(['id', 'violation as label']).where('code', '=', code).executeTakeFirst()
  return row && { ...row, agencyId: null }
}

/** The prohibition of a number. */
export async function findProhibitionOrigin (db: Db, no: string): Promise<Origin | undefined> {
  const row = await db.selectFrom('prohibition').select(['no as id', 'title as label', 'title_en as labelEn']).where('no', '=', Number(no)).executeTakeFirst()
  return row && { ...row, agencyId: null }
}
