import { stringify } from 'csv-stringify/sync'
import { Readable } from 'node:stream'
import type { FileFormat, PublicRecord } from '../../catalogue/lists/definition.ts'
import type { PublicSet } from '../../catalogue/register/service.ts'
import { harmless } from '../../domain/records/spreadsheet.ts'
import type { Translate } from '../../i18n/index.ts'
import type { Locale } from '../../paths.ts'
import { cellsOf, headOf, type Cell } from './cells.ts'
import { writeWorkbook } from './workbook.ts'

/** What a file says of itself; named in words at `export.<key>`. */
export type About = ReadonlyArray<readonly [key: string, value: string | number]>

/** What a file is written from. */
export interface Contents { set: PublicSet, locale: Locale, t: Translate, about: About, slices: AsyncIterable<PublicRecord[]> }

export interface Format { type: string, write: (contents: Contents) => Readable }

/** How each format that a list can be had in is written. */
export const FORMATS: Readonly<Record<FileFormat, Format>> = {
  csv: { type: 'text/csv; charset=utf-8; header=present', write: contents => Readable.from(csv(contents)) },
  xlsx: { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', write: workbook },
  json: { type: 'application/json; charset=utf-8', write: contents => Readable.from(json(contents)) }
}

/** Excel takes a file for UTF-8 only where this mark begins it. */
const BOM = '\uFEFF'

async function * csv ({ set, slices, locale, t }: Contents): AsyncGenerator<string> {
  yield BOM + lines([set.fields.map(field => headOf(field, t))])
  for await (const slice of slices) yield lines(slice.map(record => cellsOf(set.fields, record, locale, t)))
}

const lines = (rows: Cell[][]): string => stringify(rows.map(row => row.map(cell => typeof cell === 'string' ? harmless(cell) : cell)), { record_delimiter: 'windows', quoted_match: /^'/ })

/** Codes as they are, for programs; only what the set lists as public. */
async function * json ({ set, slices, about }: Contents): AsyncGenerator<string> {
  yield `{"about":${JSON.stringify(Object.fromEntries(about))},\n"records":[`
  let before = '\n'
  for await (const slice of slices) {
    yield before + slice.map(record => JSON.stringify(Object.fromEntries(set.fields.map(({ key }) => [key, record[key] ?? null])))).join(',\n')
    before = ',\n'
  }
  yield '\n]}\n'
}

function workbook ({ set, slices, locale, t, about }: Contents): Readable {
  async function * rows (): AsyncGenerator<Cell[][]> {
    yield [set.fields.map(field => headOf(field, t))]
    for await (const slice of slices) yield slice.map(record => cellsOf(set.fields, record, locale, t))
  }
  return writeWorkbook([
    { name: t('export.about'), widths: [24, 90], rows: [[[t('export.about'), ''], ...about.map(([key, value]) => [t(`export.${key}`), value])]] },
    { name: t('export.records'), widths: set.fields.map(field => field.type === 'text' || field.type === 'texts' ? 28 : 14), rows: rows(), active: true }
  ])
}
