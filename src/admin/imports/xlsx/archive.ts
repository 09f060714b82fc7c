import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { createInflateRaw } from 'node:zlib'
import { ImportError } from '../faults.ts'

const MAX_UNPACKED = 100 * 1024 * 1024
const MAX_RATIO = 100
const [END, ENTRY, LOCAL] = [0x06054B50, 0x02014B50, 0x04034B50]
const [STORED, DEFLATED] = [0, 8]

interface Entry { name: string, method: number, packed: number, size: number, offset: number }

/** A ZIP file (APPNOTE 4.3) whose list of contents was looked at before anything is unpacked: size, ratio, no macros, no links (security.md I-1). */
export class Archive {
  readonly #bytes: Buffer
  readonly #entries: Map<string, Entry>

  constructor (file: string) {
    this.#bytes = readFileSync(file)
    const entries = listEntries(this.#bytes)
    checkEntries(entries)
    this.#entries = new Map(entries.map(entry => [entry.name, entry]))
  }

  has (name: string): boolean { return this.#entries.has(name) }

  /** The text of one part in pieces; ends with an ImportError when it unpacks to more than it said. */
  async * text (name: string): AsyncGenerator<string> {
    const entry = this.#entries.get(name)
    if (entry === undefined) throw broken(name)
    const decoder = new TextDecoder('utf-8', { fatal: true })
    let size = 0
    for await (const chunk of this.#unpack(entry)) {
      size += chunk.length
      if (size > entry.size) throw broken(name)
      yield decoder.decode(chunk, { stream: true })
    }
    yield decoder.decode()
  }

  #unpack ({ name, offset, packed, method }: Entry): AsyncIterable<Buffer> {
    const bytes = this.#bytes
    if (offset + 30 > bytes.length || bytes.readUInt32LE(offset) !== LOCAL || (method !== STORED && method !== DEFLATED)) throw broken(name)
    const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28)
    const part = Readable.from([bytes.subarray(start, start + packed)])
    if (method === STORED) return part
    const inflate = createInflateRaw()
    part.on('error', error => { inflate.destroy(error) })
    return part.pipe(inflate)
  }
}

const broken = (why: string): ImportError => new ImportError('xlsx_broken', { why })

function checkEntries (entries: Entry[]): void {
  const unpacked = entries.reduce((sum, entry) => sum + entry.size, 0)
  if (unpacked > MAX_UNPACKED) throw new ImportError('xlsx_too_big', { megabytes: Math.ceil(unpacked / 1048576), limit: MAX_UNPACKED / 1048576 })
  if (entries.some(entry => entry.size > 1_000_000 && entry.size > entry.packed * MAX_RATIO)) throw new ImportError('xlsx_ratio', { limit: MAX_RATIO })
  if (entries.some(entry => /vbaProject/i.test(entry.name))) throw new ImportError('xlsx_macro')
  if (entries.some(entry => /^xl\/externalLinks\//i.test(entry.name))) throw new ImportError('xlsx_links')
  if (!entries.some(entry => entry.name === 'xl/workbook.xml')) throw broken('xl/workbook.xml')
}

/** The central directory; ZIP64 would be larger than what we read. */
function listEntries (bytes: Buffer): Entry[] {
  const end = findEnd(bytes)
  const entries: Entry[] = []
  let at = bytes.readUInt32LE(end + 16)
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== ENTRY) throw broken('ZIP')
    const [name, extra, comment] = [bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32)]
    if ((bytes.readUInt16LE(at + 8) & 1) === 1) throw broken('ZIP: password')
    entries.push({ name: bytes.toString('utf8', at + 46, at + 46 + name), method: bytes.readUInt16LE(at + 10), packed: bytes.readUInt32LE(at + 20), size: bytes.readUInt32LE(at + 24), offset: bytes.readUInt32LE(at + 42) })
    at += 46 + name + extra + comment
  }
  return entries
}

function findEnd (bytes: Buffer): number {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 65557); at--) if (bytes.readUInt32LE(at) === END) return at
  throw broken('ZIP')
}
