import { buffer } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { fromBuffer, type Entry, type ZipFile } from 'yauzl'
import { ZipFile as NewZip } from 'yazl'
import { FileRefused, UNPACKED } from '../limits.ts'
import { EMPTY_PROPERTIES, refuseStrangeParts } from './parts.ts'

/** The same moment in every copy: the same document made anew twice is the same file. */
const NO_TIME = new Date(Date.UTC(1980, 0, 1))
/** Parts with the list of all parts and their links are small in any real document. */
const SMALL = 2 * 1024 * 1024

/**
 * Checks a Word or Excel file part by part and packs it anew with empty properties (author, company, dates). Refused: what runs, what is
 * embedded or fetched from elsewhere, what is packed to burst, what has a password. Throws FileRefused.
 */
export async function inspectDocument (content: Buffer, kind: 'docx' | 'xlsx'): Promise<AsyncIterable<Uint8Array>> {
  const zip = await open(content)
  const entries = await listed(zip)
  limitSizes(entries, content.length)
  const text = async (name: string): Promise<string> => {
    const entry = entries.find(({ fileName }) => fileName === name)
    if (entry === undefined || entry.uncompressedSize > SMALL) throw new FileRefused('broken')
    return (await buffer(await zip.openReadStreamPromise(entry))).toString('utf8')
  }
  await refuseStrangeParts(kind, entries.map(entry => entry.fileName), text)
  return packAnew(zip, entries)
}

async function open (content: Buffer): Promise<ZipFile> {
  return await new Promise((resolve, reject) => {
    fromBuffer(content, { lazyEntries: true, validateEntrySizes: true, strictFileNames: true }, (error, zip) => {
      if (error !== null) reject(new FileRefused('broken'))
      else resolve(zip)
    })
  })
}

/** All entries; a name that leads outside the archive, or that comes twice, is none that an office program writes. */
async function listed (zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = []
  const names = new Set<string>()
  return await new Promise((resolve, reject) => {
    zip.on('error', () => { reject(new FileRefused('broken')) })
    zip.on('end', () => { resolve(entries) })
    zip.on('entry', (entry: Entry) => {
      const name = entry.fileName.toLowerCase()
      if (entry.isEncrypted()) return reject(new FileRefused('locked'))
      if (names.has(name)) return reject(new FileRefused('broken'))
      if (entries.length >= UNPACKED.entries) return reject(new FileRefused('packed_too_tightly'))
      names.add(name)
      if (!name.endsWith('/')) entries.push(entry)
      zip.readEntry()
    })
    zip.readEntry()
  })
}

/** By what the directory says; the reader stops where an entry turns out larger than it said. */
function limitSizes (entries: Entry[], packed: number): void {
  const unpacked = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0)
  if (unpacked > UNPACKED.bytes || (unpacked > UNPACKED.free && unpacked > UNPACKED.ratio * packed)) throw new FileRefused('packed_too_tightly')
}

/** Entry by entry, so that what is unpacked is never held whole. */
function packAnew (zip: ZipFile, entries: Entry[]): AsyncIterable<Uint8Array> {
  const anew = new NewZip()
  const output = anew.outputStream as Readable
  for (const entry of entries) {
    const empty = EMPTY_PROPERTIES[entry.fileName]
    if (empty !== undefined) anew.addBuffer(Buffer.from(empty), entry.fileName, { mtime: NO_TIME })
    else {
      anew.addReadStreamLazy(entry.fileName, { mtime: NO_TIME }, done => {
        zip.openReadStream(entry, (error, stream) => {
          stream?.on('error', broken => { output.destroy(broken) })
          done(error, stream)
        })
      })
    }
  }
  anew.on('error', error => { output.destroy(error) })
  anew.end()
  return output
}
