import { ImportError } from '../faults.ts'
import type { Archive } from './archive.ts'
import { tokens, type Attributes, type Token } from './xml.ts'

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
  await eachToken(archive, 'xl/_rels/workbook.xml.rels', token => {
    if (token.type !== 'start' || token.name !== 'Relationship') return
    const { Id: id = '', Target: target = '' } = token.attributes
    targets.set(id, target.startsWith('/') ? target.slice(1) : `xl/${target}`)
  })
  const sheets: string[] = []
  let from1904 = false
  await eachToken(archive, 'xl/workbook.xml', token => {
    if (token.type !== 'start') return
    if (token.name === 'workbookPr') from1904 = /^(1|true)$/.test(token.attributes['date1904'] ?? '')
    const target = token.name === 'sheet' ? targets.get(relationOf(token.attributes)) : undefined
    if (target !== undefined && archive.has(target)) sheets.push(target)
  })
  return { sheets, from1904 }
}

async function eachToken (archive: Archive, part: string, take: (token: Token) => void): Promise<void> {
  for await (const found of tokens(archive.text(part))) found.forEach(take)
}

/** The value of `r:id`, whatever the file calls that prefix. */
function relationOf (attributes: Attributes): string {
  return Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1] ?? ''
}

/** Texts that cells share; the reading aid of Japanese and Chinese names (rPh) is not part of them. */
async function readStrings (archive: Archive): Promise<string[]> {
  const strings: string[] = []
  if (!archive.has('xl/sharedStrings.xml')) return strings
  let [text, inText, inPhonetic] = ['', false, false]
  await eachToken(archive, 'xl/sharedStrings.xml', token => {
    if (token.type === 'text') { if (inText && !inPhonetic) text += token.text; return }
    const open = token.type === 'start'
    if (token.name === 't') inText = open
    if (token.name === 'rPh') inPhonetic = open
    if (token.name !== 'si') return
    if (!open) { strings.push(unescape(text)); text = '' }
    if (strings.length > MAX_STRINGS) throw new ImportError('xlsx_broken', { why: 'sharedStrings' })
  })
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
  await eachToken(archive, 'xl/styles.xml', token => {
    if (token.type === 'text') return
    if (token.name === 'cellXfs') inCells = token.type === 'start'
    if (token.type !== 'start') return
    const { formatCode = '', numFmtId } = token.attributes
    if (token.name === 'numFmt' && showsDate(formatCode)) formats.add(Number(numFmtId))
    if (token.name === 'xf' && inCells) { if (formats.has(Number(numFmtId))) dates.add(style); style++ }
  })
  return dates
}

function showsDate (format: string): boolean {
  return /[yd年日]/i.test(format.replace(/"[^"]*"|\[[^\]]*\]|\\./g, part => /[年月日]/.test(part) ? part : ''))
}

function range (first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
}
