import type { Db } from '../db/schema.ts'
import { fold } from '../db/text.ts'
import type { Synonyms } from './schema.ts'

/** Puts the pack's everyday words into the register: all of them, whenever one is different. Gives how many are new or different. */
export async function installWords (trx: Db, synonyms: Synonyms): Promise<number> {
  const wanted = new Map(synonyms.flatMap(({ words, terms }) => words.map(word => [fold(word), terms.join('\n')] as const)))
  const known = new Map((await trx.selectFrom('everyday_word').select(['word', 'terms']).execute()).map(row => [row.word, row.terms]))
  const changed = [...wanted].filter(([word, terms]) => known.get(word) !== terms).length + [...known.keys()].filter(word => !wanted.has(word)).length
  if (changed === 0) return 0
  await trx.deleteFrom('everyday_word').execute()
  const rows = Array.from(wanted, ([word, terms]) => ({ word, terms }))
  for (let at = 0; at < rows.length; at += 500) await trx.insertInto('everyday_word').values(rows.slice(at, at + 500)).execute()
  return changed
}
