import { matterFields, type MatterField, type MatterFieldKey } from '../../../domain/records/matter-fields.ts'
import type { Columns } from '../schema.ts'
import type { Cells } from './cells.ts'
import { readDate, readFlag, readOne, readUrl, readWords } from './values.ts'

/** The columns of the fields that a matter keeps beside what is searched and counted. */
export const DETAIL_COLUMNS: Columns = Object.fromEntries(matterFields.map(({ key, names, max }) => [key, max === undefined ? { names } : { names, max }]))

export type DetailChange = Partial<Record<MatterFieldKey, string | null>>

/** What a row says of these fields: null clears, a missing key changes nothing. */
export function readDetailCells (cells: Cells): DetailChange {
  return Object.fromEntries(matterFields.flatMap(field => {
    const value = readField(cells, field)
    return value === undefined ? [] : [[field.key, value]]
  }))
}

function readField (cells: Cells, field: MatterField & { key: MatterFieldKey }): string | null | undefined {
  const { key, type, values } = field
  if (values !== undefined) return readOne(cells, key, values.table)
  if (type === 'flag') return flagText(readFlag(cells, key))
  if (type === 'date') return readDate(cells, key)
  if (type === 'url') return readUrl(cells, key)
  if (type === 'words') return readWords(cells, key)
  if (type === 'codes') return readCodes(cells, key)
  return type === 'code' ? readCode(cells, field) : cells.read(key)
}

const flagText = (flag: 0 | 1 | null | undefined): string | null | undefined => typeof flag === 'number' ? String(flag) : flag

function readCode (cells: Cells, { key, pattern = /^[0-9A-Za-z][0-9A-Za-z._()-]*$/ }: MatterField & { key: string }): string | null | undefined {
  const text = cells.read(key)
  if (typeof text !== 'string') return text
  const code = text.normalize('NFKC').replace(/\s/g, '')
  if (pattern.test(code)) return code
  cells.fault(key, 'shape')
  return undefined
}

/** Several codes of matters, joined by single spaces. */
function readCodes (cells: Cells, key: string): string | null | undefined {
  const text = cells.read(key)
  if (typeof text !== 'string') return text
  const codes = [...new Set(text.normalize('NFKC').split(/[、,;\s]+/).filter(code => code !== ''))]
  if (codes.every(code => /^[0-9A-Za-z][0-9A-Za-z._-]{0,99}$/.test(code))) return codes.join(' ')
  cells.fault(key, 'code_shape')
  return undefined
}

/** Slugs of trades (适用行业), joined by single spaces. */
export function readTags (cells: Cells, field: string): string | null | undefined {
  const text = cells.read(field)
  if (typeof text !== 'string') return text
  const tags = [...new Set(text.normalize('NFKC').toLowerCase().split(/[、,;\s]+/).filter(tag => tag !== ''))]
  if (tags.every(tag => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(tag))) return tags.join(' ')
  cells.fault(field, 'tag_shape')
  return undefined
}
