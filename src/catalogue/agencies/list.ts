import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { AGENCY_FIELDS, readAgencyDetails } from '../../domain/records/agency-fields.ts'
import type { ListField, ListRow, PublicRecord, RegisterList } from '../lists/definition.ts'
import { highlight, holdsAll, type Piece } from '../search/engine/snippet.ts'
import { countMatters, listAgencySlice, listAliases, listPublicAgencies, type PublicAgency } from './repository.ts'

const COLUMNS: readonly ListField[] = [
  { key: 'slug', label: 'column.slug', type: 'text' },
  { key: 'name', label: 'column.name', type: 'text' },
  { key: 'name_en', label: 'column.name_en', type: 'text' },
  { key: 'kind', label: 'column.agency_kind', type: 'text', words: 'agency_kind' },
  { key: 'level', label: 'column.level', type: 'text', words: 'level' },
  { key: 'region', label: 'column.region', type: 'text' },
  { key: 'sector', label: 'column.field', type: 'text' },
  { key: 'duties', label: 'column.duties', type: 'text' },
  { key: 'address', label: 'column.address', type: 'text' },
  { key: 'phone', label: 'column.phone', type: 'text' },
  { key: 'uscc', label: 'column.uscc', type: 'text' },
  { key: 'superior', label: 'column.superior', type: 'text' },
  { key: 'vertical', label: 'column.vertical', type: 'flag' },
  ...Object.keys(AGENCY_FIELDS).map((key): ListField => ({ key, label: `column.agency_${key}`, type: 'text' })),
  { key: 'matters', label: 'column.matters', type: 'integer' },
  { key: 'verified', label: 'column.verified', type: 'flag' },
  { key: 'status', label: 'column.status', type: 'text', words: 'record_status' },
  { key: 'version', label: 'column.version', type: 'integer' }
]

/** The enforcement agencies as a list. */
export const AGENCIES: RegisterList = {
  name: 'agencies',
  words: 'agencies',
  route: 'agencies',
  record: 'agency',
  table: 'agency_search',
  facets: [
    { name: 'level', says: { words: 'level' }, shown: 6, pointlessAlone: true },
    { name: 'sector', says: 'text', shown: 10 },
    { name: 'region', says: 'region', shown: 10, pointlessAlone: true },
    { name: 'kind', says: { words: 'agency_kind' }, shown: 4, pointlessAlone: true }
  ],
  sorts: ['powers'],
  usual: 'powers',
  read: readAgencies,
  hit: 'catalogue/agency-hit',
  describe: describeAgencies,
  fields: COLUMNS,
  records: publicRecords
}

async function readAgencies (db: Kysely<Database>, after: string, limit: number): Promise<ListRow[]> {
  const rows = await listAgencySlice(db, after, limit)
  const counts = await countMatters(db, rows.map(row => row.id))
  const aliases = Map.groupBy(await listAliases(db), row => row.agency_id)
  return rows.map(row => ({
    id: row.id,
    code: row.slug,
    name: row.name,
    aliases: [row.name_en ?? '', ...(aliases.get(row.id) ?? []).map(one => one.alias)].join(' '),
    ended: row.status !== 'in_force',
    values: { level: row.level, sector: row.sector ?? '', region: row.region_code, kind: row.kind },
    keys: { powers: counts.get(row.id) ?? 0 }
  }))
}

async function publicRecords (db: Kysely<Database>, ids: number[]): Promise<PublicRecord[]> {
  const rows = new Map((await listPublicAgencies(db, ids)).map(row => [row.id, row]))
  const counts = await countMatters(db, ids)
  return ids.flatMap(id => {
    const row = rows.get(id)
    if (row === undefined) return []
    const { id: _, details, region_code: _region, ...rest } = row
    const told = readAgencyDetails(details)
    return [{ ...rest, vertical: row.vertical === 1, verified: row.verified === 1, matters: counts.get(id) ?? 0, ...Object.fromEntries(Object.keys(AGENCY_FIELDS).map(key => [key, told[key as keyof typeof told] ?? null])) }]
  })
}

interface AgencyHit extends Pick<PublicAgency, 'slug' | 'name_en' | 'sector' | 'level' | 'verified' | 'status'> { name: Piece[], english: Piece[] | null, also: Piece[] | null, matters: number }

/** The rows of a page in the order of `ids`; where the words stand in another name, that one is shown too. */
async function describeAgencies (db: Kysely<Database>, ids: number[], runs: string[]): Promise<AgencyHit[]> {
  const rows = new Map((await listPublicAgencies(db, ids)).map(row => [row.id, row]))
  const counts = await countMatters(db, ids)
  const aliases = runs.length === 0 ? new Map<number, Array<{ alias: string }>>() : Map.groupBy(await listAliases(db), row => row.agency_id)
  return ids.flatMap(id => {
    const row = rows.get(id)
    if (row === undefined) return []
    const also = holdsAll(row.name, runs) ? undefined : aliases.get(id)?.find(one => holdsAll(one.alias, runs))?.alias
    const { slug, sector, level, verified, status } = row
    return [{ slug, name_en: row.name_en, sector, level, verified, status, name: highlight(row.name, runs), english: row.name_en === null ? null : highlight(row.name_en, runs), also: also === undefined ? null : highlight(also, runs), matters: counts.get(id) ?? 0 }]
  })
}
