import { setImmediate } from 'node:timers/promises'
import type { Everyday } from '../../search/engine/everyday.ts'
import type { Columns } from '../engine/columns.ts'

/** Chinese words and how they are spelt, a syllable for each character; `everyday`: those of them that are everyday words. */
interface Spelt { names: string[], spelt: string[], initials: string[], everyday: ReadonlySet<string>, answers: Map<string, Promise<string[][]>> }

/** Names spelt at a stretch, some 10 ms of work, and names looked through at a stretch. */
const [SLICE, PASSED] = [200, 2000]
/** Readings that are given for one question, how many are looked at more closely, the parts that a question may have, and the answers that are remembered. */
const [GIVEN, LOOKED_AT, PARTS, REMEMBERED] = [3, 24, 3, 500]
const kept = new WeakMap<Columns, { everyday: readonly Everyday[], spelt: Promise<Spelt> }>()
/** Spellings outlive a publication: most names are in the next one too. */
const known = new Map<string, { syllables: string, initials: string } | null>()
const MOST_KNOWN = 200_000
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

/** The names of a list, its other names and the everyday words as they are spelt: made in slices, some time before anybody asks, and kept as long as its columns. */
export async function speltNames (columns: Columns, everyday: readonly Everyday[]): Promise<Spelt> {
  const before = kept.get(columns)
  if (before?.everyday === everyday) return await before.spelt
  const spelt = spell(columns, everyday)
  kept.set(columns, { everyday, spelt })
  return await spelt
}

async function spell (columns: Columns, everyday: readonly Everyday[]): Promise<Spelt> {
  const spellOut = await spelling()
  const words = everyday.map(({ word }) => word).filter(word => /^\p{Script=Han}{2,}$/u.test(word))
  const made: Spelt = { names: [], spelt: [], initials: [], everyday: new Set(words), answers: new Map() }
  if (known.size > MOST_KNOWN) known.clear()
  let fresh = 0
  for (const name of [...made.everyday, ...await namesOf(columns)]) {
    const before = known.get(name)
    const entry = before === undefined ? spellName(spellOut, name) : before
    if (before === undefined) known.set(name, entry)
    if (entry === null) continue
    made.names.push(name)
    made.spelt.push(entry.syllables)
    made.initials.push(entry.initials)
    if (before === undefined && ++fresh % SLICE === 0) await setImmediate()
  }
  return made
}

/** The Chinese characters of each name and other name, once each. */
async function namesOf (columns: Columns): Promise<Set<string>> {
  const names = new Set<string>()
  for (let row = 0; row < columns.size; row++) {
    for (const name of [columns.names[row] as string, ...(columns.aliases[row] as string).split(/[\s、]+/)]) names.add(name.replace(/\P{Script=Han}/gu, ''))
    if (row % PASSED === PASSED - 1) await setImmediate()
  }
  names.delete('')
  return names
}

function spellName (spellOut: Speller, name: string): { syllables: string, initials: string } | null {
  const syllables = spellOut(name)
  if (syllables.length !== name.length) return null
  return { syllables: ` ${syllables.map(near).join(' ')} `, initials: syllables.map(syllable => syllable.charAt(0)).join('') }
}

/** What somebody may have meant who typed pinyin, whole (shipin jingying) or its initials (spjy): words of the names of a list or everyday words, the likeliest first. */
export async function readPinyin (columns: Columns, everyday: readonly Everyday[], runs: readonly string[]): Promise<string[][]> {
  if (runs.length === 0 || runs.length > PARTS || !runs.every(run => /^[a-z]{2,40}$/.test(run))) return []
  const spelt = await speltNames(columns, everyday)
  const asked = runs.map(run => ({ run, whole: wholes(syllablesOf(run)) }))
  return await remembered(spelt, runs.join(' '), async () => await likeliest(spelt, await tally(spelt, at => {
    const words: string[] = []
    for (const { run, whole } of asked) {
      const word = wholeIn(spelt, at, whole) ?? shortIn(spelt, at, run)
      if (word === null) return null
      words.push(word)
    }
    return words.join(' ')
  }), runs.join('')))
}

/** Words of the names, or everyday words, that sound like a text in Chinese characters but are written otherwise. */
export async function soundsLike (columns: Columns, everyday: readonly Everyday[], text: string): Promise<string[][]> {
  const syllables = (await spelling())(text)
  if (!/^\p{Script=Han}{2,12}$/u.test(text) || syllables.length !== text.length) return []
  const spelt = await speltNames(columns, everyday)
  const whole = wholes([syllables])
  return await remembered(spelt, text, async () => await likeliest(spelt, await tally(spelt, at => wholeIn(spelt, at, whole)), syllables.join('')))
}

const wholes = (ways: string[][]): string[] => [...new Set(ways.map(syllables => ` ${syllables.map(near).join(' ')} `))]

/** One answer for the same question, also to those who ask while it is being looked for. */
async function remembered ({ answers }: Spelt, asked: string, find: () => Promise<string[][]>): Promise<string[][]> {
  const before = answers.get(asked)
  if (before !== undefined) return await before
  if (answers.size >= REMEMBERED) answers.clear()
  const answer = find()
  answers.set(asked, answer)
  return await answer
}

/** How many names hold each of the words that are found in them. */
async function tally ({ names }: Spelt, find: (at: number) => string | null): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (let at = 0; at < names.length; at++) {
    const words = find(at)
    if (words !== null) counts.set(words, (counts.get(words) ?? 0) + 1)
    if (at % PASSED === PASSED - 1) await setImmediate()
  }
  return counts
}

function wholeIn ({ names, spelt }: Spelt, at: number, asked: readonly string[]): string | null {
  const [name, sounds] = [names[at] as string, spelt[at] as string]
  for (const syllables of asked) {
    const place = sounds.indexOf(syllables)
    if (place < 0) continue
    const from = place === 0 ? 0 : sounds.slice(0, place).split(' ').length - 1
    return name.slice(from, from + syllables.trim().split(' ').length)
  }
  return null
}

/** Two initials stand in almost every name: they only count for a whole one. */
function shortIn ({ names, initials }: Spelt, at: number, asked: string): string | null {
  const [name, own] = [names[at] as string, initials[at] as string]
  if (asked.length < 3) return own === asked ? name : null
  const from = own.indexOf(asked)
  return from < 0 ? null : name.slice(from, from + asked.length)
}

/** Spelt exactly before nearly, everyday words and whole words before pieces of words, the frequent before the rare. */
async function likeliest ({ everyday }: Spelt, counts: Map<string, number>, typed: string): Promise<string[][]> {
  const spellOut = await spelling()
  const rank = ([words, count]: [string, number]): number => {
    const exact = spellOut(words.replaceAll(' ', '')).join('') === typed
    const whole = words.split(' ').every(word => everyday.has(word) || Array.from(WORDS.segment(word)).every(({ segment }) => segment.length > 1))
    return (exact ? 4 : 0) + (whole ? 2 : 0) + count / (count + 10)
  }
  const usual = [...counts].filter(([words]) => everyday.has(words))
  const frequent = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, LOOKED_AT)
  return [...new Map([...usual.slice(0, LOOKED_AT), ...frequent])]
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
