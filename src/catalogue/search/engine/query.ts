import { queryRuns } from '../../../db/text.ts'

/** Characters of a question that count; the form lets nobody type more. */
export const QUERY_LIMIT = 100

export interface Question {
  /** As typed, cut to the limit. */
  text: string
  /** The phrases that must all be found. */
  runs: string[]
  /** The article that was asked for, as 条 number and 之 number. */
  article: { no: number, sub: number } | null
  shortened: boolean
}

const HAN_DIGITS = '零一二三四五六七八九'
const UNITS = ['', '十', '百', '千']
const NUMERAL = '[0-9]{1,4}|[〇零一二三四五六七八九十百千]{1,9}'
/** 第122条, 122条 and 第一百二十二条之一; 十条禁令 is no article. */
const ARTICLE = new RegExp(`第\\s*(${NUMERAL})\\s*条(?:之([一二三四五六七八九十]))?|(?<![0-9])([0-9]{1,4})\\s*条(?:之([一二三四五六七八九十]))?(?=$|[\\s第的])`, 'u')

/** Reads what a person typed: full-width forms, statute name and article in one word, article numbers in digits. */
export function readQuestion (typed: string | undefined): Question {
  const characters = Array.from(typed ?? '')
  const text = characters.slice(0, QUERY_LIMIT).join('')
  const plain = text.normalize('NFKC')
  const found = ARTICLE.exec(plain)
  const no = found === null ? 0 : numberOf(found[1] ?? found[3] ?? '')
  const sub = found?.[2] ?? found?.[4]
  const label = `第${hanOf(no)}条${sub === undefined ? '' : `之${sub}`}`
  const spoken = found === null || no === 0 ? plain : `${plain.slice(0, found.index)} ${label}${plain.slice(found.index + found[0].length)}`
  return {
    text,
    runs: queryRuns(spoken.replace(/第([0-9]{1,2})(?=[款项])/g, (_whole, digits: string) => `第${hanOf(Number(digits))}`)),
    article: no === 0 ? null : { no, sub: sub === undefined ? 0 : numberOf(sub) },
    shortened: characters.length > QUERY_LIMIT
  }
}

/** 122 → 一百二十二, as statutes count their articles (1 to 9999). */
export function hanOf (number: number): string {
  const digits = Array.from(String(number), Number)
  const written = digits.map((digit, at) => digit === 0 ? '零' : `${HAN_DIGITS[digit]}${UNITS[digits.length - 1 - at] ?? ''}`).join('')
  return written.replace(/零+/g, '零').replace(/零$/, '').replace(/^一十/, '十')
}

/** 一百二十二 → 122; digits are taken as they are; 0 for what is no number. */
export function numberOf (text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  let sum = 0
  let digit = 0
  for (const character of text.replaceAll('〇', '零')) {
    const unit = UNITS.indexOf(character)
    if (unit > 0) { sum += (digit === 0 ? 1 : digit) * 10 ** unit; digit = 0 } else digit = HAN_DIGITS.indexOf(character)
  }
  return sum + Math.max(digit, 0)
}
