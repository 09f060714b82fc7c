import { digestOf, keepVersions, type Publication } from '../db/records.ts'
import type { AgencyTable, Db } from '../db/schema.ts'
import { readPackFile } from './site.ts'

interface AgencyPack { slug: string, name: string, aliases: string[], nameEn: string, kind: string, sector: string, level: string, regionCode: string, duties: string, uscc: string | null, address: string | null, phone: string | null, vertical: 0 | 1, verified: boolean }
interface DistrictPattern { plainName: string, sector: string, citySlug: string, aliases?: string[] }
interface DivisionPack { code: string, name: string, nameEn: string, parent: string | null }
type AgencyRow = Omit<AgencyTable, 'id' | 'version' | 'vertical' | 'verified' | 'status'> & { vertical: 0 | 1, verified: 0 | 1 }

/** Publishes the agencies of a pack, the municipal ones and those that every district has. */
export async function installAgencies (trx: Db, folder: string, publication: Publication): Promise<void> {
  const pack = readPackFile<{ agencies: AgencyPack[], districtAgencies: DistrictPattern[] }>(folder, 'agencies.json')
  const divisions = readPackFile<DivisionPack[]>(folder, 'divisions.json')
  for (const agency of pack.agencies) await publishAgency(trx, municipal(agency), agency.aliases, publication)
  for (const division of divisions.filter(one => one.parent !== null)) {
    for (const pattern of pack.districtAgencies) await publishAgency(trx, ofDistrict(pattern, division), [pattern.plainName, `区${pattern.plainName}`, ...pattern.aliases ?? []], publication)
  }
}

function municipal (agency: AgencyPack): AgencyRow {
  return {
    slug: agency.slug, name: agency.name, name_en: agency.nameEn, kind: agency.kind, sector: agency.sector, level: agency.level, region_code: agency.regionCode, uscc: agency.uscc, duties: agency.duties, address: agency.address, phone: agency.phone, vertical: agency.vertical, verified: agency.verified ? 1 : 0
  }
}

function ofDistrict (pattern: DistrictPattern, division: DivisionPack): AgencyRow {
  return {
    slug: `${pattern.citySlug}-${division.code}`, name: `${division.name}${pattern.plainName}`, name_en: null, kind: 'administrative_organ', sector: pattern.sector, level: 'county', region_code: division.code, uscc: null, duties: null, address: null, phone: null, vertical: 0, verified: 0
  }
}

async function publishAgency (trx: Db, data: AgencyRow, aliases: string[], publication: Publication): Promise<void> {
  const known = await trx.selectFrom('agency').select(['id', 'version']).where('slug', '=', data.slug).executeTakeFirst()
  const last = known === undefined
    ? undefined
    : await trx.selectFrom('record_version').select('digest').where('kind', '=', 'agency').where('record_id', '=', known.id).where('version', '=', known.version).executeTakeFirst()
  if (last?.digest === digestOf(data)) return
  const version = (known?.version ?? 0) + 1
  const { id } = await trx.insertInto('agency').values({ ...data, version }).onConflict(conflict => conflict.column('slug').doUpdateSet({ ...data, version })).returning('id').executeTakeFirstOrThrow()
  const names = [...new Set([data.name, ...aliases])].map(alias => ({ region_code: data.region_code, alias, agency_id: id }))
  await trx.insertInto('agency_alias').values(names).onConflict(conflict => conflict.columns(['region_code', 'alias']).doNothing()).execute()
  await keepVersions(trx, [{ kind: 'agency', id, version, data }], publication)
}
