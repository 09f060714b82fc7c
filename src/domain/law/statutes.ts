import { lawKey, parseNumeral } from '../records/citations.ts'

/** What a statute's own text and history say of it; null: they do not say, and nobody guesses. */
export interface StatuteFacts {
  /** who passed or issued it first, and the number of that order */
  issuer: string | null
  docNo: string | null
  /** the day from which it is in force, and the article that says so (null: its history does) */
  effectiveOn: string | null
  effectiveArticle: string | null
  /** the last line of its history that amends or revises it */
  amendedBy: string | null
  /** keys of the statutes that its last articles repeal */
  repeals: string[]
}

interface Passage { label: string, body: string }

/** Where a text can say since when it is in force: its last articles. */
const LAST = 4
const DAY = '(?:\\d{4}|[〇○Ｏ零一二三四五六七八九]{4})年[0-9一二三四五六七八九十]{1,3}月[0-9一二三四五六七八九十]{1,3}日'
const IN_FORCE = new RegExp(`(?:本|《)[^。;]{0,40}?自(?:(${DAY})|(?:公布|发布|颁布)之日)起(?:施行|实施|生效|执行)`)
const REVISED = /会议(?:第.次)?修订|令第\d+号(?:修订|第.次修订)/

/** Reads the history lines and the articles of a statute. */
export function factsOf (history: readonly string[], articles: readonly Passage[]): StatuteFacts {
  const lines = joined(history)
  const passages = articles.slice(-LAST).reverse()
  return { ...originOf(lines[0] ?? ''), ...effectOf(lines, passages), amendedBy: lines.findLast(line => /修正|修订|修改/.test(line))?.slice(0, 300) ?? null, repeals: repealsIn(passages) }
}

const plain = (text: string): string => text.normalize('NFKC').replace(/\s/g, '')

/** One entry for each date; a line without a date goes on with the one before. */
function joined (history: readonly string[]): string[] {
  const lines: string[] = []
  for (const line of history.map(plain)) {
    if (/^\d{4}年/.test(line) || lines.length === 0) lines.push(line)
    else lines[lines.length - 1] = `${lines.at(-1) ?? ''}${line}`
  }
  return lines.filter(line => /^\d{4}年\d{1,2}月\d{1,2}日/.test(line))
}

function originOf (line: string): Pick<StatuteFacts, 'issuer' | 'docNo'> {
  const act = line.replace(/^\d{4}年\d{1,2}月\d{1,2}日/, '').replaceAll('中华人民共和国', '')
  if (/^第.{1,3}届全国人民代表大会常务委员会/.test(act)) return { issuer: '全国人民代表大会常务委员会', docNo: null }
  if (/^第.{1,3}届全国人民代表大会/.test(act)) return { issuer: '全国人民代表大会', docNo: null }
  const order = /^([^\d《》第]{2,40}?)令第(\d+)号/.exec(act)
  if (order !== null) return { issuer: order[1] ?? null, docNo: `${order[1] ?? ''}令第${order[2] ?? ''}号` }
  return { issuer: /^国务院(?:公布|发布|批准|第\d+次常务会议)/.test(act) ? '国务院' : null, docNo: null }
}

function effectOf (lines: readonly string[], passages: readonly Passage[]): Pick<StatuteFacts, 'effectiveOn' | 'effectiveArticle'> {
  for (const { label, body } of passages) {
    const found = IN_FORCE.exec(plain(body))
    if (found === null) continue
    const day = found[1] === undefined ? publishedOn(lines) : dayIn(found[1])
    return { effectiveOn: day, effectiveArticle: label }
  }
  const told = lines.find(line => /日施行$/.test(line))
  return { effectiveOn: told === undefined ? null : dayIn(told), effectiveArticle: null }
}

/** “From the day of its publication”: that of the first line, unless the whole was revised later and meant another day. */
function publishedOn (lines: readonly string[]): string | null {
  const [first] = lines
  return first === undefined || lines.some(line => REVISED.test(line)) ? null : dayIn(first)
}

/** The date with which a text begins, as YYYY-MM-DD; Chinese numerals too (二○○四年十月一日). */
function dayIn (text: string): string | null {
  const found = /^(.{4})年(.{1,3}?)月(.{1,3}?)日/.exec(text.replace(/[○Ｏ]/g, '〇'))
  if (found === null) return null
  const year = /^\d{4}$/.test(found[1] ?? '') ? found[1] : Array.from(found[1] ?? '', digit => String(parseNumeral(digit) ?? '')).join('')
  const [month, day] = [parseNumeral(found[2] ?? ''), parseNumeral(found[3] ?? '')]
  if (month === null || day === null || !/^\d{4}$/.test(year ?? '')) return null
  return `${year ?? ''}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** The whole statutes that are repealed at the same time; a part of one is none of them. */
function repealsIn (passages: readonly Passage[]): string[] {
  const sentences = passages.flatMap(({ body }) => plain(body).split(/[。;]/)).filter(sentence => /同时废止$/.test(sentence))
  const names = sentences.flatMap(sentence => Array.from(sentence.matchAll(/《((?:[^《》]|《[^《》]*》)+)》(第|中|关于|的[^》]{0,6}(?:条|规定))?/g)))
  return [...new Set(names.filter(found => found[2] === undefined).map(found => lawKey(found[1] ?? '')))]
}

export const STATUTE_STATUSES = ['in_force', 'not_yet', 'repealed', 'unknown'] as const
export type StatuteStatus = (typeof STATUTE_STATUSES)[number]

/** Whether a statute is in force on a day, as far as its dates tell. */
export function statuteStatus (statute: { effective_on: string | null, repealed_on: string | null }, today: string): StatuteStatus {
  if (statute.repealed_on !== null && statute.repealed_on <= today) return 'repealed'
  if (statute.effective_on === null) return 'unknown'
  return statute.effective_on > today ? 'not_yet' : 'in_force'
}

export interface DatedText { text_date: string, effective_on: string | null }

/** From when a text of a statute counts: a revised text names its own day, an amended one is taken from the day of its amendment. */
export function countsFrom ({ text_date: date, effective_on: effective }: DatedText): string {
  return effective !== null && effective > date ? effective : date
}

/** The text that counted on a day; undefined before the first. */
export function textOn<T extends DatedText> (texts: readonly T[], day: string): T | undefined {
  return [...texts].sort((a, b) => a.text_date < b.text_date ? -1 : 1).findLast(text => countsFrom(text) <= day)
}
