import type { Db } from '../../../db/schema.ts'
import type { Details } from '../core/types.ts'
import type { Seal } from '../ledger/sealing.ts'

/** A record that a complaint is tied to, as it stood in that version. `key` completes its address: code, slug, number. */
export interface LinkView { kind: string, id: number, version: number, name: string | null, key: string }
interface Present { name: string | null, key: string }

/** The records of a complaint, named as they were named in the version that was in force. */
export async function listLinks (db: Db, complaintId: string): Promise<LinkView[]> {
  const rows = await db.selectFrom('complaint_link')
    .leftJoin('record_version', join => join.onRef('record_version.kind', '=', 'complaint_link.kind')
      .onRef('record_version.record_id', '=', 'complaint_link.record_id').onRef('record_version.version', '=', 'complaint_link.record_version'))
    .select(['complaint_link.kind', 'complaint_link.record_id', 'complaint_link.record_version', 'record_version.data'])
    .where('complaint_id', '=', complaintId).orderBy('complaint_link.kind').orderBy('complaint_link.record_id').execute()
  const links: LinkView[] = []
  for (const row of rows) {
    const present = await PRESENT[row.kind]?.(db, row.record_id) ?? { name: null, key: String(row.record_id) }
    links.push({ kind: row.kind, id: row.record_id, version: row.record_version, name: nameIn(row.data) ?? present.name, key: present.key })
  }
  return links
}

const PRESENT: Record<string, (db: Db, id: number) => Promise<Present | undefined>> = {
  agency: async (db, id) => await db.selectFrom('agency').select(['name', 'slug as key']).where('id', '=', id).executeTakeFirst(),
  officer: async (db, id) => await db.selectFrom('officer').select(['name', 'slug as key']).where('id', '=', id).executeTakeFirst(),
  matter: async (db, id) => await db.selectFrom('matter').select(['name', 'code as key']).where('id', '=', id).executeTakeFirst(),
  decision: async (db, id) => await db.selectFrom('decision').select(['number as name', 'number as key']).where('id', '=', id).executeTakeFirst(),
  benchmark: async (db, id) => await db.selectFrom('benchmark').select(['violation as name', 'code as key']).where('id', '=', id).executeTakeFirst(),
  exemption: async (db, id) => await db.selectFrom('exemption').select(['violation as name', 'code as key']).where('id', '=', id).executeTakeFirst(),
  prohibition: async (db, no) => {
    const row = await db.selectFrom('prohibition').select('title').where('no', '=', no).executeTakeFirst()
    return row && { name: row.title, key: String(no) }
  }
}

/** The name in a published state, whatever the kind of record calls it. */
function nameIn (data: string | null): string | undefined {
  if (data === null) return undefined
  const state = JSON.parse(data) as Record<string, unknown>
  return [state['name'], state['title'], state['violation'], state['number']].find(value => typeof value === 'string')
}

/** What was typed besides the issues; of a complaint from before there was a page for the rule, none of it. */
export function openDetails (seal: Seal, sealed: string): Details {
  return { rule: {}, effect: {}, ...JSON.parse(seal.open('details', sealed)) as Omit<Details, 'rule' | 'effect'> & Partial<Details> }
}

/** The bureau and the agency of a complaint, by name. */
export async function findParties (db: Db, row: { bureau_id: number, agency_id: number | null, handler_id: number | null }) {
  const bureau = await db.selectFrom('bureau').select(['id', 'name', 'name_en as nameEn']).where('id', '=', row.bureau_id).executeTakeFirstOrThrow()
  const agency = row.agency_id === null ? undefined : await db.selectFrom('agency').select(['id', 'slug', 'name', 'name_en as nameEn']).where('id', '=', row.agency_id).executeTakeFirst()
  const handler = row.handler_id === null ? undefined : await db.selectFrom('account').select(['id', 'name']).where('id', '=', row.handler_id).executeTakeFirst()
  return { bureau, agency: agency ?? null, handler: handler ?? null }
}
