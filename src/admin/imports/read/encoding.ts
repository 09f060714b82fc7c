import { createHash } from 'node:crypto'
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { isUtf8 } from 'node:buffer'
import { ImportError } from '../faults.ts'

/** security.md I-1 */
export const MAX_BYTES = 50 * 1024 * 1024

export interface FileFacts { sha256: string, encoding: 'utf-8' | 'utf-16le' | 'gb18030', bom: boolean, start: Buffer }

/** Reads a file once: its hash, and which encoding its bytes are. What is not UTF-8 throughout is taken as GB18030, the habit of Chinese spreadsheets. */
export async function inspectFile (file: string): Promise<FileFacts> {
  const { size } = statSync(file)
  if (size === 0) throw new ImportError('empty')
  if (size > MAX_BYTES) throw new ImportError('too_big', { megabytes: Math.ceil(size / 1048576), limit: MAX_BYTES / 1048576 })
  const hash = createHash('sha256')
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let [utf8, start] = [true, Buffer.alloc(0)]
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    if (start.length < 65536) start = Buffer.concat([start, chunk])
    hash.update(chunk)
    try { if (utf8) decoder.decode(chunk, { stream: true }) } catch { utf8 = false }
  }
  try { if (utf8) decoder.decode() } catch { utf8 = false }
  const bom = start.subarray(0, 3).equals(Buffer.from([0xEF, 0xBB, 0xBF]))
  const utf16 = start.subarray(0, 2).equals(Buffer.from([0xFF, 0xFE]))
  if (bom && !utf8) throw new ImportError('encoding', { line: brokenLine(file) })
  return { sha256: hash.digest('hex'), encoding: utf16 ? 'utf-16le' : utf8 ? 'utf-8' : 'gb18030', bom, start }
}

/** The first line that is not UTF-8. */
export function brokenLine (file: string): number {
  const bytes = readFileSync(file)
  for (let [line, from] = [1, 0]; from < bytes.length; line++) {
    const end = bytes.indexOf(0x0A, from)
    if (!isUtf8(bytes.subarray(from, end < 0 ? bytes.length : end))) return line
    if (end < 0) break
    from = end + 1
  }
  return 0
}
