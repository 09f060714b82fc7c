import type { Kysely } from 'kysely'
import { packFolder, type Config } from '../../config.ts'
import { readSynonyms } from '../../content/pack.ts'
import type { Database } from '../../db/schema.ts'
import { fold } from '../../db/text.ts'
import type { RegisterList } from '../lists/definition.ts'
import { findInList } from '../lists/engine/find.ts'
import { readQuestion, type Question } from './engine/query.ts'

/** Fewer records than this, and what the official texts say instead is looked up too. */
const FEW = 5
const TERMS = 3

/** What was looked up besides the reader's own words. */
export interface Alternative { words: string, question: Question, total: number, many: boolean, ids: number[] }
/** The official words for what a reader typed, those that fit best first. */
export type TermsFor = (typed: string) => string[]

/** The everyday words of the city pack, by which a question is put in the words of the official texts. Throws StartError pack_invalid. */
export function everydayWords (config: Config): TermsFor {
  const entries = readSynonyms(packFolder(config)).flatMap(({ words, terms }) => words.map(word => ({ word: fold(word), terms })))
    .sort((a, b) => b.word.length - a.word.length)
  return typed => {
    const text = fold(typed)
    const held = entries.filter(({ word }) => holdsWord(text, word))
    // Of 占道经营 and 占道 only the longer counts.
    const best = held.filter(({ word }, at) => !held.slice(0, at).some(longer => longer.word.includes(word)))
    return [...new Set(best.flatMap(({ terms }) => terms))].filter(term => fold(term) !== text)
  }
}

/** A Chinese word may stand inside others; a Latin one stands by itself, or shop would be found in workshop. */
function holdsWord (text: string, word: string): boolean {
  return /^[\x20-\x7E]+$/.test(word) ? ` ${text} `.replace(/[^a-z0-9-]+/g, ' ').includes(` ${word} `) : text.includes(word)
}

/** For a question that found nothing or little: what the same thing is called officially, as far as the register knows it. */
export async function findAlternatives (db: Kysely<Database>, list: RegisterList, termsFor: TermsFor, asked: { typed: string, total: number, per: number }): Promise<Alternative[]> {
  const { typed, total, per } = asked
  if (total >= FEW || typed === '') return []
  const found: Alternative[] = []
  for (const words of termsFor(typed)) {
    if (found.length === TERMS) break
    const question = readQuestion(words)
    const hits = await findInList(db, list, { question, selection: {}, sort: 'relevance', page: 1, per })
    if (hits.total > 0) found.push({ words, question, total: hits.total, many: hits.many, ids: hits.ids })
  }
  return found
}
