import { parseYuan } from '../../../domain/records/money.ts'
import type { Cells } from '../cells/cells.ts'

/** One end of a range: fen, or ten-thousandths of the base amount; open ends do not include their number. */
export interface Bound { unit: 'yuan' | 'times', value: number, open: 0 | 1 }

/** Reads 5万元, 超过5万元, 不满10万元, 3倍, 150%; undefined when the cell is blank, or faulty and noted. */
export function readBound (cells: Cells, field: string): Bound | undefined {
  const text = cells.read(field)
  if (typeof text !== 'string') return undefined
  const plain = text.normalize('NFKC').replace(/\s/g, '')
  const open = /^(?:超过|不满|不足|低于|高于|[<>])/.test(plain)
  const rest = plain.replace(/^(?:超过|不满|不足|低于|高于|[<>])/, '').replace(/(?:以上|以下)$/, '')
  const value = multipleOf(rest)
  const bound = value === null ? { unit: 'yuan' as const, value: parseYuan(rest) } : { unit: 'times' as const, value }
  if (bound.value === null) { cells.fault(field, 'amount'); return undefined }
  return { unit: bound.unit, value: bound.value, open: open ? 1 : 0 }
}

const MULTIPLES = { 倍: 10_000, '%': 100, '‰': 10 } as const

/** 3倍 and 300% are 30,000 ten-thousandths; 0.65% is 65; 等值 is once. What is finer is not read. */
function multipleOf (text: string): number | null {
  if (text === '等值') return MULTIPLES.倍
  const found = /^(\d{1,4}(?:\.\d{1,4})?)(倍|%|‰)$/.exec(text)
  if (found === null) return null
  const value = Number(found[1]) * MULTIPLES[found[2] as keyof typeof MULTIPLES]
  return Math.abs(value - Math.round(value)) < 1e-6 ? Math.round(value) : null
}

/** An amount of yuan in fen. */
export function readAmount (cells: Cells, field: string): number | null {
  const text = cells.read(field)
  if (typeof text !== 'string') return null
  const fen = parseYuan(text)
  if (fen === null) cells.fault(field, 'amount')
  return fen
}
