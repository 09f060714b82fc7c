import { indexAgencies } from '../../../content/agency-index.ts'
import { keepVersions, type Publication } from '../../../db/records.ts'
import type { Db } from '../../../db/schema.ts'
import { plain } from '../../../domain/records/codes.ts'
import { ImportError } from '../faults.ts'
import type { Current, Item } from '../schema.ts'
import type { AgencyState } from './read.ts'

/** The stored agencies of the divisions that these keys name. */
export async function findAgencies (db: Db, keys: string[]): Promise<Map<string, Current<AgencyState>>> {
  const regions = [...new Set(keys.map(key => key.split(' ', 1)[0] ?? ''))]
  const rows = await db.selectFrom('agency').selectAll().where('region_code', 'in', regions).execute()
  const aliases = Map.groupBy(await db.selectFrom('agency_alias').selectAll().where('region_code', 'in', regions).orderBy('alias').execute(), row => row.agency_id)
  return new Map(rows.map(({ id, version, ...state }) =>
    [`${state.region_code} ${plain(state.name)}`, { id, version, state: { ...state, aliases: aliases.get(id)?.map(row => row.alias).sort() ?? [] } }]))
}

/** Writes a batch of new or changed agencies with their aliases and versions. */
export async function storeAgencies (trx: Db, items: Array<Item<AgencyState>>, publication: Publication, breathe: () => Promise<void>): Promise<void> {
  for (const { key, state: { aliases, ...columns }, current } of items) {
    const version = (current?.version ?? 0) + 1
    const id = current === undefined
      ? (await trx.insertInto('agency').values({ ...columns, version }).returning('id').executeTakeFirstOrThrow()).id
      : await update(trx, key, columns, current)
    await storeAliases(trx, id, columns.region_code, aliases)
    await indexAgencies(trx, [id])
    await keepVersions(trx, [{ kind: 'agency', id, version, data: { ...columns, aliases } }], publication)
    await breathe()
  }
}

async function update (trx: Db, key: string, columns: Omit<AgencyState, 'aliases'>, current: Current<AgencyState>): Promise<number> {
  const { numUpdatedRows } = await trx.updateTable('agency').set({ ...columns, version: current.version + 1 })
    .where('id', '=', current.id).where('version', '=', current.version).executeTakeFirst()
  if (numUpdatedRows !== 1n) throw new ImportError('changed_meanwhile', { key })
  return current.id
}

async function storeAliases (trx: Db, id: number, region: string, aliases: string[]): Promise<void> {
  await trx.deleteFrom('agency_alias').where('agency_id', '=', id).where('region_code', '=', region).execute()
  if (aliases.length > 0) await trx.insertInto('agency_alias').values(aliases.map(alias => ({ region_code: region, alias, agency_id: id }))).execute()
}
