import { sql } from 'kysely'
import { matchIds, type SearchTableName } from '../../../db/text.ts'
import type { Db } from '../../../db/schema.ts'

/** Ids of matching records as one text value: 20,000 row objects would cost more than finding them. */
export async function listMatchingIds (db: Db, table: SearchTableName, runs: string[], limit: number, inName = false): Promise<number[]> {
  const { ids } = await db.selectFrom(matchIds(db, table, runs, limit, inName).as('hit'))
    .select(sql<string | null>`string_agg(cast(hit.rowid as text), ',')`.as('ids')).executeTakeFirstOrThrow()
  return ids === null ? [] : numbersOf(ids)
}

/** Read digit by digit: half the time of cutting the text into 20,000 pieces first. */
function numbersOf (text: string): number[] {
  const numbers: number[] = []
  let number = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code !== COMMA) { number = number * 10 + code - ZERO; continue }
    numbers.push(number)
    number = 0
  }
  numbers.push(number)
  return numbers
}

const COMMA = 44
const ZERO = 48

/** How many records match, counted up to `limit`. */
export async function countMatches (db: Db, table: SearchTableName, runs: string[], limit: number): Promise<number> {
  const { hits } = await db.selectFrom(matchIds(db, table, runs, limit).as('hit'))
    .select(eb => eb.fn.countAll<number>().as('hits')).executeTakeFirstOrThrow()
  return hits
}
