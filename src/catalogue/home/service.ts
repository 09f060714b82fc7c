import type { Kysely } from 'kysely'
import { packFolder, type Config } from '../../config.ts'
import { readChecked } from '../../content/pack.ts'
import { City } from '../../content/schema.ts'
import type { Database } from '../../db/schema.ts'
import type { Locale } from '../../paths.ts'
import { findArticles } from '../law/service.ts'
import { readQuestion } from '../search/engine/query.ts'
import { perRevision } from '../lists/engine/revision.ts'
import { findInList } from '../lists/engine/find.ts'
import { MATTERS } from '../matters/list.ts'

const SHOWN = 3

/** The searches of the city pack that find something in the register as it is now; nobody is sent after what is not there. */
export function answerable (config: Config): (db: Kysely<Database>) => Promise<Record<Locale, string[]>> {
  const { examples, examplesEn } = readChecked(packFolder(config), 'city.json', City)
  return perRevision(async db => ({ 'zh-CN': await thatFind(db, examples, true), en: await thatFind(db, examplesEn, false) }))
}

/** English words stand in no Chinese text: what comes near is all that they can find. */
async function thatFind (db: Kysely<Database>, examples: string[], strict: boolean): Promise<string[]> {
  const found: string[] = []
  for (const example of examples) {
    if (found.length < SHOWN && await finds(db, example, strict)) found.push(example)
  }
  return found
}

async function finds (db: Kysely<Database>, words: string, strict: boolean): Promise<boolean> {
  const question = readQuestion(words)
  if (question.article !== null) return (await findArticles(db, question, 1)).total > 0
  return (await findInList(db, MATTERS, { question, selection: {}, sort: 'relevance', page: 1, per: 1, strict })).total > 0
}
