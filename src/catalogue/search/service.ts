import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { RegisterList } from '../lists/definition.ts'
import { columnsOf, type Columns } from '../lists/engine/columns.ts'
import { findInList } from '../lists/engine/find.ts'
import { countMatches, listMatchingIds } from '../lists/engine/repository.ts'
import { soundsLike } from '../lists/matching/pinyin.ts'
import { everydayIn, everydayWords } from './engine/everyday.ts'
import { readQuestion, type Question } from './engine/query.ts'

export interface Suggestion { words: string, count: number }

const WORDS = new Intl.Segmenter('zh-CN', { granularity: 'word' })
/** A word that more records hold than this narrows nothing down. */
const TELLING = 300
const MOST = 5

/** Where nothing was found: what was perhaps meant, then the parts of the question between its spaces, then its single words that occur and do not occur everywhere. */
export async function suggestWords (db: Kysely<Database>, list: RegisterList, question: Question): Promise<Suggestion[]> {
  const meant = (await Promise.all(question.runs.slice(0, 2).map(async run => await spelledOtherwise(db, list, run)))).flat()
  const single = question.runs.flatMap(run => Array.from(WORDS.segment(run), ({ segment }) => segment).filter(word => /^\p{Script=Han}{2,}$/u.test(word) && word !== run))
  const tries = [...new Set([...meant, ...question.runs.length > 1 ? question.runs : [], ...single])].slice(0, 12)
  const found: Suggestion[] = []
  for (const words of tries) {
    if (found.length === MOST) break
    const count = await countMatches(db, list.table, [...readQuestion(words).runs], TELLING + 1)
    if (count > 0 && (count <= TELLING || meant.includes(words)) && !found.some(other => other.words.includes(words))) found.push({ words, count })
  }
  return found
}

/** What was perhaps meant where no record holds what was typed (占到经营: 占道经营); only what leads to records, with their number. */
export async function meantWords (db: Kysely<Database>, list: RegisterList, { runs }: Question): Promise<Suggestion[]> {
  const found: Suggestion[] = []
  for (const run of runs.length > 2 ? [] : runs) {
    if (everydayIn(run, await everydayWords(db)).length > 0) continue
    for (const other of (await spelledOtherwise(db, list, run)).slice(0, 3)) {
      const words = runs.map(each => each === run ? other : each).join(' ')
      const { total } = await findInList(db, list, { question: readQuestion(words), selection: {}, sort: 'relevance', page: 1, per: 1 })
      if (total > 0) found.push({ words, count: total })
    }
  }
  return found.slice(0, 3)
}

/** Words of names that sound like a run of characters (食品精营), or differ from it in one (食品经萤): a slip of the input method or of the pen. */
async function spelledOtherwise (db: Kysely<Database>, list: RegisterList, run: string): Promise<string[]> {
  if (!/^\p{Script=Han}{2,12}$/u.test(run)) return []
  const columns = await columnsOf(db, list)
  const alike = (await soundsLike(columns, await everydayWords(db), run)).map(words => words.join('')).filter(word => word !== run)
  return alike.length > 0 ? alike : await oneCharacterOff(db, list, columns, Array.from(run))
}

async function oneCharacterOff (db: Kysely<Database>, list: RegisterList, columns: Columns, characters: string[]): Promise<string[]> {
  const found = new Set<string>()
  for (let at = 0; at < characters.length && characters.length > 2 && found.size < MOST; at++) {
    const [before, after] = [characters.slice(0, at).join(''), characters.slice(at + 1).join('')]
    const ids = await listMatchingIds(db, list.table, [before, after].filter(part => part !== ''), TELLING, true)
    const pattern = new RegExp(`${before}\\p{Script=Han}${after}`, 'u')
    for (const id of ids) {
      const hit = pattern.exec(columns.names[columns.rowOf[id] ?? -1] ?? '')?.[0]
      if (hit !== undefined) found.add(hit)
    }
  }
  return [...found].slice(0, MOST)
}
