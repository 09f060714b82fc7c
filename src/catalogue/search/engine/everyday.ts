import type { Kysely } from 'kysely'
import { perRevision } from '../../lists/engine/revision.ts'
import type { Database } from '../../../db/schema.ts'

/** One everyday word, folded, and what the official texts say instead, the best first. */
export interface Everyday { word: string, terms: string[] }

/** The everyday words of the register, the longest first: of 占道经营 and 占道 the longer says more. */
export const everydayWords: (db: Kysely<Database>) => Promise<Everyday[]> = perRevision(async db => {
  const rows = await db.selectFrom('everyday_word').selectAll().orderBy('word').execute()
  return rows.map(({ word, terms }) => ({ word, terms: terms.split('\n') })).sort((a, b) => b.word.length - a.word.length)
})

/** Those of them that stand in a text, none inside another, each with its place. */
export function everydayIn (text: string, words: readonly Everyday[]): Array<Everyday & { at: number }> {
  const found: Array<Everyday & { at: number }> = []
  for (const entry of words) {
    const at = placeIn(text, entry.word)
    if (at < 0 || found.some(other => at < other.at + other.word.length && other.at < at + entry.word.length)) continue
    found.push({ ...entry, at })
  }
  return found.sort((a, b) => a.at - b.at)
}

/** A Chinese word may stand inside others; a Latin one stands by itself, or shop would be found in workshop. */
function placeIn (text: string, word: string): number {
  if (!/^[\x20-\x7E]+$/.test(word)) return text.indexOf(word)
  return ` ${text} `.replace(/[^a-z0-9-]/g, ' ').indexOf(` ${word} `)
}
