const HAN_DIGITS = '零一二三四五六七八九'
const HAN_UNITS = ['', '十', '百', '千']
const DIGITS = new Map([...HAN_DIGITS].map((digit, value) => [digit, value]))
const UNITS = new Map(HAN_UNITS.map((unit, power) => [unit, 10 ** power]))
const NUMERAL = '[零〇一二两三四五六七八九十百千0-9]{1,9}'
const ARTICLE = new RegExp(`第(${NUMERAL})条(?:之(${NUMERAL}))?`)

/** A whole number below 10,000 in Chinese or ordinary digits (一百二十二, 122), or null. */
export function parseNumeral (text: string): number | null {
  const plain = text.normalize('NFKC').replaceAll('〇', '零').replaceAll('两', '二')
  if (/^\d{1,4}$/.test(plain)) return Number(plain)
  if (!/^[零一二三四五六七八九十百千]+$/.test(plain)) return null
  let [total, digit] = [0, 0]
  for (const character of plain) {
    const unit = UNITS.get(character)
    if (unit === undefined) { digit = DIGITS.get(character) ?? 0; continue }
    total += (digit === 0 ? 1 : digit) * unit // 十二 means 一十二
    digit = 0
  }
  return total + digit
}

/** 122 → 一百二十二, as statutes count their articles (1 to 9999). */
export function writeNumeral (number: number): string {
  const digits = Array.from(String(number), Number)
  const written = digits.map((digit, at) => digit === 0 ? '零' : `${HAN_DIGITS[digit]}${HAN_UNITS[digits.length - 1 - at] ?? ''}`).join('')
  return written.replace(/零+/g, '零').replace(/零$/, '').replace(/^一十/, '十')
}

export interface ArticleNumber { article: number, sub: number }

/** The article that a citation names: 第一百二十二条第一款 is 122, 第十二条之一 is 12 with sub 1; null without one. */
export function articleOf (text: string): ArticleNumber | null {
  const found = ARTICLE.exec(text.normalize('NFKC'))
  const article = found === null ? null : parseNumeral(found[1] ?? '')
  if (article === null) return null
  return { article, sub: parseNumeral(found?.[2] ?? '') ?? 0 }
}

/** The key under which citations and statutes meet: the name without 《》, 中华人民共和国, the year of its revision, and spaces. */
export function lawKey (name: string): string {
  return name.normalize('NFKC').replace(/\((?:19|20)\d\d年?(?:修订|修正|修改|公布|版)?\)$/, '')
    .replace(/[\s《》〈〉<>\u200B\uFEFF]/g, '').replaceAll('中华人民共和国', '')
}
