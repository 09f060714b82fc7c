import type { Insertable, Updateable } from 'kysely'
import { keepVersions, type Publication } from '../../../db/records.ts'
import type { BenchmarkTable, Database, Db, ExemptionTable } from '../../../db/schema.ts'
import { indexTexts } from '../../../db/text.ts'
import { ImportError } from '../faults.ts'
import type { Current, Item } from '../schema.ts'

interface State { code: string, violation: string, field: string | null, matters: string[], bases: Array<{ law_name: string, article: string | null }>, agency_id: number }

/** How one kind is stored: its columns, what else hangs on it, and what a search finds beside the violation. */
export interface Kind<S extends State> {
  name: 'benchmark' | 'exemption'
  columns: (state: S) => Omit<BenchmarkTable, 'id' | 'version' | 'updated_at'> | Omit<ExemptionTable, 'id' | 'version' | 'updated_at'>
  parts?: (trx: Db, id: number, state: S) => Promise<void>
  words: (state: S) => string[]
}

/** The keys of matters that the given records name, each record's in its own order. */
export async function matterKeys (db: Db, kind: 'benchmark' | 'exemption', ids: number[]): Promise<Map<number, string[]>> {
  if (ids.length === 0) return new Map()
  const rows = kind === 'benchmark'
    ? await db.selectFrom('benchmark_matter').select(['benchmark_id as id', 'matter_key']).where('benchmark_id', 'in', ids).orderBy('benchmark_id').orderBy('seq').execute()
    : await db.selectFrom('exemption_matter').select(['exemption_id as id', 'matter_key']).where('exemption_id', 'in', ids).orderBy('exemption_id').orderBy('seq').execute()
  const found = new Map<number, string[]>()
  for (const { id, matter_key: key } of rows) found.set(id, [...found.get(id) ?? [], key])
  return found
}

/** Writes a batch of new or changed records with their matters, versions and index terms. */
export async function storeDiscretion<S extends State> (trx: Db, kind: Kind<S>, items: Array<Item<S>>, publication: Publication): Promise<void> {
  const agencies = await trx.selectFrom('agency').select(['id', 'name']).where('id', 'in', items.map(({ state }) => state.agency_id)).execute()
  const names = new Map(agencies.map(({ id, name }) => [id, name]))
  const texts = []
  for (const item of items) {
    const { state, current } = item
    const id = await writeRow(trx, kind, item, publication.at)
    await writeMatters(trx, kind.name, id, state.matters)
    await kind.parts?.(trx, id, state)
    await keepVersions(trx, [{ kind: kind.name, id, version: (current?.version ?? 0) + 1, data: state }], publication)
    texts.push({ id, name: state.violation, body: [state.code, names.get(state.agency_id) ?? '', state.field ?? '', ...state.matters, ...state.bases.map(basis => `《${basis.law_name}》${basis.article ?? ''}`), ...kind.words(state)].join('\n') })
  }
  await indexTexts(trx, `${kind.name}_search`, texts)
}

type Row = Insertable<Database['benchmark']> & Insertable<Database['exemption']>

async function writeRow<S extends State> (trx: Db, kind: Kind<S>, { key, state, current }: Item<S>, at: string): Promise<number> {
  const row = { ...kind.columns(state), version: (current?.version ?? 0) + 1, updated_at: at } as Row
  if (current === undefined) return (await trx.insertInto(kind.name).values(row).returning('id').executeTakeFirstOrThrow()).id
  await update(trx, kind.name, key, row, current)
  return current.id
}

async function update (trx: Db, table: 'benchmark' | 'exemption', key: string, row: Row, { id, version }: Current<unknown>): Promise<void> {
  const { numUpdatedRows } = await trx.updateTable(table).set(row as Updateable<Database['benchmark']> & Updateable<Database['exemption']>).where('id', '=', id).where('version', '=', version).executeTakeFirst()
  if (numUpdatedRows !== 1n) throw new ImportError('changed_meanwhile', { key })
}

async function writeMatters (trx: Db, kind: 'benchmark' | 'exemption', id: number, keys: string[]): Promise<void> {
  if (kind === 'benchmark') {
    await trx.deleteFrom('benchmark_matter').where('benchmark_id', '=', id).execute()
    if (keys.length > 0) await trx.insertInto('benchmark_matter').values(keys.map((key, seq) => ({ benchmark_id: id, seq, matter_key: key }))).execute()
  } else {
    await trx.deleteFrom('exemption_matter').where('exemption_id', '=', id).execute()
    if (keys.length > 0) await trx.insertInto('exemption_matter').values(keys.map((key, seq) => ({ exemption_id: id, seq, matter_key: key }))).execute()
  }
}
