import { PassThrough, type Readable } from 'node:stream'
import { ZipFile } from 'yazl'

/** A file of an archive: its text, or how to come by its bytes once it is its turn. */
export type Entry = { path: string, at: string } & ({ text: string } | { size: number, open: () => Promise<Readable> })

/**
 * A ZIP that is written while it is read: each file is opened when the one before it has gone out, so that one piece of one file is in memory,
 * and a reader who goes away stops the writing. Files are stored as they are, for pictures and PDFs do not get smaller.
 */
export function writeArchive (entries: readonly Entry[]): Readable {
  const zip = new ZipFile()
  const out = new PassThrough()
  let open: Readable | null = null
  for (const entry of entries) {
    const mtime = new Date(entry.at)
    if ('text' in entry) {
      zip.addBuffer(Buffer.from(entry.text), entry.path, { mtime })
      continue
    }
    zip.addReadStreamLazy(entry.path, { mtime, compress: false, size: entry.size }, done => {
      entry.open().then(source => {
        open = source
        source.once('error', error => out.destroy(error))
        if (out.destroyed) source.destroy()
        done(null, source)
      }, (error: Error) => { out.destroy(error) })
    })
  }
  zip.on('error', (error: Error) => { out.destroy(error) })
  zip.outputStream.pipe(out)
  out.once('close', () => { open?.destroy() })
  zip.end()
  return out
}
