import { readFileSync } from 'node:fs'
import { ImportError } from '../faults.ts'

const MAX_UNPACKED = 100 * 1024 * 1024
const MAX_RATIO = 100
const [END, ENTRY] = [0x06054B50, 0x02014B50]

/** Looks into a workbook's list of contents before anything is unpacked: size, ratio, no macros, no links to other files (security.md I-1). */
export function checkArchive (file: string): void {
  const bytes = readFileSync(file)
  const entries = listEntries(bytes)
  const unpacked = entries.reduce((sum, entry) => sum + entry.size, 0)
  if (unpacked > MAX_UNPACKED) throw new ImportError('xlsx_too_big', { megabytes: Math.ceil(unpacked / 1048576), limit: MAX_UNPACKED / 1048576 })
  if (entries.some(entry => entry.size > 1_000_000 && entry.size > entry.packed * MAX_RATIO)) throw new ImportError('xlsx_ratio', { limit: MAX_RATIO })
  if (entries.some(entry => /vbaProject/i.test(entry.name))) throw new ImportError('xlsx_macro')
  if (entries.some(entry => /^xl\/externalLinks\//i.test(entry.name))) throw new ImportError('xlsx_links')
  if (!entries.some(entry => entry.name === 'xl/workbook.xml')) throw new ImportError('xlsx_broken', { why: 'xl/workbook.xml' })
}

interface Entry { name: string, packed: number, size: number }

/** The central directory of a ZIP file (APPNOTE 4.3.12); ZIP64 is larger than we read. */
function listEntries (bytes: Buffer): Entry[] {
  const end = findEnd(bytes)
  const count = bytes.readUInt16LE(end + 10)
  const entries: Entry[] = []
  let at = bytes.readUInt32LE(end + 16)
  for (let number = 0; number < count; number++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== ENTRY) throw new ImportError('xlsx_broken', { why: 'ZIP' })
    const [name, extra, comment] = [bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32)]
    entries.push({ name: bytes.toString('utf8', at + 46, at + 46 + name), packed: bytes.readUInt32LE(at + 20), size: bytes.readUInt32LE(at + 24) })
    at += 46 + name + extra + comment
  }
  return entries
}

function findEnd (bytes: Buffer): number {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 65557); at--) if (bytes.readUInt32LE(at) === END) return at
  throw new ImportError('xlsx_broken', { why: 'ZIP' })
}
