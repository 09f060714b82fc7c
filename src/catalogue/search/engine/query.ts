import { queryRuns } from '../../../db/text.ts'
import { parseNumeral, writeNumeral } from '../../../domain/records/citations.ts'

/** Characters of a question that count; the form lets nobody type more. */
const QUERY_LIMIT = 100

export interface Question {
  /** As typed, cut to the limit. */
  text: string
  /** The phrases that must all be found. */
  runs: string[]
  /** The article that was asked for, as 条 number and 之 number. */
  article: { no: number, sub: number } | null
  shortened: boolean
}

const NUMERAL = '[0-9]{1,4}|[〇零一二三四五六七八九十百千]{1,9}'
/** 第122条, 122条 and 第一百二十二条之一; 十条禁令 is no article. */
const ARTICLE = new RegExp(`第\\s*(${NUMERAL})\\s*条(?:之([一二三四五六七八九十]))?|(?<![0-9])([0-9]{1,4})\\s*条(?:之([一二三四五六七八九十]))?(?=$|[\\s第的])`, 'u')

/** Reads what a person typed: full-width forms, statute name and article in one word, article numbers in digits. */
export function readQuestion (typed: string | undefined): Question {
  const characters = Array.from(typed ?? '')
  const text = characters.slice(0, QUERY_LIMIT).join('')
  const plain = text.normalize('NFKC')
  const found = ARTICLE.exec(plain)
  const no = found === null ? 0 : parseNumeral(found[1] ?? found[3] ?? '') ?? 0
  const sub = found?.[2] ?? found?.[4]
  const label = `第${writeNumeral(no)}条${sub === undefined ? '' : `之${sub}`}`
  const spoken = found === null || no === 0 ? plain : `${plain.slice(0, found.index)} ${label}${plain.slice(found.index + found[0].length)}`
  return {
    text,
    runs: queryRuns(spoken.replace(/第([0-9]{1,2})(?=[款项])/g, (_whole, digits: string) => `第${writeNumeral(Number(digits))}`)),
    article: no === 0 ? null : { no, sub: parseNumeral(sub ?? '') ?? 0 },
    shortened: characters.length > QUERY_LIMIT
  }
}
