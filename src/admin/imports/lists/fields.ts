import { normalisePhone } from '../../../domain/records/codes.ts'
import type { ItemField } from '../../../domain/records/list-kinds.ts'
import type { Cells } from '../cells/cells.ts'
import { readDate, readFlag, readOne, readSeveral, readUrl } from '../cells/values.ts'

/** What a field holds; several values of a choice are codes joined by single spaces. */
export type ItemValue = string | number
type Reader = (cells: Cells, key: string, field: ItemField) => ItemValue | null | undefined

/** One reader for each type of field (domain/records/list-kinds.ts). */
const READERS: Readonly<Record<ItemField['type'], Reader>> = {
  text: (cells, key) => cells.read(key),
  line: (cells, key) => oneLine(cells.read(key)),
  choice: (cells, key, field) => readOne(cells, key, field.of ?? {}),
  choices: (cells, key, field) => readSeveral(cells, key, field.of ?? {}),
  date: readDate,
  number: readNumber,
  flag: readFlag,
  phone: readPhone,
  url: readUrl
}

/** The cell of a field as its type says; a fault is noted in `cells`. */
export function readField (cells: Cells, key: string, field: ItemField): ItemValue | null | undefined {
  return READERS[field.type](cells, key, field)
}

function oneLine (text: string | null | undefined): string | null | undefined {
  return typeof text === 'string' ? text.replace(/\s*\n\s*/g, ' ') : text
}

function readNumber (cells: Cells, key: string, field: ItemField): number | null | undefined {
  const text = cells.read(key)
  if (typeof text !== 'string') return text
  const number = /^\d{1,9}$/.test(text.normalize('NFKC')) ? Number(text.normalize('NFKC')) : NaN
  if (number >= 1 && number <= (field.max ?? 999_999_999)) return number
  cells.fault(key, 'whole_number', { limit: field.max ?? 999_999_999 })
  return undefined
}

function readPhone (cells: Cells, key: string): string | null | undefined {
  const text = cells.read(key)
  if (typeof text !== 'string') return text
  const phone = normalisePhone(text)
  if (phone === null) cells.fault(key, 'phone')
  return phone ?? undefined
}
