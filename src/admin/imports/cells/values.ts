import { isDate } from '../../../domain/time/calendar.ts'
import { recognise, recogniseAll, TIME_UNITS, type Enumeration, type TimeUnit } from '../../../domain/records/enumerations.ts'
import type { Cells } from './cells.ts'

type Value<T> = T | null | undefined // undefined: nothing said; null: cleared

/** One value of a closed list. */
export function readOne<T extends Enumeration> (cells: Cells, field: string, table: T): Value<keyof T & string> {
  const text = cells.read(field)
  if (typeof text !== 'string') return text
  const key = recognise(table, text)
  if (key === null) cells.fault(field, 'unknown_value', { allowed: allowed(table) })
  return key ?? undefined
}

/** Several values of a closed list in one cell, as codes joined by single spaces. */
export function readSeveral<T extends Enumeration> (cells: Cells, field: string, table: T): Value<string> {
  const text = cells.read(field)
  if (typeof text !== 'string') return text
  const { keys, unknown } = recogniseAll(table, text)
  if (unknown.length > 0) cells.fault(field, 'unknown_value', { allowed: allowed(table) }, unknown.join('、'))
  return keys.length === 0 ? undefined : keys.join(' ')
}

const allowed = (table: Enumeration): string => Object.values(table).map(entry => entry.zh).join('、')

/** A date as 2026-11-23, 2026/11/23, 2026.11.23, 20261123 or 2026年11月23日. */
export function readDate (cells: Cells, field: string): Value<string> {
  const text = cells.read(field)
  if (typeof text !== 'string') return text
  const date = dateIn(text)
  if (date === null) cells.fault(field, 'date')
  return date ?? undefined
}

/** The date that a text means, as YYYY-MM-DD; null when it is none. */
export function dateIn (text: string): string | null {
  const found = /^(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[ T]00:00(?::00)?)?$/.exec(text.normalize('NFKC').trim())
  if (found === null) return null
  const date = [found[1], (found[2] ?? found[4] ?? '').padStart(2, '0'), (found[3] ?? found[5] ?? '').padStart(2, '0')].join('-')
  return isDate(date) ? date : null
}

/** A length of time: a number alone, or with its unit (20个工作日). */
export function readTerm (cells: Cells, field: string): Value<{ days: number, unit: TimeUnit | null }> {
  const text = cells.read(field)
  if (typeof text !== 'string') return text
  const found = /^(\d{1,4})\s*(.*)$/.exec(text.normalize('NFKC'))
  const unit = found === null || found[2] === '' ? null : recognise(TIME_UNITS, found[2] ?? '')
  if (found !== null && Number(found[1]) > 0 && (unit !== null || found[2] === '')) return { days: Number(found[1]), unit }
  cells.fault(field, 'term', { allowed: allowed(TIME_UNITS) })
  return undefined
}

/** The smallest part of a unit that is a whole number of fen, as a power of ten. */
const FEN_DIGITS = { 万元: 6, 元: 2 } as const
/** 100,000,000,000 yuan: more than any decision, and far below what a number holds exactly. */
const MAX_FEN = 10_000_000_000_000

/** An amount of money in fen; the column says in which unit, a cell may repeat it (0.5万元). */
export function readMoney (cells: Cells, field: string, unit: keyof typeof FEN_DIGITS): Value<number> {
  const text = cells.read(field)
  if (typeof text !== 'string') return text
  const found = /^(\d{1,12})(?:\.(\d{1,6}))?(万元|元)?$/.exec(text.normalize('NFKC').replace(/[,，\s¥]/g, ''))
  const digits = FEN_DIGITS[found?.[3] as keyof typeof FEN_DIGITS | undefined ?? unit]
  const part = (found?.[2] ?? '').replace(/0+$/, '')
  const fen = found === null || part.length > digits ? NaN : Number(`${found[1]}${part.padEnd(digits, '0')}`)
  if (fen <= MAX_FEN) return fen
  cells.fault(field, 'money', { unit })
  return undefined
}

/** Yes or no as 0 or 1. */
export function readFlag (cells: Cells, field: string): Value<0 | 1> {
  const text = cells.read(field)
  if (typeof text !== 'string') return text
  if (/^(是|有|1|true|yes|y)$/i.test(text)) return 1
  if (/^(否|无|0|false|no|n)$/i.test(text)) return 0
  cells.fault(field, 'flag')
  return undefined
}

/** An address on the web without credentials. */
export function readUrl (cells: Cells, field: string): Value<string> {
  const text = cells.read(field)
  if (typeof text !== 'string') return text
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && !/\s/.test(text)) return text
  cells.fault(field, 'url')
  return undefined
}

/** Free words separated by 、，；or line breaks, joined by 、 without doubles. */
export function readWords (cells: Cells, field: string): Value<string> {
  const text = cells.read(field)
  if (typeof text !== 'string') return text
  const words = text.split(/[、，,；;\n]/).map(word => word.trim()).filter(word => word !== '')
  return [...new Set(words)].join('、')
}

/** The changes alone: what a row does not mention stays as it is. */
export function said<C extends object> (change: { [K in keyof C]: C[K] | undefined }): Partial<C> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<C>
}
