import { digestOf, keepVersions, type Publication } from '../db/records.ts'
import type { AgencyTable, Db } from '../db/schema.ts'
import { indexAgencies } from './agency-index.ts'
import { packDigests } from './digests.ts'
import type { Pack } from './pack.ts'
import type { AgencyEntry, DistrictAgency, Divisions } from './schema.ts'

type AgencyRow = Omit<AgencyTable, 'id' | 'version' | 'vertical' | 'verified' | 'status' | 'parent_id' | 'details'> & { vertical: 0 | 1, verified: 0 | 1, parent_id?: number }
/** `parent`: the slug of the municipal counterpart, which is published before. */
interface Entry { data: AgencyRow, names: string[], parent?: string }
interface Known { id: number, version: number, digest: string | null }

/** Publishes the agencies of a pack, the municipal ones and those that every district has. Gives how many were new or changed. */
export async function installAgencies (trx: Db, pack: Pack, publication: Publication): Promise<number> {
  const entries = entriesOf(pack)
  const known = await readKnown(trx)
  let published = 0
  for (const { data: own, parent } of entries) {
    const parentId = parent === undefined ? undefined : known.get(parent)?.id
    const data = parentId === undefined ? own : { ...own, parent_id: parentId }
    const last = known.get(data.slug)
    if (last?.digest === digestOf(data)) continue
    known.set(data.slug, await publish(trx, data, (last?.version ?? 0) + 1, publication))
    published++
  }
  const names = entries.flatMap(entry => [...new Set([entry.data.name, ...entry.names])].map(alias => ({ region_code: entry.data.region_code, alias, agency_id: known.get(entry.data.slug)?.id as number })))
  for (let at = 0; at < names.length; at += 500) {
    await trx.insertInto('agency_alias').values(names.slice(at, at + 500)).onConflict(conflict => conflict.columns(['region_code', 'alias']).doNothing()).execute()
  }
  const { indexed } = await trx.selectFrom('agency_search').select(eb => eb.fn.countAll<number>().as('indexed')).executeTakeFirstOrThrow()
  if (published > 0 || indexed < known.size) await indexAgencies(trx)
  return published
}

function entriesOf ({ agencies, divisions }: Pack): Entry[] {
  const districts = divisions.filter(division => division.parent !== null)
  return [
    ...agencies.agencies.map(agency => ({ data: municipal(agency), names: agency.aliases })),
    ...districts.flatMap(division => agencies.districtAgencies.map(pattern => ({
      data: ofDistrict(pattern, division), parent: pattern.citySlug, names: [pattern.plainName, `区${pattern.plainName}`, ...pattern.aliases ?? []]
    })))
  ]
}

function municipal (agency: AgencyEntry): AgencyRow {
  return {
    slug: agency.slug, name: agency.name, name_en: agency.nameEn, kind: agency.kind, sector: agency.sector, level: agency.level, region_code: agency.regionCode, uscc: agency.uscc, duties: agency.duties, address: agency.address, phone: agency.phone, vertical: agency.vertical, verified: agency.verified ? 1 : 0
  }
}

function ofDistrict (pattern: DistrictAgency, division: Divisions[number]): AgencyRow {
  return {
    slug: `${pattern.citySlug}-${division.code}`, name: `${division.name}${pattern.plainName}`, name_en: `${pattern.nameEn} of ${division.nameEn}`, kind: 'administrative_organ', sector: pattern.sector, level: 'county', region_code: division.code, uscc: null, duties: null, address: null, phone: null, vertical: 0, verified: pattern.verified ? 1 : 0
  }
}

/** Every agency with what the pack last said of it: what others have published since is theirs, and stays until the pack itself changes. */
async function readKnown (trx: Db): Promise<Map<string, Known>> {
  const digests = await packDigests(trx, 'agency')
  const rows = await trx.selectFrom('agency').select(['slug', 'id', 'version']).execute()
  return new Map(rows.map(row => [row.slug, { id: row.id, version: row.version, digest: digests.get(row.id) ?? null }]))
}

async function publish (trx: Db, data: AgencyRow, version: number, publication: Publication): Promise<Known> {
  const { id } = await trx.insertInto('agency').values({ ...data, version }).onConflict(conflict => conflict.column('slug').doUpdateSet({ ...data, version })).returning('id').executeTakeFirstOrThrow()
  await keepVersions(trx, [{ kind: 'agency', id, version, data }], publication)
  return { id, version, digest: digestOf(data) }
}
