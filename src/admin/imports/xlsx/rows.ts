import { addDays } from '../../../domain/time/calendar.ts'
import { ImportError } from '../faults.ts'
import type { RawRow } from '../schema.ts'
import { Archive } from './archive.ts'
import { readParts, unescape, type Parts } from './parts.ts'
import { tokens, type Attributes, type Token } from './xml.ts'

const MAX_COLUMNS = 500

/**
 * The rows of a workbook's first sheet with content, read as they are unpacked. Formulas, errors and numbers that a spreadsheet has
 * rounded are named, not read. Throws ImportError for a workbook that cannot be read.
 */
export async function * xlsxRows (file: string): AsyncGenerator<RawRow> {
  let archive: Archive | undefined
  try {
    archive = await Archive.open(file)
    const parts = await readParts(archive)
    for (const sheet of parts.sheets) {
      let filled = false
      for await (const row of sheetRows(archive, sheet, parts)) { filled = true; yield row }
      if (filled) return
    }
  } catch (error) {
    throw error instanceof ImportError ? error : new ImportError('xlsx_broken', { why: (error as Error).message.slice(0, 200) })
  } finally {
    archive?.close()
  }
}

async function * sheetRows (archive: Archive, sheet: string, parts: Parts): AsyncGenerator<RawRow> {
  const reader = new SheetReader(parts)
  for await (const found of tokens(archive.text(sheet))) {
    for (const token of found) {
      const row = reader.take(token)
      if (row !== null && (row.bad !== undefined || row.cells.some(cell => cell !== ''))) yield row
    }
  }
}

interface Cell { place: number, type: string, style: number, value: string, formula: boolean }

class SheetReader {
  readonly #parts: Parts
  #row: { row: number, cells: string[], bad: Map<number, string> } = { row: 0, cells: [], bad: new Map() }
  #cell: Cell | null = null
  #inValue = false
  #inPhonetic = false

  constructor (parts: Parts) { this.#parts = parts }

  /** Takes the next token; gives a row when it ends. */
  take (token: Token): RawRow | null {
    if (token.type === 'text') {
      if (this.#inValue && !this.#inPhonetic && this.#cell !== null) this.#cell.value += token.text
      return null
    }
    if (token.type === 'end') return this.#end(token.name)
    this.#start(token.name, token.attributes)
    return null
  }

  #start (name: string, { r: place, t: type = 'n', s: style = '-1' }: Attributes): void {
    if (name === 'row') this.#row = { row: Number(place ?? this.#row.row + 1), cells: [], bad: new Map() }
    if (name === 'c') this.#cell = { place: placeOf(place ?? '') ?? this.#row.cells.length, type, style: Number(style), value: '', formula: false }
    if (name === 'f' && this.#cell !== null) this.#cell.formula = true
    if (name === 'v' || name === 't') this.#inValue = true
    if (name === 'rPh') this.#inPhonetic = true
  }

  #end (name: string): RawRow | null {
    if (name === 'v' || name === 't') this.#inValue = false
    if (name === 'rPh') this.#inPhonetic = false
    if (name === 'c' && this.#cell !== null) { this.#put(this.#cell); this.#cell = null }
    if (name !== 'row') return null
    const { row, cells, bad } = this.#row
    return { row, cells: Array.from(cells, cell => cell ?? ''), ...(bad.size > 0 ? { bad } : {}) }
  }

  #put (cell: Cell): void {
    if (cell.place >= MAX_COLUMNS) { if (cell.value === '') return; throw new ImportError('xlsx_columns', { limit: MAX_COLUMNS }) }
    const [text, rule] = this.#plain(cell)
    this.#row.cells[cell.place] = text
    if (rule !== undefined) this.#row.bad.set(cell.place, rule)
  }

  #plain ({ type, value, style, formula }: Cell): [string, string?] {
    if (formula) return [value, 'formula']
    if (type === 's') return [this.#parts.strings[Number(value)] ?? '']
    if (type === 'inlineStr' || type === 'str') return [unescape(value)]
    if (type === 'b') return [value === '1' ? '是' : '否']
    if (type === 'e') return [value, 'error_cell']
    return type === 'd' ? [value.slice(0, 10)] : this.#number(value, style)
  }

  #number (value: string, style: number): [string, string?] {
    const number = Number(value)
    if (value === '' || Number.isNaN(number)) return [value]
    if (this.#parts.dates.has(style) && number > 0 && number < 2_958_466) return [dateOf(Math.floor(number), this.#parts.from1904)]
    return Math.abs(number) < 1e15 ? [String(number)] : [String(number), 'rounded_number'] // 15 digits are all a spreadsheet keeps
  }
}

/** Days since the last day of 1899 (its 29 February 1900 never was), or since 1904. */
function dateOf (serial: number, from1904: boolean): string {
  if (from1904) return addDays('1904-01-01', serial)
  return addDays('1899-12-30', serial < 60 ? serial + 1 : serial)
}

/** The column of a cell reference: A1 is 0, AB7 is 27. */
function placeOf (reference: string): number | null {
  const letters = /^[A-Z]{1,3}/.exec(reference)?.[0]
  if (letters === undefined) return null
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}
