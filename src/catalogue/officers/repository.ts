import type { Db } from '../../db/schema.ts'
import { CATEGORIES, recogniseAll } from '../../domain/records/enumerations.ts'
import type { CertificateRecord, CertificateStatus } from '../../domain/records/officer-status.ts'
import { perRevision } from '../lists/engine/revision.ts'

/** At most so many people are ever shown together: the register is no telephone book. */
export const MOST = 20

export interface Details { name: string, agency: string, agencyEn: string | null, agencySlug: string, phone: string | null, number: string, type: string, categories: string[], otherCategories: string | null, area: string | null }

/** What the public may read of an officer (domain.md 6.5); of one whose data are withheld, nothing but the state of the certificate. */
export interface Officer { slug: string, version: number, certificate: CertificateRecord, updatedAt: string, fictional: boolean, details: Details | null }

function select (db: Db) {
  return db.selectFrom('officer').innerJoin('agency', 'agency.id', 'officer.agency_id')
    .select(['officer.slug', 'officer.version', 'officer.name', 'officer.certificate_no', 'officer.certificate_type', 'officer.categories', 'officer.area', 'officer.valid_from', 'officer.valid_to', 'officer.status',
      'officer.withheld', 'officer.fictional', 'officer.updated_at', 'agency.name as agency', 'agency.name_en as agency_en', 'agency.slug as agency_slug', 'agency.phone'])
}
type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number]

function publicPart (row: Row): Officer {
  return {
    slug: row.slug,
    version: row.version,
    certificate: { status: row.status as CertificateStatus, validFrom: row.valid_from, validTo: row.valid_to },
    updatedAt: row.updated_at,
    fictional: row.fictional === 1,
    details: row.withheld === 1 ? null : detailsOf(row)
  }
}

function detailsOf (row: Row): Details {
  const { name, agency, phone, area } = row
  const { keys, unknown } = recogniseAll(CATEGORIES, row.categories.replaceAll(' ', '、'))
  return {
    name,
    agency,
    agencyEn: row.agency_en,
    agencySlug: row.agency_slug,
    phone,
    number: row.certificate_no,
    type: row.certificate_type,
    categories: keys,
    otherCategories: unknown.length > 0 ? unknown.join('、') : null, // as the source writes them: nothing is guessed
    area
  }
}

/** The holder of exactly this certificate number. Numbers are stored as plainly written, older ones perhaps as they were printed. */
export async function findByNumber (db: Db, numbers: readonly string[]): Promise<Officer | null> {
  const row = await select(db).where('officer.certificate_no', 'in', numbers).orderBy('officer.id').limit(1).executeTakeFirst()
  return row === undefined ? null : publicPart(row)
}

/** The officer behind an address; null when there is none. */
export async function findBySlug (db: Db, slug: string): Promise<Officer | null> {
  const row = await select(db).where('officer.slug', '=', slug).executeTakeFirst()
  return row === undefined ? null : publicPart(row)
}

/** The officer of a number of the register; null when there is none. */
export async function findById (db: Db, id: number): Promise<Officer | null> {
  const row = await select(db).where('officer.id', '=', id).executeTakeFirst()
  return row === undefined ? null : publicPart(row)
}

/** Officers of one agency with exactly this name, one more than MOST at the utmost. Withheld ones are not found by name: that would confirm it. */
export async function listByName (db: Db, names: readonly string[], agencyId: number): Promise<Officer[]> {
  const rows = await select(db).where('officer.name', 'in', names).where('officer.agency_id', '=', agencyId).where('officer.withheld', '=', 0)
    .orderBy('officer.certificate_no').limit(MOST + 1).execute()
  return rows.map(publicPart)
}

/** As of when the register of officers speaks: its last change, or the last import that confirmed it. Null while it is empty. */
export const officersUpdatedAt = perRevision(async db => {
  const changed = await db.selectFrom('officer').select(eb => eb.fn.max('updated_at').as('at')).executeTakeFirstOrThrow()
  const imported = await db.selectFrom('import_batch').select(eb => eb.fn.max('recorded_at').as('at')).where('kind', '=', 'officers').executeTakeFirstOrThrow()
  return [changed.at, imported.at].filter(at => at !== null).sort().at(-1) ?? null
})
