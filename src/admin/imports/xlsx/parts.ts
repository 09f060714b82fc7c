import { ImportError } from '../faults.ts'
import type { Archive } from './archive.ts'
import { attribute, tokens } from './xml.ts'

/** What the cells of a workbook refer to. */
export interface Parts { sheets: string[], strings: string[], dates: ReadonlySet<number>, from1904: boolean }

// Number formats that show a date (ECMA-376 18.8.30, the Chinese ones included); others by their letters.
const DATE_FORMATS = new Set([14, 15, 16, 17, 22, ...range(27, 36), ...range(50, 58)])
const MAX_STRINGS = 2_000_000

export async function readParts (archive: Archive): Promise<Parts> {
  const { sheets, from1904 } = await readWorkbook(archive)
  return { sheets, from1904, strings: await readStrings(archive), dates: await readDateStyles(archive) }
}

async function readWorkbook (archive: Archive): Promise<Pick<Parts, 'sheets' | 'from1904'>> {
  const targets = new Map<string, string>()
  for await (const token of tokens(archive.text('xl/_rels/workbook.xml.rels'))) {
    if (token.type !== 'start' || token.name !== 'Relationship') continue
    const target = attribute(token.attributes, 'Target') ?? ''
    targets.set(attribute(token.attributes, 'Id') ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target}`)
  }
  const sheets: string[] = []
  let from1904 = false
  for await (const token of tokens(archive.text('xl/workbook.xml'))) {
    if (token.type !== 'start') continue
    if (token.name === 'workbookPr') from1904 = /^(1|true)$/.test(attribute(token.attributes, 'date1904') ?? '')
    const target = token.name === 'sheet' ? targets.get(attribute(token.attributes, 'id') ?? '') : undefined
    if (target !== undefined && archive.has(target)) sheets.push(target)
  }
  return { sheets, from1904 }
}

/** Texts that cells share; the reading aid of Japanese and Chinese names (rPh) is not part of them. */
async function readStrings (archive: Archive): Promise<string[]> {
  const strings: string[] = []
  if (!archive.has('xl/sharedStrings.xml')) return strings
  let [text, inText, inPhonetic] = ['', false, false]
  for await (const token of tokens(archive.text('xl/sharedStrings.xml'))) {
    if (token.type === 'text') { if (inText && !inPhonetic) text += token.text; continue }
    const open = token.type === 'start' && !token.closed
    if (token.name === 't') inText = open
    if (token.name === 'rPh') inPhonetic = open
    if (token.name !== 'si') continue
    if (!open) { strings.push(unescape(text)); text = '' }
    if (strings.length > MAX_STRINGS) throw new ImportError('xlsx_broken', { why: 'sharedStrings' })
  }
  return strings
}

/** _x000D_ stands for a control character. */
export function unescape (text: string): string {
  return text.includes('_x') ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))) : text
}

/** The cell styles whose number is a date. */
async function readDateStyles (archive: Archive): Promise<Set<number>> {
  const dates = new Set<number>()
  if (!archive.has('xl/styles.xml')) return dates
  const formats = new Set(DATE_FORMATS)
  let [inCells, style] = [false, 0]
  for await (const token of tokens(archive.text('xl/styles.xml'))) {
    if (token.type === 'text') continue
    if (token.name === 'cellXfs') inCells = token.type === 'start'
    if (token.type !== 'start') continue
    if (token.name === 'numFmt' && showsDate(attribute(token.attributes, 'formatCode') ?? '')) formats.add(Number(attribute(token.attributes, 'numFmtId')))
    if (token.name === 'xf' && inCells) { if (formats.has(Number(attribute(token.attributes, 'numFmtId')))) dates.add(style); style++ }
  }
  return dates
}

function showsDate (format: string): boolean {
  return /[yd年日]/i.test(format.replace(/"[^"]*"|\[[^\]]*\]|\\./g, part => /[年月日]/.test(part) ? part : ''))
}

function range (first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
}
