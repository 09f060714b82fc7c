import { PassThrough, Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { printable } from '../../domain/records/spreadsheet.ts'
import type { Cell } from './cells.ts'

/** One sheet: a name, widths of its columns in characters, rows as they come; the first is the head. The active one is what a reader sees first. */
export interface Sheet { name: string, widths: number[], rows: AsyncIterable<Cell[][]> | Iterable<Cell[][]>, active?: boolean }

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
/** Always the same, so that the same records make the same file. */
const STAMP = new Date('2020-01-01T00:00:00.000Z')

const escape = (text: string): string => printable(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** A workbook written row by row: no row is held longer than it takes to write it, and a reader who goes away stops the writing. */
export function writeWorkbook (sheets: readonly Sheet[]): Readable {
  const zip = new ZipFile()
  const out = new PassThrough()
  const sources: Readable[] = []
  for (const [name, text] of Object.entries(partsOf(sheets))) zip.addBuffer(Buffer.from(XML + text), name, { mtime: STAMP })
  for (const [at, sheet] of sheets.entries()) {
    zip.addReadStreamLazy(`xl/worksheets/sheet${at + 1}.xml`, { mtime: STAMP }, done => {
      const source = Readable.from(sheetXml(sheet))
      sources.push(source)
      source.once('error', error => out.destroy(error))
      done(null, source)
    })
  }
  zip.outputStream.pipe(out)
  out.once('close', () => { for (const source of sources) source.destroy() })
  zip.end()
  return out
}

async function * sheetXml ({ widths, rows, active = false }: Sheet): AsyncGenerator<string> {
  const columns = widths.map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`).join('')
  yield `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView${active ? ' tabSelected="1"' : ''} workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${columns}</cols><sheetData>`
  let row = 0
  for await (const slice of rows) {
    let xml = ''
    for (const cells of slice) xml += rowXml(cells, ++row)
    yield xml
  }
  yield '</sheetData></worksheet>'
}

/** Texts stand in the cell itself, as text: nothing in them is ever a formula. */
function rowXml (cells: Cell[], row: number): string {
  const style = row === 1 ? ' s="1"' : ''
  const xml = cells.map(cell => cell === ''
    ? '<c/>'
    : typeof cell === 'number' ? `<c${style}><v>${cell}</v></c>` : `<c${style} t="inlineStr"><is><t xml:space="preserve">${escape(cell)}</t></is></c>`)
  return `<row r="${row}">${xml.join('')}</row>`
}

function partsOf (sheets: readonly Sheet[]): Record<string, string> {
  const numbered = sheets.map((sheet, at) => ({ no: at + 1, name: escape(sheet.name).slice(0, 31) }))
  return {
    '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>${numbered.map(({ no }) => `<Override PartName="/xl/worksheets/sheet${no}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`).join('')}</Types>`,
    '_rels/.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><bookViews><workbookView activeTab="${Math.max(0, sheets.findIndex(sheet => sheet.active))}"/></bookViews><sheets>${numbered.map(({ no, name }) => `<sheet name="${name}" sheetId="${no}" r:id="rId${no}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${PACKAGE}/relationships">${numbered.map(({ no }) => `<Relationship Id="rId${no}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${no}.xml"/>`).join('')}<Relationship Id="rId${sheets.length + 1}" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs></styleSheet>`
  }
}
