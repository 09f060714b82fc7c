import type { PdfObject } from '@libpdf/core'
import { FileRefused } from '../limits.ts'

/** Names of what could run, start a program, or carry another file along. */
const ACTIVE = new Set(['JavaScript', 'JS', 'Launch', 'EmbeddedFile', 'EmbeddedFiles', 'RichMedia', 'XFA', 'ImportData', 'SubmitForm'])
/** More objects than papers have; a file that has more is marked without looking further. */
const MOST = 200_000

/**
 * Opens a PDF as a reader would. Many banks lock theirs against changing only: those open without a password and pass. True when the
 * file holds something that could run. Throws FileRefused.
 */
export async function inspectPdf (content: Buffer): Promise<boolean> {
  if (content.toString('latin1', 0, 5) !== '%PDF-') throw new FileRefused('disguised')
  const { PDF, PdfRef } = await import('@libpdf/core')
  const pdf = await PDF.load(content).catch(() => { throw new FileRefused('broken') })
  if (pdf.isEncrypted && !pdf.isAuthenticated) throw new FileRefused('locked')
  const end = content.toString('latin1', Math.max(0, content.length - 2048))
  if (pdf.recoveredViaBruteForce && !end.includes('%%EOF')) throw new FileRefused('broken') // cut off: what is left can be read, the rest is missing
  if (pdf.getPageCount() === 0) throw new FileRefused('broken')
  const last = pdf.context.registry.nextObjectNumber
  if (last > MOST) return true
  for (let no = 1; no < last; no++) {
    if (isActive(pdf.getObject(PdfRef.of(no)), 0)) return true
    if (no % 10_000 === 0) PdfRef.clearCache()
  }
  return false
}

/** Looks through one object; what it refers to has its own turn. */
function isActive (object: PdfObject | null | undefined, depth: number): boolean {
  if (object === null || object === undefined || depth > 50) return false
  if (object.type === 'name') return ACTIVE.has(object.value)
  if (object.type === 'array') return Array.from({ length: object.length }, (_, at) => object.at(at)).some(item => isActive(item, depth + 1))
  if (object.type !== 'dict' && object.type !== 'stream') return false
  for (const [key, value] of object) if (ACTIVE.has(key.value) || isActive(value, depth + 1)) return true
  return false
}
