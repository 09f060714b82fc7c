import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { fold } from '../../db/text.ts'
import type { RegisterList } from '../lists/definition.ts'
import { findInList } from '../lists/engine/find.ts'
import { everydayIn, everydayWords } from './engine/everyday.ts'
import { readQuestion } from './engine/query.ts'

const TERMS = 4
/** What more records hold narrows nothing down. */
const TELLING = 300

/** An official way to say what somebody typed, and how many records hold it. */
export interface Alternative { words: string, count: number }

/** What the official texts say for the everyday words of a question, the best first, as far as the list knows it. */
export async function findAlternatives (db: Kysely<Database>, list: RegisterList, typed: string): Promise<Alternative[]> {
  const text = fold(typed)
  const terms = everydayIn(text, await everydayWords(db)).flatMap(({ terms }) => terms)
  const seen = new Set([text])
  const found: Alternative[] = []
  for (const words of terms) {
    if (found.length === TERMS) break
    const together = fold(words).replaceAll(' ', '')
    if (seen.has(together)) continue
    seen.add(together)
    const { total } = await findInList(db, list, { question: readQuestion(words), selection: {}, sort: 'code', page: 1, per: 1, strict: true })
    if (total > 0 && total <= TELLING) found.push({ words, count: total })
  }
  return found
}
