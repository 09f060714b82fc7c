import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { citedBases, describeHit, type DiscretionHit } from '../benchmarks/list.ts'
import { listKeys } from '../benchmarks/repository.ts'
import type { ListRow, PublicRecord, RegisterList } from '../lists/definition.ts'
import { listExemptionRows, listExemptionSlice } from './repository.ts'

/** The exemptions as a list: when a penalty is left out, or is less. */
export const EXEMPTIONS: RegisterList = {
  name: 'exemptions',
  words: 'exemptions',
  route: 'exemptions',
  record: 'exemption',
  section: 'matters',
  table: 'exemption_search',
  facets: [
    { name: 'exemption_type', says: { words: 'exemption_type' }, shown: 5 },
    { name: 'field', says: 'text', shown: 8 },
    { name: 'agency', says: 'agency', shown: 8 },
    { name: 'list_version', says: 'text', shown: 5, pointlessAlone: true }
  ],
  sorts: ['updated'],
  read: readExemptions,
  hit: 'catalogue/exemption-hit',
  describe: describeExemptions,
  fields: [
    { key: 'code', label: 'column.code', type: 'text' },
    { key: 'type', label: 'column.exemption_type', type: 'text', words: 'exemption_type' },
    { key: 'violation', label: 'column.violation', type: 'text' },
    { key: 'agency', label: 'column.agency', type: 'text' },
    { key: 'field', label: 'column.field', type: 'text' },
    { key: 'matters', label: 'column.matter_codes', type: 'texts' },
    { key: 'bases', label: 'column.penalty_bases', type: 'texts' },
    { key: 'match', label: 'column.match', type: 'text', words: 'match' },
    { key: 'conditions', label: 'column.conditions', type: 'texts' },
    { key: 'measures', label: 'column.education', type: 'text' },
    { key: 'list_name', label: 'column.list_name', type: 'text' },
    { key: 'list_version', label: 'column.list_version', type: 'text' },
    { key: 'effective_from', label: 'column.effective_from', type: 'date' },
    { key: 'effective_to', label: 'column.effective_to', type: 'date' },
    { key: 'verified', label: 'column.verified', type: 'flag' },
    { key: 'fictional', label: 'column.fictional', type: 'flag' },
    { key: 'status', label: 'column.status', type: 'text', words: 'record_status' },
    { key: 'version', label: 'column.version', type: 'integer' },
    { key: 'updated_at', label: 'column.updated_at', type: 'instant' }
  ],
  records: publicExemptions
}

async function readExemptions (db: Kysely<Database>, after: string, limit: number): Promise<ListRow[]> {
  return (await listExemptionSlice(db, after, limit)).map(row => ({
    id: row.id,
    code: row.code,
    name: row.violation,
    aliases: '',
    ended: row.status !== 'in_force',
    values: { exemption_type: row.type, field: row.field ?? '', agency: row.agency, list_version: row.list_version ?? '' },
    keys: { updated: Math.floor(Date.parse(row.updated_at) / 60_000) }
  }))
}

async function publicExemptions (db: Kysely<Database>, ids: number[]): Promise<PublicRecord[]> {
  if (ids.length === 0) return []
  const [rows, keys] = [new Map((await listExemptionRows(db, ids)).map(row => [row.id, row])), await listKeys(db, 'exemption', ids)]
  return ids.flatMap(id => {
    const row = rows.get(id)
    if (row === undefined) return []
    const { id: _, bases, conditions, verified, fictional, agency_slug: _slug, ...rest } = row
    return [{ ...rest, matters: keys.get(id) ?? [], bases: citedBases(bases), conditions: JSON.parse(conditions) as string[], verified: verified === 1, fictional: fictional === 1 }]
  })
}

export interface ExemptionHit extends DiscretionHit { type: string }

async function describeExemptions (db: Kysely<Database>, ids: number[], runs: string[]): Promise<ExemptionHit[]> {
  if (ids.length === 0) return []
  const rows = new Map((await listExemptionRows(db, ids)).map(row => [row.id, row]))
  return ids.flatMap(id => {
    const row = rows.get(id)
    return row === undefined ? [] : [{ ...describeHit(row, [...JSON.parse(row.conditions) as string[], row.measures ?? ''], runs), type: row.type }]
  })
}
