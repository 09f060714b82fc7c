import type { Db } from '../db/schema.ts'
import { indexTexts } from '../db/text.ts'

const SLICE = 500

/** Puts agencies into the full-text index by all their names, duties and field; all of them without ids. Call it in the transaction that writes them. */
export async function indexAgencies (trx: Db, ids?: number[]): Promise<void> {
  const all = ids ?? (await trx.selectFrom('agency').select('id').execute()).map(row => row.id)
  for (let at = 0; at < all.length; at += SLICE) await indexSlice(trx, all.slice(at, at + SLICE))
}

async function indexSlice (trx: Db, ids: number[]): Promise<void> {
  const rows = await trx.selectFrom('agency').select(['id', 'name', 'name_en', 'sector', 'duties', 'uscc']).where('id', 'in', ids).execute()
  const aliases = Map.groupBy(await trx.selectFrom('agency_alias').select(['agency_id', 'alias']).where('agency_id', 'in', ids).execute(), row => row.agency_id)
  await indexTexts(trx, 'agency_search', rows.map(row => ({
    id: row.id,
    name: [row.name, row.name_en ?? '', ...(aliases.get(row.id) ?? []).map(one => one.alias)].join(' '),
    body: [row.sector, row.duties, row.uscc].filter(text => text !== null).join('\n')
  })))
}
