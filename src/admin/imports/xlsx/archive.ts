import { openPromise, type Entry, type ZipFile } from 'yauzl'
import { ImportError } from '../faults.ts'

const MAX_UNPACKED = 100 * 1024 * 1024
const MAX_RATIO = 100

/** A ZIP file whose list of contents was looked at before anything is unpacked: size, ratio, no macros, no links (security.md I-1). */
export class Archive {
  readonly #zip: ZipFile
  readonly #entries: Map<string, Entry>

  private constructor (zip: ZipFile, entries: Entry[]) {
    this.#zip = zip
    this.#entries = new Map(entries.map(entry => [entry.fileName, entry]))
  }

  /** Opens the file; it stays open until `close`. */
  static async open (file: string): Promise<Archive> {
    const zip = await openPromise(file, { autoClose: false })
    try {
      const entries: Entry[] = []
      for await (const entry of zip.eachEntry()) entries.push(entry)
      checkEntries(entries)
      return new Archive(zip, entries)
    } catch (error) {
      zip.close()
      throw error
    }
  }

  has (name: string): boolean { return this.#entries.has(name) }

  close (): void { this.#zip.close() }

  /** The text of one part in pieces; yauzl ends it with an error when it unpacks to another size than the list said. */
  async * text (name: string): AsyncGenerator<string> {
    const entry = this.#entries.get(name)
    if (entry === undefined) throw broken(name)
    const decoder = new TextDecoder('utf-8', { fatal: true })
    for await (const chunk of await this.#zip.openReadStreamPromise(entry)) yield decoder.decode(chunk as Buffer, { stream: true })
    yield decoder.decode()
  }
}

const broken = (why: string): ImportError => new ImportError('xlsx_broken', { why })

function checkEntries (entries: Entry[]): void {
  const unpacked = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0)
  if (unpacked > MAX_UNPACKED) throw new ImportError('xlsx_too_big', { megabytes: Math.ceil(unpacked / 1048576), limit: MAX_UNPACKED / 1048576 })
  if (entries.some(entry => entry.uncompressedSize > 1_000_000 && entry.uncompressedSize > entry.compressedSize * MAX_RATIO)) throw new ImportError('xlsx_ratio', { limit: MAX_RATIO })
  if (entries.some(entry => entry.isEncrypted())) throw broken('ZIP: password')
  if (entries.some(entry => /vbaProject/i.test(entry.fileName))) throw new ImportError('xlsx_macro')
  if (entries.some(entry => /^xl\/externalLinks\//i.test(entry.fileName))) throw new ImportError('xlsx_links')
  if (!entries.some(entry => entry.fileName === 'xl/workbook.xml')) throw broken('xl/workbook.xml')
}
