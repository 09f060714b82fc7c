import { createHash } from 'node:crypto'
import { sql, type Selectable } from 'kysely'
import { prepared } from './prepared.ts'
import type { Change } from '../domain/records/enumerations.ts'
import type { Db, RecordVersionTable } from './schema.ts'

/** Public record kinds that are versioned; a record is never overwritten without its state being kept here. */
export type RecordKind = 'agency' | 'matter' | 'statute' | 'officer' | 'prohibition' | 'decision' | 'entrustment' | 'benchmark' | 'exemption' | 'list_item' | 'statute_text'

/** Who publishes, when, why and from which import. */
export interface Publication { at: string, actor: string, reason: string, batchId: string | null }

/** A published state. Without `change` the first version is new and a later one changed; `reason` stands for the publication's own. */
export interface RecordState { kind: RecordKind, id: number, version: number, data: unknown, change?: Change | undefined, reason?: string | undefined }

/** The same state always gives the same text, whatever the order of its keys. */
export function canonical (data: unknown): string {
  return JSON.stringify(data, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1)) : value)
}

/** The SHA-256 of a state, the same whatever the order of its keys. */
export function digestOf (data: unknown): string {
  return createHash('sha256').update(canonical(data)).digest('base64url')
}

/** Keeps published states, in batches; call it in the transaction that writes the records. */
export async function keepVersions (trx: Db, states: RecordState[], publication: Publication): Promise<void> {
  const rows = states.map(state => ({
    kind: state.kind,
    record_id: state.id,
    version: state.version,
    recorded_at: publication.at,
    actor: publication.actor,
    reason: state.reason ?? publication.reason,
    batch_id: publication.batchId,
    digest: digestOf(state.data),
    data: canonical(state.data),
    change: state.change ?? (state.version === 1 ? 'new' : 'changed')
  }))
  for (let at = 0; at < rows.length; at += 500) await trx.insertInto('record_version').values(rows.slice(at, at + 500)).execute()
}

export type VersionRow = Selectable<RecordVersionTable>

/** The version that was published on a day (`YYYY-MM-DD`, or an instant); undefined before the first. */
export async function versionOn (db: Db, kind: RecordKind, id: number, moment: string): Promise<VersionRow | undefined> {
  const end = moment.length === 10 ? `${moment}T15:59:59.999Z` : moment // the day's end in Asia/Shanghai
  return await db.selectFrom('record_version').selectAll().where('kind', '=', kind).where('record_id', '=', id)
    .where('recorded_at', '<=', end).orderBy('version', 'desc').limit(1).executeTakeFirst()
}

/** Counts a publication; caches compare this number, also when another process wrote. */
export async function raiseRevision (trx: Db, name: string): Promise<void> {
  await trx.insertInto('revision').values({ name, value: 1 })
    .onConflict(conflict => conflict.column('name').doUpdateSet({ value: sql<number>`revision.value + 1` })).execute()
}

const revisionOf = prepared((db, name: string) => db.selectFrom('revision').select('value').where('name', '=', name))

/** How often something of this name was published; 0 before the first time. */
export async function readRevision (db: Db, name: string): Promise<number> {
  return (await revisionOf(db, name))[0]?.value ?? 0
}
