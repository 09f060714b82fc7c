import { parseNumeral } from './citations.ts'

/** Financial forms of the numerals, as on receipts and decisions. */
const FORMAL = new Map([...'壹一贰二貳二叁三參三肆四伍五陆六陸六柒七捌八玖九拾十佰百仟千萬万億亿圆元'].flatMap((sign, at, all) => at % 2 === 0 ? [[sign, all[at + 1] ?? '']] : []))

/** Beyond this (one hundred thousand million yuan) nobody is fined; and fen stay exact. */
const MOST_YUAN = 100_000_000_000

/**
 * An amount of yuan in fen, however people write it: 50000, ５０，０００元, 5万, 1.5万元, 三万五千元整, 伍万圆. Null for what is no amount, for more than
 * two decimals of a yuan, and for 三万五, which leaves open what the five are.
 */
export function parseYuan (text: string): number | null {
  const plain = [...text.normalize('NFKC').replace(/[\s,，_]/g, '')].map(sign => FORMAL.get(sign) ?? sign).join('')
    .replace(/^(?:人民币|RMB|CNY|[¥￥])/i, '').replace(/(?:元|块|块钱|圆)?(?:整|正)?$/, '')
  const found = /^(?:(.+?)亿)?(?:(.+?)万)?(.*)$/.exec(plain)
  if (found === null || plain === '' || /万[一二三四五六七八九1-9]$/.test(plain)) return null
  const parts = [[found[1], 100_000_000], [found[2], 10_000], [found[3] === '' && plain.length > 0 && /[万亿]$/.test(plain) ? undefined : found[3], 1]] as const
  let hundredths = 0
  for (const [written, unit] of parts) {
    if (written === undefined) continue
    const value = partOf(written)
    if (value === null) return null
    hundredths += value * unit * 100
  }
  const fen = Math.round(hundredths)
  return Math.abs(hundredths - fen) < 1e-4 && fen <= MOST_YUAN * 100 ? fen : null
}

export type YuanFault = 'amount' | 'decimals' | 'large'

/** Why an amount cannot be read: finer than a fen, or larger than any fine; `amount` for everything else. */
export function yuanFault (text: string): YuanFault {
  const found = /^(\d+)(?:\.(\d+))?(万|亿)?$/.exec(text.normalize('NFKC').replace(/[\s,，_]/g, '').replace(/^(?:人民币|RMB|CNY|[¥￥])/i, '').replace(/(?:元|块|圆)?(?:整|正)?$/, ''))
  if (found === null) return 'amount'
  const [, whole = '', decimals = '', unit] = found
  if (Number(whole) * (unit === '亿' ? 100_000_000 : unit === '万' ? 10_000 : 1) > MOST_YUAN) return 'large'
  return decimals.length > (unit === '亿' ? 10 : unit === '万' ? 6 : 2) ? 'decimals' : 'amount'
}

/** Digits with a decimal point, Chinese numerals, or both (3千5百). */
function partOf (written: string): number | null {
  if (/^\d{1,12}(?:\.\d{1,6})?$/.test(written)) return Number(written)
  const mixed = written.replace(/\d/g, digit => '零一二三四五六七八九'[Number(digit)] ?? '')
  if (/\d{2}/.test(written) || mixed.length > 12 || /[十百千][十百千]|[一二三四五六七八九两]{2}/.test(mixed)) return null
  return parseNumeral(mixed.replace(/^零(?=.)/, ''))
}
