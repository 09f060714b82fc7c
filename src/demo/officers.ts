import { createHash } from 'node:crypto'
import type { Insertable, Selectable } from 'kysely'
import { keepVersions, type Publication } from '../db/records.ts'
import type { AgencyTable, Db, OfficerTable } from '../db/schema.ts'
import { addDays, localDate } from '../domain/time/calendar.ts'
import type { CertificateStatus } from '../domain/records/officer-status.ts'
import { around } from './random.ts'
import type { DemoPack } from './schema.ts'

type Agency = Pick<Selectable<AgencyTable>, 'id' | 'level' | 'region_code'>
type Officer = Omit<Insertable<OfficerTable>, 'id'>

/** The certificate that a newcomer is shown first: it is in order. */
export const FIRST_CERTIFICATE = 'DEMO0001'

/** What a certificate says, in days from today; the first five show each state of the check once, so that a newcomer can try them. */
const CERTIFICATES: ReadonlyArray<{ status: CertificateStatus, from: number, to: number }> = [
  { status: 'valid', from: -400, to: 1400 },
  { status: 'valid', from: -1800, to: 20 },
  { status: 'valid', from: -2000, to: -30 },
  { status: 'suspended', from: -700, to: 1000 },
  { status: 'cancelled', from: -900, to: 800 },
  { status: 'revoked', from: -900, to: 800 },
  { status: 'expired', from: -2500, to: -700 },
  { status: 'valid', from: 30, to: 1800 }
]
const UNUSUAL = CERTIFICATES.length
/** After the first ones, this many ordinary certificates stand between two unusual ones. */
const ORDINARY = 12

/** Officer number `at` (from 0) of a made-up city. Name and certificate number say that they are fictional; so does the flag. */
export function makeOfficer (pack: DemoPack, agency: Agency, at: number, { now, digits = 4 }: { now: string, digits?: number }): Officer {
  const today = localDate(now)
  const turn = at < UNUSUAL ? at : at % ORDINARY === 0 ? (at / ORDINARY) % UNUSUAL : 0
  const certificate = around(CERTIFICATES, turn)
  const certificateNo = `DEMO${String(at + 1).padStart(digits, '0')}`
  return {
    slug: `demo-${createHash('sha256').update(certificateNo).digest('hex').slice(0, 12)}`,
    version: 1,
    name: nameOf(pack.names, at),
    agency_id: agency.id,
    certificate_no: certificateNo,
    certificate_type: at % 40 === 39 ? 'supervision' : 'enforcement',
    categories: around(['penalty inspection', 'penalty inspection coercion', 'permit', 'penalty', 'inspection'], at),
    area: pack.officers.area,
    valid_from: addDays(today, certificate.from),
    valid_to: addDays(today, certificate.to),
    status: certificate.status,
    withheld: 0,
    fictional: 1,
    updated_at: now
  }
}

/** A name nobody bears: the prefix, a surname and a number written as a name. */
export function nameOf ({ prefix, surnames, numerals }: DemoPack['names'], at: number): string {
  const number = String(Math.floor(at / surnames.length) + 1)
  return `${prefix}${around(surnames, at)}${[...number].map(digit => numerals[(Number(digit) + 9) % 10]).join('')}`
}

/** The agencies in the order in which officers are dealt out: the city's own get five for one of a district's. */
export async function listEmployers (db: Db): Promise<Agency[]> {
  const agencies = await db.selectFrom('agency').select(['id', 'level', 'region_code']).orderBy('slug').execute()
  const city = agencies.filter(agency => agency.level === 'city')
  return [...city, ...city, ...city, ...city, ...city, ...agencies.filter(agency => agency.level !== 'city')]
}

/** Publishes officers in batches; those whose certificate is known already stay as they are. Gives how many were new. */
export async function publishOfficers (trx: Db, officers: Officer[], publication: Publication): Promise<number> {
  let count = 0
  for (let start = 0; start < officers.length; start += 500) {
    const batch = officers.slice(start, start + 500)
    const ids = await trx.insertInto('officer').values(batch).onConflict(conflict => conflict.column('certificate_no').doNothing()).returning(['id', 'certificate_no']).execute()
    const numbers = new Map(ids.map(row => [row.certificate_no, row.id]))
    await keepVersions(trx, batch.filter(officer => numbers.has(officer.certificate_no)).map(({ version: _version, updated_at: _at, ...data }) => ({ kind: 'officer', id: numbers.get(data.certificate_no) as number, version: 1, data })), publication)
    count += ids.length
  }
  return count
}
