import { suspectPersonal } from '../../../domain/records/masking.ts'
import type { Header } from '../columns.ts'
import { shorten } from '../faults.ts'
import type { Columns, Fault, RawRow } from '../schema.ts'

/** Empties a field: a blank cell alone changes nothing. */
const CLEAR = '[清空]'

const MAX = 5000
// NUL and other C0 controls except tab and line breaks, DEL, C1, bidi controls, lone surrogates (security.md V-2).
const CONTROLS = /[^\P{Cc}\t\n]|[\u202A-\u202E\u2066-\u2069]|\p{Cs}/u
// What a spreadsheet would run: = or @ first, or a sign before anything but a number or a telephone number (V-10).
const FORMULA = /^[=@]|^[+-](?![\d\s().-]*$)/

/** The cells of one row by field, cleaned; what breaks a rule is noted. */
export class Cells {
  readonly row: number
  readonly faults: Fault[] = []
  readonly #raw: RawRow
  readonly #header: Header
  readonly #columns: Columns

  constructor (raw: RawRow, header: Header, columns: Columns) {
    this.row = raw.row
    this.#raw = raw
    this.#header = header
    this.#columns = columns
    const given = raw.even === true ? raw.cells.length : lastFilled(raw.cells)
    if (given > header.titles.length || (raw.even === true && given < header.titles.length)) this.fault('', 'ragged', { given, expected: header.titles.length })
  }

  /** The text of a field; undefined when there is no column or the cell is blank, null when it says [清空]. */
  read (field: string): string | null | undefined {
    const place = this.#header.places.get(field)
    if (place === undefined) return undefined
    const rule = this.#raw.bad?.get(place)
    if (rule !== undefined) { this.fault(field, rule); return undefined }
    const raw = this.#raw.cells[place] ?? ''
    const column = this.#columns[field]
    if (column?.text === true) return raw
    const text = raw.replace(/\r\n?/g, '\n').trim().normalize('NFC')
    if (text === '') return undefined
    if (text === CLEAR || text === '【清空】') return null
    const broken = brokenRule(text, column?.max ?? MAX)
    if (broken === undefined) return text
    this.fault(field, broken, { limit: column?.max ?? MAX, length: text.length })
    return undefined
  }

  /** A field that a new record must have; noted as a fault when it is blank or cleared. */
  need (field: string): string | undefined {
    const before = this.faults.length
    const text = this.read(field)
    if (typeof text === 'string') return text
    if (this.faults.length === before) this.fault(field, 'required')
    return undefined
  }

  fault (field: string, rule: string, values?: Record<string, string | number>, value?: string): void {
    const place = this.#header.places.get(field)
    const cell = value ?? (place === undefined ? '' : this.#raw.cells[place] ?? '')
    const column = this.#columns[field]
    const shown = column?.personal === true || column?.hush === true || suspectPersonal(cell).has('resident_id') ? '' : shorten(cell)
    this.faults.push({ row: this.row, column: this.title(field), value: shown, rule, ...(values === undefined ? {} : { values }) })
  }

  /** The column's name as the file writes it. */
  title (field: string): string {
    const place = this.#header.places.get(field)
    return (place === undefined ? undefined : this.#header.titles[place]) ?? this.#columns[field]?.names[0] ?? field
  }
}

function brokenRule (text: string, max: number): string | undefined {
  if (text.includes('\0')) return 'nul'
  if (CONTROLS.test(text)) return 'control_characters'
  if (FORMULA.test(text)) return 'formula'
  if (text.length > max && Array.from(text).length > max) return 'too_long'
  if (text.includes('\uFFFD')) return 'replacement_character'
  return undefined
}

function lastFilled (cells: string[]): number {
  let last = cells.length
  while (last > 0 && cells[last - 1] === '') last--
  return last
}
