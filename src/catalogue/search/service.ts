import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { RegisterList } from '../lists/definition.ts'
import { countMatches } from '../lists/engine/repository.ts'
import { readQuestion, type Question } from './engine/query.ts'

export interface Suggestion { words: string, count: number }

const WORDS = new Intl.Segmenter('zh-CN', { granularity: 'word' })
/** A word that more records hold than this narrows nothing down. */
const TELLING = 300

/** Where nothing was found: the parts of the question between its spaces, then its single words, that occur and do not occur everywhere. */
export async function suggestWords (db: Kysely<Database>, list: RegisterList, question: Question): Promise<Suggestion[]> {
  const single = question.runs.flatMap(run => Array.from(WORDS.segment(run), ({ segment }) => segment).filter(word => /^\p{Script=Han}{2,}$/u.test(word) && word !== run))
  const tries = [...new Set([...question.runs.length > 1 ? question.runs : [], ...single])].slice(0, 12)
  const found: Suggestion[] = []
  for (const words of tries) {
    if (found.length === 5) break
    const count = await countMatches(db, list.table, [...readQuestion(words).runs], TELLING + 1)
    if (count > 0 && count <= TELLING && !found.some(other => other.words.includes(words))) found.push({ words, count })
  }
  return found
}
