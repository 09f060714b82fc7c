import { parseYuan } from './money.ts'

/**
 * A range of fines as a statute words it. `fen`: sums of money in fen. `times`: ten-thousandths of `base` (货值金额, 违法所得 …), so that
 * 三倍 is 30,000 and 百分之十 is 1,000. Both ends are included: 以上 and 以下 include the number itself (民法典 1259); null where none is stated.
 */
export interface FineRange {
  unit: 'fen' | 'times'
  from: number | null
  to: number | null
  /** what the multiple is taken of; null for sums */
  base: string | null
  /** what the sum is counted for each of: 每平方米, 按日 …; null for one sum in all */
  per: string | null
  /** whom it is imposed on where the clause says so: 单位, 直接负责的主管人员 … */
  on: string | null
  /** the case that the sentence puts before it: 情节严重的, 货值金额不足一万元的 …; null for the first or only one */
  when: string | null
  /** 可以: the agency may also leave it out */
  optional: boolean
  /** the wording that was read */
  quote: string
}

const NUMBER = '[零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟0-9.,]{1,20}'
const SUM = `(?:人民币)?(?<n>${NUMBER})元(?:人民币)?`
const RATIO = `百分之${NUMBER}|千分之${NUMBER}|${NUMBER}%|${NUMBER}‰|${NUMBER}倍|等值`
const sum = (name: string): string => SUM.replace('<n>', `<${name}>`)
const ratio = (name: string): string => `(?<${name}>${RATIO})`

/** The ways in which a range is written, the most telling first; `a` is the lower end, `b` the upper. */
const SHAPES: ReadonlyArray<{ unit: FineRange['unit'], pattern: RegExp }> = [
  ...(['fen', 'times'] as const).flatMap(unit => {
    const one = unit === 'fen' ? sum : ratio
    return [`${one('a')}以上[、，]?(?:至)?${one('b')}以下`, `${one('a')}(?:至|到|—|－|-|~|～)${one('b')}`, `(?:不超过|最高不超过)${one('b')}`, `${one('b')}(?:以下|以内)`, `${one('a')}以上`, one('x')]
      .map(shape => ({ unit, pattern: new RegExp(`${shape}(?:的)?罚款$`) }))
  })
]

/** What stands behind 罚款 where no fine is laid down but spoken of: the threshold of a hearing, of a simple procedure, a receipt. */
const SPOKEN_OF = /^(?:或者[^,，。;；]{1,20})?(?:的?(?:行政处罚|处罚|决定)|的(?=[,，。;；]|$))/
/** A sentence of procedure names sums as thresholds: hearings, decisions and collection on the spot. */
const PROCEDURE = /听证|当场(?:作出|收缴|处罚|处)|集体讨论|简易程序|计算罚款/
/** The last words before a sum that lay it down; a sum after anything else is not taken for a fine. */
const LAID_DOWN = /(?:处以?|处|科以?|并处|以|或者|或|和|、|并|予以|给予)$/
const CASES = /^(?:其中[，,]?)?(?:情节|后果|拒不|逾期|货值|违法所得|没有违法所得|无违法所得|违法经营额|没有违法经营额|违法收入|造成|构成|多次|再次|两次|二次|三次|一年内|尚不|尚未|属于|有前款|属个人|个人|单位|经营|非经营|在经营|在非经营|有违法所得|涉及|危害|性质|特别|严重|较重|经责令|经[^，]{0,6}仍)/

/**
 * The ranges of fines that a text lays down, in its order. It reads what it is sure of and leaves the rest: thirds of a sum, sums in
 * words it does not know, fines that other provisions set. Never takes a threshold for a fine.
 */
export function readFines (text: string): FineRange[] {
  return text.normalize('NFKC').replace(/[ \t]/g, '').split(/[。;；\n]/).flatMap(readSentence)
}

/** How far back from 罚款 its sum, its case and its addressee are looked for. */
const NEAR = 400

function readSentence (sentence: string): FineRange[] {
  const found: FineRange[] = []
  if (PROCEDURE.test(sentence)) return []
  for (const { index } of sentence.matchAll(/罚款/g)) {
    if (SPOKEN_OF.test(sentence.slice(index + 2))) continue
    const near = sentence.slice(Math.max(0, index - NEAR), index)
    const start = Math.max(...[',', '，', ':'].map(mark => near.lastIndexOf(mark) + 1), near.includes('罚款') ? near.lastIndexOf('罚款') + 2 : 0)
    const range = readClause(`${near.slice(start)}罚款`)
    if (range !== null) found.push({ ...range, ...contextOf(near.slice(0, start), near.slice(start)) })
  }
  return found
}

type Read = Pick<FineRange, 'unit' | 'from' | 'to' | 'base' | 'per' | 'quote'>

/** The range that a clause ending in 罚款 holds, or null. */
function readClause (clause: string): Read | null {
  for (const { unit, pattern } of SHAPES) {
    const match = pattern.exec(clause)
    if (match === null) continue
    const value = unit === 'fen' ? parseYuan : timesOf
    const { a, b, x } = match.groups ?? {}
    const [from, to] = [valueOr(a ?? x, value), valueOr(b ?? x, value)]
    const before = clause.slice(0, match.index)
    if (from === undefined || to === undefined || (from !== null && to !== null && from > to)) return null
    return unit === 'fen' ? sumRange(before, match[0], from, to) : timesRange(before, match[0], from, to)
  }
  return null
}

/** null for an end that is not stated, undefined for one that cannot be read. */
function valueOr (text: string | undefined, value: (text: string) => number | null): number | null | undefined {
  return text === undefined ? null : value(text) ?? undefined
}

function sumRange (before: string, quote: string, from: number | null, to: number | null): Read | null {
  const each = /(按(?:日|次|人|户|件)(?:连续)?处?(?:以)?|(?:按|按照)?每(?!次处)[^处]{1,12}?|每次)(?:处以?)?$/.exec(before)
  if (each === null && before !== '' && !LAID_DOWN.test(before)) return null
  const per = each === null ? /按次处以?$/.exec(before)?.[0] ?? null : each[1] ?? null
  return { unit: 'fen', from, to, base: null, per: per === null ? null : per.replace(/处以?$/, ''), quote: tail(before) + quote }
}

function timesRange (before: string, quote: string, from: number | null, to: number | null): Read | null {
  const base = /处(?:以)?([^处]{2,40}?)的?$/.exec(before)?.[1] ?? null
  if (base === null || /警告|拘留|每|罚|以上|以下|分之/.test(base)) return null
  return { unit: 'times', from, to, base: base.replace(/^其/, ''), per: null, quote: tail(before) + quote }
}

/** From the word that lays the fine down. */
function tail (before: string): string {
  return /(?:可以?)?(?:并|单)?处[^处]*$/.exec(before)?.[0] ?? ''
}

/** Whom, in which case, and whether it must be. */
function contextOf (earlier: string, clause: string): Pick<FineRange, 'on' | 'when' | 'optional'> {
  const clauses = earlier.split(/[,，]/).filter(part => part !== '')
  const last = clauses.at(-1) ?? ''
  const on = /^(?:并)?(?:可以?)?对([^处]{2,60}?)(?:可以?)?(?:依法)?(?:并|单)?处/.exec(clause)?.[1] ?? /^(?:并)?(?:可以?)?对(.{2,60}(?:人员|个人|单位|人|者|企业|机构))$/.exec(last)?.[1] ?? null
  const when = clauses.findLast(part => part.endsWith('的')) ?? ''
  return { on: on?.replace(/[、，](?:可以?)?$/, '') ?? null, when: CASES.test(when) ? when : null, optional: /可(?:以)?(?:对[^处]*)?(?:并|单)?处/.test(clause) }
}

/** How many ten-thousandths a hundredth of each is: amounts are read in hundredths. */
const SCALES = [['百分之', 1], ['千分之', 0.1], ['%', 1], ['‰', 0.1], ['倍', 100]] as const

function timesOf (text: string): number | null {
  if (text === '等值') return 10_000
  const scale = SCALES.find(([mark]) => text.startsWith(mark) || text.endsWith(mark))
  const value = parseYuan(text.replace(/^[百千]分之|[%‰倍]$/g, ''))
  return scale === undefined || value === null ? null : value * scale[1]
}

/** From the least to the most of the sums that are imposed once; an end that some range leaves open is null. Null without such a sum. */
export function spanOfFines (ranges: readonly FineRange[]): { from: number | null, to: number | null } | null {
  const sums = ranges.filter(range => range.unit === 'fen' && range.per === null)
  if (sums.length === 0) return null
  const [floors, ceilings] = [sums.map(range => range.from), sums.map(range => range.to)]
  return { from: floors.includes(null) ? null : Math.min(...floors.map(Number)), to: ceilings.includes(null) ? null : Math.max(...ceilings.map(Number)) }
}
