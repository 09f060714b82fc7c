import { sql } from 'kysely'
import { prepared } from '../../db/prepared.ts'
import type { Db } from '../../db/schema.ts'
import type { BenchmarkRecord } from '../../domain/records/benchmarks.ts'
import { localDate } from '../../domain/time/calendar.ts'

export type DiscretionKind = 'benchmark' | 'exemption'

/** One published state of a benchmark or an exemption. */
export interface Version<R> { version: number, recordedAt: string, recordedOn: string, reason: string, state: R }

const versionRows = prepared((db, kind: string, id: number) => db.selectFrom('record_version').select(['version', 'recorded_at', 'reason', 'data'])
  .where('kind', '=', kind).where('record_id', '=', id).orderBy('version', 'desc').limit(200))

/** Every published state of a record, the newest first. */
export async function listVersions<R> (db: Db, kind: DiscretionKind, id: number): Promise<Array<Version<R>>> {
  return (await versionRows(db, kind, id)).map(row => ({ version: row.version, recordedAt: row.recorded_at, recordedOn: localDate(row.recorded_at), reason: row.reason, state: JSON.parse(row.data) as R }))
}

/** The number of a record by its exact code. */
export async function findId (db: Db, kind: DiscretionKind, code: string): Promise<number | undefined> {
  return (await db.selectFrom(kind).select('id').where('code', '=', code).executeTakeFirst())?.id
}

const benchmarksFor = prepared((db, code: string, base: string) => db.selectFrom('benchmark')
  .innerJoin('record_version as v', join => join.onRef('v.record_id', '=', 'benchmark.id').onRef('v.version', '=', 'benchmark.version').on('v.kind', '=', 'benchmark'))
  .select(['benchmark.id', 'v.data']).where('benchmark.status', '=', 'in_force')
  .where('benchmark.id', 'in', db.selectFrom('benchmark_matter').select('benchmark_id').where(eb => eb.or([eb('matter_key', '=', code), eb('matter_key', '=', base)])))
  .orderBy('benchmark.code').limit(20))

/** The benchmarks of a matter as they are published now. */
export async function listBenchmarksOf (db: Db, matter: { code: string, base_code: string | null }): Promise<Array<{ id: number, state: BenchmarkRecord }>> {
  return (await benchmarksFor(db, matter.code, matter.base_code ?? matter.code)).map(({ id, data }) => ({ id, state: JSON.parse(data) as BenchmarkRecord }))
}

/** The matters that codes or base codes mean, those in force first. */
export async function listMattersOf (db: Db, keys: string[]) {
  if (keys.length === 0) return []
  return await db.selectFrom('matter').innerJoin('agency', 'agency.id', 'matter.agency_id').select(['matter.code', 'matter.name', 'matter.status', 'agency.name as agency', 'agency.name_en as agency_en'])
    .where(eb => eb.or([eb('matter.code', 'in', keys), eb('matter.base_code', 'in', keys)])).orderBy('matter.status').orderBy('matter.code').limit(51).execute()
}

/** Addresses of the statutes that are in the register, by the key under which they are cited. */
export async function statuteSlugs (db: Db, keys: string[]): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map()
  const rows = await db.selectFrom('statute').select(['law_key', 'slug']).where('law_key', 'in', keys).execute()
  return new Map(rows.map(row => [row.law_key, row.slug]))
}

/** Benchmarks after a code, in the order of codes, with what their list is searched and narrowed by. */
export async function listBenchmarkSlice (db: Db, after: string, limit: number) {
  return await db.selectFrom('benchmark').innerJoin('agency', 'agency.id', 'benchmark.agency_id')
    .select(['benchmark.id', 'benchmark.code', 'benchmark.violation', 'benchmark.field', 'benchmark.tiers', 'benchmark.status', 'benchmark.updated_at', 'benchmark.list_version', 'agency.slug as agency'])
    .where('benchmark.code', '>', after).orderBy('benchmark.code').limit(limit).execute()
}

/** What a list shows and hands out of the given benchmarks. */
export async function listBenchmarkRows (db: Db, ids: number[]) {
  return await db.selectFrom('benchmark').innerJoin('agency', 'agency.id', 'benchmark.agency_id')
    .select(['benchmark.id', 'benchmark.code', 'benchmark.version', 'benchmark.violation', 'benchmark.field', 'benchmark.bases', 'benchmark.issuer', 'benchmark.legal_text', 'benchmark.tiers', 'benchmark.list_name', 'benchmark.list_version', 'benchmark.effective_from',
      'benchmark.effective_to', 'benchmark.verified', 'benchmark.fictional', 'benchmark.status', 'benchmark.updated_at', 'agency.name as agency', 'agency.slug as agency_slug'])
    .where('benchmark.id', 'in', ids).execute()
}
export type BenchmarkRow = Awaited<ReturnType<typeof listBenchmarkRows>>[number]

/** The lowest and the highest fine in yuan that any tier of the given benchmarks names, and how many tiers count in multiples. */
export async function listBounds (db: Db, ids: number[]) {
  const rows = await db.selectFrom('benchmark_tier').select(['benchmark_id as id', eb => eb.fn.max('ceiling').as('ceiling'), sql<number | null>`min(coalesce(floor, 0))`.as('floor')])
    .where('benchmark_id', 'in', ids).where('unit', '=', 'yuan').groupBy('benchmark_id').execute()
  return new Map(rows.map(row => [row.id, { floor: row.floor, ceiling: row.ceiling }]))
}

/** The codes or base codes that the given records name, by record. */
export async function listKeys (db: Db, kind: DiscretionKind, ids: number[]): Promise<Map<number, string[]>> {
  const rows = kind === 'benchmark'
    ? await db.selectFrom('benchmark_matter').select(['benchmark_id as id', 'matter_key']).where('benchmark_id', 'in', ids).orderBy('benchmark_id').orderBy('seq').execute()
    : await db.selectFrom('exemption_matter').select(['exemption_id as id', 'matter_key']).where('exemption_id', 'in', ids).orderBy('exemption_id').orderBy('seq').execute()
  return new Map([...Map.groupBy(rows, row => row.id)].map(([id, links]) => [id, links.map(link => link.matter_key)]))
}

/** The numbers of all records that name a matter, also of those no longer in force: a past day may still ask for them. */
export async function listIdsOf (db: Db, kind: DiscretionKind, matter: { code: string, base_code: string | null }): Promise<number[]> {
  const keys = [matter.code, matter.base_code ?? matter.code]
  const rows = kind === 'benchmark'
    ? await db.selectFrom('benchmark_matter').select('benchmark_id as id').distinct().where('matter_key', 'in', keys).orderBy('benchmark_id').limit(20).execute()
    : await db.selectFrom('exemption_matter').select('exemption_id as id').distinct().where('matter_key', 'in', keys).orderBy('exemption_id').limit(20).execute()
  return rows.map(row => row.id)
}
