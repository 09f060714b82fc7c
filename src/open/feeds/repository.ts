import type { Db } from '../../db/schema.ts'

/** A published state, without the state itself. */
export interface VersionRow { record_id: number, version: number, recorded_at: string, change: string }

/** Published after `since`, up to and including `until`. */
export interface Between { since?: string, until?: string }

/** The published states of a kind, or of one record, newest first. */
export async function listVersions (db: Db, kind: string, of: Between & { id?: number }, limit: number, offset: number): Promise<VersionRow[]> {
  let rows = db.selectFrom('record_version').select(['record_id', 'version', 'recorded_at', 'change']).where('kind', '=', kind)
  if (of.id !== undefined) rows = rows.where('record_id', '=', of.id)
  if (of.since !== undefined) rows = rows.where('recorded_at', '>', of.since)
  if (of.until !== undefined) rows = rows.where('recorded_at', '<=', of.until)
  return await rows.orderBy('recorded_at', 'desc').orderBy('record_id', 'desc').orderBy('version', 'desc').limit(limit).offset(offset).execute()
}

/** The newest published states of several kinds, each with its kind. */
export async function listNewest (db: Db, kinds: readonly string[], limit: number, offset: number): Promise<Array<VersionRow & { kind: string }>> {
  return await db.selectFrom('record_version').select(['kind', 'record_id', 'version', 'recorded_at', 'change']).where('kind', 'in', kinds)
    .orderBy('recorded_at', 'desc').orderBy('kind', 'desc').orderBy('record_id', 'desc').orderBy('version', 'desc').limit(limit).offset(offset).execute()
}

/** The states of some records, each with the one before it. */
export async function listStates (db: Db, kind: string, rows: readonly VersionRow[]): Promise<Map<string, Record<string, unknown>>> {
  if (rows.length === 0) return new Map()
  const found = await db.selectFrom('record_version').select(['record_id', 'version', 'data']).where('kind', '=', kind)
    .where('record_id', 'in', [...new Set(rows.map(row => row.record_id))]).where('version', 'in', [...new Set(rows.flatMap(row => [row.version, row.version - 1]))]).execute()
  return new Map(found.map(row => [`${row.record_id} ${row.version}`, JSON.parse(row.data) as Record<string, unknown>]))
}
