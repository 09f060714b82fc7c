import type { Kysely } from 'kysely'
import type { Database, Db } from '../../db/schema.ts'
import { perRevision } from '../lists/engine/revision.ts'

/** The trades of the pack in its order. */
export const listTrades = perRevision(async db => (await db.selectFrom('industry').selectAll().orderBy('seq').execute()).map(({ tags, seq: _, ...trade }) => ({ ...trade, tags: tags.split(' ') })))

/** The trades that a matter with these tags belongs to, as addresses name them. */
export function tradesOf (trades: ReadonlyArray<{ slug: string, tags: string[] }>, tags: string | null): string[] {
  const own = new Set((tags ?? '').split(' '))
  return trades.filter(trade => trade.tags.some(tag => own.has(tag))).map(trade => trade.slug)
}

/** A trade with its matters by kind of power: ids of those in force, the ones closest to the trade first. */
export interface Industry { slug: string, name: string, name_en: string, intro: string, intro_en: string, tags: string[], total: number, byCategory: ReadonlyMap<string, number[]> }

/** All trades in the order of the pack, each with its matters; one reading of the register for all of them. */
export const listIndustries = perRevision(async (db): Promise<Industry[]> => {
  const matters = await db.selectFrom('matter').select(['id', 'category', 'tags']).where('tags', 'is not', null).where('status', '=', 'in_force').orderBy('code').execute()
  const tagged = matters.map(({ id, category, tags }) => ({ id, category, tags: (tags ?? '').split(' ') }))
  return (await listTrades(db)).map(trade => ({ ...trade, ...collect(tagged, trade.tags) }))
})

function collect (matters: Array<{ id: number, category: string, tags: string[] }>, tags: string[]): Pick<Industry, 'total' | 'byCategory'> {
  const byCategory = new Map<string, number[]>()
  let total = 0
  for (const tag of tags) {
    for (const matter of matters) {
      if (tags.find(one => matter.tags.includes(one)) !== tag) continue // under the closest of its tags, once
      byCategory.set(matter.category, [...byCategory.get(matter.category) ?? [], matter.id])
      total++
    }
  }
  return { total, byCategory }
}

/** Names, holders and kinds of penalty of the given matters, in the order of `ids`. */
export async function listMatterLines (db: Db, ids: readonly number[]) {
  if (ids.length === 0) return []
  const rows = await db.selectFrom('matter').innerJoin('agency', 'agency.id', 'matter.agency_id')
    .select(['matter.id', 'matter.code', 'matter.name', 'matter.category', 'matter.penalty_kinds', 'agency.name as agency', 'agency.name_en as agency_en']).where('matter.id', 'in', ids).execute()
  const byId = new Map(rows.map(row => [row.id, row]))
  return ids.flatMap(id => byId.get(id) ?? [])
}
export type MatterLine = Awaited<ReturnType<typeof listMatterLines>>[number]

/** Among this many of the newest changes those of a trade are looked for. */
const LOOKED_AT = 2000

/** The last changes of the given matters since an instant, newest first; their first publication is no change. */
export async function listRecentChanges (db: Kysely<Database>, ids: ReadonlySet<number>, since: string, limit: number) {
  const rows = await db.selectFrom('record_version').select(['record_id', 'version', 'recorded_at']).where('kind', '=', 'matter').where('recorded_at', '>=', since).where('version', '>', 1)
    .orderBy('recorded_at', 'desc').orderBy('record_id').limit(LOOKED_AT).execute()
  return rows.filter(row => ids.has(row.record_id)).slice(0, limit)
}
