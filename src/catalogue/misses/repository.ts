import { sql } from 'kysely'
import type { Db } from '../../db/schema.ts'

/** Adds counts to a day; words that are new to a day which has `most` already are left out. */
export async function addMisses (trx: Db, day: string, counts: ReadonlyMap<string, number>, most: number): Promise<void> {
  const { known } = await trx.selectFrom('search_miss').select(eb => eb.fn.countAll<number>().as('known')).where('day', '=', day).executeTakeFirstOrThrow()
  const full = known >= most
  for (const [words, count] of counts) {
    if (full) await trx.updateTable('search_miss').set({ count: sql<number>`count + ${count}` }).where('day', '=', day).where('words', '=', words).execute()
    else await trx.insertInto('search_miss').values({ day, words, count }).onConflict(conflict => conflict.columns(['day', 'words']).doUpdateSet({ count: sql<number>`search_miss.count + ${count}` })).execute()
  }
}

/** Forgets the days before one. */
export async function forgetMisses (trx: Db, before: string): Promise<void> {
  await trx.deleteFrom('search_miss').where('day', '<', before).execute()
}

/** What was looked for in vain since a day, at least `least` times: the most frequent first. */
export async function listMisses (db: Db, since: string, least: number, limit: number) {
  const total = sql<number>`sum(count)`
  return await db.selectFrom('search_miss').select(['words', sql<number>`cast(sum(count) as integer)`.as('count'), eb => eb.fn.countAll<number>().as('days'), eb => eb.fn.max('day').as('last')])
    .where('day', '>=', since).groupBy('words').having(total, '>=', least).orderBy(total, 'desc').orderBy('words').limit(limit).execute()
}
export type Miss = Awaited<ReturnType<typeof listMisses>>[number]
