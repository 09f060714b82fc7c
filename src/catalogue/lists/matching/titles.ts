import type { Kysely } from 'kysely'
import { setImmediate } from 'node:timers/promises'
import { fold } from '../../../db/text.ts'
import type { Database } from '../../../db/schema.ts'
import type { RegisterList } from '../definition.ts'
import { columnsOf, type Columns } from '../engine/columns.ts'

/** Names looked through at a stretch. */
const SLICE = 4000
const kept = new WeakMap<Columns, Promise<Map<string, string | null>>>()

const plain = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '')

/** The code of the one record whose name or other name is the number that was typed, whatever its brackets: 沈司罚〔2026〕12号. */
export async function findNumbered (db: Kysely<Database>, list: RegisterList, typed: string): Promise<string | null> {
  const number = plain(fold(typed))
  if (number.length < 6 || number.length > 60 || !/\d/.test(number)) return null
  const columns = await columnsOf(db, list)
  const known = kept.get(columns) ?? numbersOf(columns)
  kept.set(columns, known)
  return (await known).get(number) ?? null
}

async function numbersOf (columns: Columns): Promise<Map<string, string | null>> {
  const numbers = new Map<string, string | null>()
  for (let row = 0; row < columns.size; row++) {
    for (const text of [columns.names[row] as string, ...(columns.aliases[row] as string).split(/[\s、]+/)]) {
      if (!/\d/.test(text)) continue
      const number = plain(text)
      numbers.set(number, numbers.has(number) ? null : columns.codes[row] as string)
    }
    if (row % SLICE === SLICE - 1) await setImmediate()
  }
  return numbers
}
