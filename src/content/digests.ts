import type { RecordKind } from '../db/records.ts'
import type { Db } from '../db/schema.ts'

/** Who is named as the publisher of what a pack brings. */
export const PACK_ACTOR = 'pack'

/** What the pack last published of each record of a kind, as digests by record number; one query, as the pack is installed at every start. */
export async function packDigests (trx: Db, kind: RecordKind): Promise<Map<number, string>> {
  const rows = await trx.selectFrom('record_version').select(['record_id', 'digest']).where('kind', '=', kind).where('actor', '=', PACK_ACTOR).orderBy('version').execute()
  return new Map(rows.map(row => [row.record_id, row.digest]))
}
