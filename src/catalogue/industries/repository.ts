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

/** What the trades that these tags stand for are called. */
export function tradeNamesOf (trades: ReadonlyArray<{ slug: string, name: string, name_en: string, tags: string[] }>, tags: string | null): Array<{ name: string, name_en: string }> {
  const slugs = new Set(tradesOf(trades, tags))
  return trades.filter(trade => slugs.has(trade.slug)).map(({ name, name_en: english }) => ({ name, name_en: english }))
}

/** A trade with its matters by kind of power: ids of those in force, the ones closest to the trade first. */
export type Trade = Awaited<ReturnType<typeof listTrades>>[number]
export interface Industry extends Trade { total: number, byCategory: ReadonlyMap<string, number[]> }
interface Tagged { id: number, category: string, tags: string }

/** All trades in the order of the pack, each with its matters; one reading of the register for all of them. */
export const listIndustries = perRevision(async (db): Promise<Industry[]> => {
  const tagged = await listTagged(db)
  return (await listTrades(db)).map(trade => ({ ...trade, ...collect(tagged, trade.tags) }))
})

/** Whether the register knows trades at all; without tags there is nothing to choose. */
export const hasTagged = perRevision(async db => (await db.selectFrom('matter').select('id').where('tags', 'is not', null).limit(1).execute()).length > 0)

const SLICE = 1000

/** Matters in force with tags, in the order of their codes; read in slices, so that others get their turn between them. */
async function listTagged (db: Kysely<Database>): Promise<Tagged[]> {
  const found: Tagged[] = []
  for (let after = ''; ;) {
    const rows = await db.selectFrom('matter').select(['id', 'code', 'category', 'tags', 'status']).where('code', '>', after).orderBy('code').limit(SLICE).execute()
    for (const { id, category, tags, status } of rows) if (tags !== null && status === 'in_force') found.push({ id, category, tags })
    const last = rows.at(-1)
    if (last === undefined || rows.length < SLICE) return found
    after = last.code
    await new Promise(resolve => setImmediate(resolve))
  }
}

/** Each matter once, under the closest of its tags. Few combinations of tags occur, so each is looked at once. */
function collect (matters: readonly Tagged[], tags: string[]): Pick<Industry, 'total' | 'byCategory'> {
  const ranks = new Map<string, number>()
  const rankOf = (combination: string): number => {
    const own = combination.split(' ')
    const rank = tags.findIndex(tag => own.includes(tag))
    ranks.set(combination, rank)
    return rank
  }
  const ranked: Tagged[][] = tags.map(() => [])
  for (const matter of matters) ranked[ranks.get(matter.tags) ?? rankOf(matter.tags)]?.push(matter)
  const mine = ranked.flat()
  const byCategory = new Map([...Map.groupBy(mine, matter => matter.category)].map(([category, group]) => [category, group.map(({ id }) => id)]))
  return { total: mine.length, byCategory }
}

/** Names, holders and kinds of penalty of the given matters, in the order of `ids`. */
export async function listMatterLines (db: Db, ids: readonly number[]) {
  if (ids.length === 0) return []
  const rows = await db.selectFrom('matter').innerJoin('agency', 'agency.id', 'matter.agency_id')
    .select(['matter.id', 'matter.code', 'matter.base_code', 'matter.name', 'matter.category', 'matter.penalty_kinds', 'agency.name as agency', 'agency.name_en as agency_en']).where('matter.id', 'in', ids).execute()
  const byId = new Map(rows.map(row => [row.id, row]))
  return ids.flatMap(id => byId.get(id) ?? [])
}
export type MatterLine = Awaited<ReturnType<typeof listMatterLines>>[number]

/** The exemptions in force that are about any of the given codes or base codes. */
export async function listExemptions (db: Db, keys: readonly string[], limit: number) {
  if (keys.length === 0) return []
  return await db.selectFrom('exemption').select(['code', 'violation', 'type', 'fictional']).where('status', '=', 'in_force')
    .where('id', 'in', db.selectFrom('exemption_matter').select('exemption_id').where('matter_key', 'in', keys)).orderBy('code').limit(limit).execute()
}
export type ExemptionLine = Awaited<ReturnType<typeof listExemptions>>[number]

/** Among this many of the newest changes those of a trade are looked for. */
const LOOKED_AT = 2000

/** The last changes of the given matters since an instant, newest first; their first publication is no change. */
export async function listRecentChanges (db: Kysely<Database>, ids: ReadonlySet<number>, since: string, limit: number) {
  const rows = await db.selectFrom('record_version').select(['record_id', 'version', 'recorded_at']).where('kind', '=', 'matter').where('recorded_at', '>=', since).where('version', '>', 1)
    .orderBy('recorded_at', 'desc').orderBy('record_id').limit(LOOKED_AT).execute()
  return rows.filter(row => ids.has(row.record_id)).slice(0, limit)
}
