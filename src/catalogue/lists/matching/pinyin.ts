import { setImmediate } from 'node:timers/promises'
import type { Columns } from '../engine/columns.ts'

/** The Chinese characters of the names of a list, once each, and how they are spelt, a syllable for each character. */
interface Spelt { names: string[], spelt: string[], initials: string[] }

/** Names spelt at a stretch: some 10 ms of work. */
const SLICE = 200
/** Readings that are given for one question, and how many are looked at more closely. */
const [GIVEN, LOOKED_AT] = [3, 24]
const kept = new WeakMap<Columns, Promise<Spelt>>()
const WORDS = new Intl.Segmenter('zh-CN', { granularity: 'word' })

type Speller = (text: string) => string[]
let speller: Promise<Speller> | undefined

/** How Chinese characters are spelt, without tones, ü as v. The library (4 MB, 60 ms) is loaded when somebody first needs it. */
export async function spelling (): Promise<Speller> {
  speller ??= import('pinyin-pro').then(({ pinyin }) => text => pinyin(text, { toneType: 'none', type: 'array', v: true }))
  return await speller
}

/** Sounds that many people do not tell apart are one: zh and z, ng and n. */
const near = (syllable: string): string => syllable.replace(/^([zcs])h/, '$1').replace(/ng$/, 'n')

/** The names of a list as they are spelt, made in slices when first asked for and kept as long as its columns. */
async function speltNames (columns: Columns): Promise<Spelt> {
  const known = kept.get(columns) ?? spell(new Set(columns.names))
  kept.set(columns, known)
  return await known
}

async function spell (folded: Set<string>): Promise<Spelt> {
  const spellOut = await spelling()
  const made: Spelt = { names: [], spelt: [], initials: [] }
  for (const folder of folded) {
    const name = folder.replace(/\P{Script=Han}/gu, '')
    const syllables = spellOut(name)
    if (syllables.length !== name.length) continue
    made.names.push(name)
    made.spelt.push(` ${syllables.map(near).join(' ')} `)
    made.initials.push(syllables.map(syllable => syllable.charAt(0)).join(''))
    if (made.names.length % SLICE === 0) await setImmediate()
  }
  return made
}

/** What somebody may have meant who typed pinyin, whole (shipin jingying) or its initials (spjy): words of the names of a list, the likeliest first. */
export async function readPinyin (columns: Columns, runs: readonly string[]): Promise<string[][]> {
  if (runs.length === 0 || !runs.every(run => /^[a-z]{2,40}$/.test(run))) return []
  const { names, spelt, initials } = await speltNames(columns)
  const asked = runs.map(run => ({ whole: syllablesOf(run).map(found => ` ${found.map(near).join(' ')} `), initials: run.length > 2 ? run : null, run }))
  const counts = new Map<string, number>()
  for (let at = 0; at < names.length; at++) {
    const words = asked.map(({ whole, initials: short }) => wholeIn(names[at] as string, spelt[at] as string, whole) ?? (short === null ? null : shortIn(names[at] as string, initials[at] as string, short)))
    if (words.every(word => word !== null)) counts.set(words.join(' '), (counts.get(words.join(' ')) ?? 0) + 1)
  }
  return await likeliest(counts, runs.join(''))
}

/** Words of the names that sound like a text in Chinese characters but are written otherwise. */
export async function soundsLike (columns: Columns, text: string): Promise<string[][]> {
  const syllables = (await spelling())(text)
  if (!/^\p{Script=Han}{2,12}$/u.test(text) || syllables.length !== text.length) return []
  const { names, spelt } = await speltNames(columns)
  const counts = new Map<string, number>()
  for (let at = 0; at < names.length; at++) {
    const word = wholeIn(names[at] as string, spelt[at] as string, [` ${syllables.map(near).join(' ')} `])
    if (word !== null) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return await likeliest(counts, syllables.join(''))
}

function wholeIn (name: string, spelt: string, asked: readonly string[]): string | null {
  for (const syllables of asked) {
    const place = spelt.indexOf(syllables)
    if (place < 0) continue
    const from = place === 0 ? 0 : spelt.slice(0, place).split(' ').length - 1
    return name.slice(from, from + syllables.trim().split(' ').length)
  }
  return null
}

function shortIn (name: string, initials: string, asked: string): string | null {
  const from = initials.indexOf(asked)
  return from < 0 ? null : name.slice(from, from + asked.length)
}

/** Spelt exactly before nearly, whole words before pieces of words, the frequent before the rare. */
async function likeliest (counts: Map<string, number>, typed: string): Promise<string[][]> {
  const spellOut = await spelling()
  const rank = ([words, count]: [string, number]): number => {
    const exact = spellOut(words.replaceAll(' ', '')).join('') === typed
    const whole = words.split(' ').every(word => Array.from(WORDS.segment(word)).every(({ segment }) => segment.length > 1))
    return (exact ? 4 : 0) + (whole ? 2 : 0) + count / (count + 10)
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, LOOKED_AT)
    .map(entry => ({ words: entry[0].split(' '), rank: rank(entry) })).sort((a, b) => b.rank - a.rank).slice(0, GIVEN).map(({ words }) => words)
}

/** Every syllable of Mandarin without tone, ü as v. */
const SYLLABLE = /^(?:[bpmf]?(?:a|o|ai|ei|ao|ou|an|en|ang|eng)|[bpmdtnljqxy]?(?:i|ie|iao|iu|ian|in|iang|ing|ia)|[bpmf]u|[dtnlgkhzcsr](?:a|e|ai|ei|ao|ou|an|en|ang|eng|ong|u|uo|ui|uan|un)|(?:zh|ch|sh)(?:i|a|e|ai|ei|ao|ou|an|en|ang|eng|ong|u|ua|uo|uai|ui|uan|un|uang)|[zcsr]i|[gkh](?:ua|uai|uang)|[nl]v|[nl]ve|[jqx](?:u|ue|uan|un|iong)|y(?:a|e|o|ao|ou|an|ang|i|in|ing|ong|u|ue|uan|un)|w(?:a|o|ai|ei|an|en|ang|eng|u)|er|e)$/

/** The ways to cut letters into syllables: xian is 县 and 西安. At most four. */
export function syllablesOf (letters: string): string[][] {
  const found: string[][] = []
  const dead = new Set<number>()
  const cut = (from: number, before: string[]): void => {
    const known = found.length
    if (known === 4 || dead.has(from)) return
    if (from === letters.length) { found.push(before); return }
    for (let to = Math.min(letters.length, from + 6); to > from; to--) {
      const syllable = letters.slice(from, to)
      if (SYLLABLE.test(syllable)) cut(to, [...before, syllable])
    }
    if (found.length === known) dead.add(from)
  }
  cut(0, [])
  return found
}
