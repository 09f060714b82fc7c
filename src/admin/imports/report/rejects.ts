import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import { harmless } from '../../../domain/records/spreadsheet.ts'
import { suspectPersonal } from '../../../domain/records/masking.ts'
import { translate } from '../../../i18n/index.ts'
import type { Locale } from '../../../paths.ts'
import type { Plan } from '../plan.ts'
import type { Fault } from '../schema.ts'
import { explain } from './words.ts'

/** Writes the rejected rows as they stood, with the row number and the reasons before them; a spreadsheet runs none of it. */
export async function writeRejects (file: string, plan: Plan, locale: Locale): Promise<void> {
  await mkdir(path.dirname(path.resolve(file)), { recursive: true })
  const rows = rejectRows(plan, locale)
  await (/\.xlsx$/i.test(file) ? writeWorkbook(file, rows, translate(locale, 'imports.rejects_sheet')) : writeCsv(file, rows))
}

function * rejectRows ({ header, rejected, faults }: Plan, locale: Locale): Generator<string[]> {
  const byRow = Map.groupBy(faults, fault => fault.row)
  const heads = ['imports.rejects_reasons', 'imports.rejects_row'].map(key => translate(locale, key))
  yield [...header.titles, ...heads].map(harmless)
  for (const { row, cells } of rejected) {
    const own = header.titles.map((_, place) => header.personal.has(place) ? '' : withoutIds(cells[place] ?? ''))
    yield [...own, reasons(byRow.get(row) ?? [], locale), String(row)].map(harmless)
  }
}

/** A number of an identity card that stands in the wrong column is not handed back either. */
const withoutIds = (cell: string): string => suspectPersonal(cell).has('resident_id') ? '' : cell

const reasons = (faults: Fault[], locale: Locale): string => faults.map(fault => (fault.column === '' ? '' : `【${fault.column}】`) + explain(locale, fault)).join('\n')

async function writeCsv (file: string, rows: Iterable<string[]>): Promise<void> {
  await pipeline(Readable.from(rows), stringify({ bom: true, record_delimiter: 'windows', quoted_match: /^'/ }), createWriteStream(file))
}

async function writeWorkbook (file: string, rows: Iterable<string[]>, title: string): Promise<void> {
  const { default: writeExcel } = await import('write-excel-file/node')
  await writeExcel([...rows], { sheet: title }).toFile(file)
}
