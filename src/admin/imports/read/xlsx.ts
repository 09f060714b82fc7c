import type { CellValue, Row } from 'exceljs'
import { ImportError } from '../faults.ts'
import type { RawRow } from '../schema.ts'
import { checkArchive } from './archive.ts'

interface Sheet extends AsyncIterable<Row> { id: number | string }

/** The rows of a workbook's first sheet that has any. Formulas, errors and numbers that a spreadsheet has rounded are named, not read. */
export async function * xlsxRows (file: string): AsyncGenerator<RawRow> {
  checkArchive(file)
  const { default: excel } = await import('exceljs') // 40 MB of code that a CSV does not need
  const options = { sharedStrings: 'cache', worksheets: 'emit', styles: 'cache', hyperlinks: 'ignore', entries: 'ignore' } as const
  try {
    for await (const sheet of new excel.stream.xlsx.WorkbookReader(file, options) as unknown as AsyncIterable<Sheet>) {
      let filled = 0
      for await (const row of sheet) {
        const raw = rawRow(row)
        if (raw.cells.every(cell => cell === '') && raw.bad === undefined) continue
        filled++
        yield raw
      }
      if (filled > 0) return
    }
  } catch (error) {
    throw error instanceof ImportError ? error : new ImportError('xlsx_broken', { why: (error as Error).message.slice(0, 200) })
  }
}

function rawRow (row: Row): RawRow {
  const bad = new Map<number, string>()
  const values = Array.isArray(row.values) ? row.values.slice(1) : []
  const cells = Array.from(values, (value, place) => {
    const { text, rule } = plainValue(value)
    if (rule !== undefined) bad.set(place, rule)
    return text
  })
  return { row: row.number, cells, ...(bad.size > 0 ? { bad } : {}) }
}

function plainValue (value: CellValue): { text: string, rule?: string } {
  if (value === null || value === undefined) return { text: '' }
  if (typeof value === 'string') return { text: value }
  if (typeof value === 'boolean') return { text: value ? '是' : '否' }
  if (typeof value === 'number') return Number.isSafeInteger(value) || Math.abs(value) < 1e15 ? { text: String(value) } : { text: String(value), rule: 'rounded_number' }
  if (value instanceof Date) return { text: Number.isNaN(value.getTime()) ? '' : value.toISOString().slice(0, 10) }
  return objectValue(value)
}

function objectValue (value: object): { text: string, rule?: string } {
  if ('formula' in value || 'sharedFormula' in value) return { text: `=${String((value as { formula?: string }).formula ?? '')}`, rule: 'formula' }
  if ('error' in value) return { text: String(value.error), rule: 'error_cell' }
  if ('richText' in value) return { text: (value.richText as Array<{ text: string }>).map(part => part.text).join('') }
  if ('text' in value) return typeof value.text === 'string' ? { text: value.text } : plainValue(value.text as CellValue)
  return { text: '', rule: 'error_cell' }
}
