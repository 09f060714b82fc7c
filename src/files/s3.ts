import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { piecesOf, S3Refusal, send, type S3Place } from './s3-client.ts'
import { ours, roomOf, shelfError, type Listed, type Shelf } from './shelf.ts'

/** What waits to be sent: sealed bytes in a file without a name. */
interface Parcel { file: FileHandle, size: number, sha256: string }

/**
 * A shelf in an S3-compatible store. A file is gathered in `spool`, sealed as it is, and sent as one request, so that it is there whole or not at all, whatever
 * breaks off on the way; only what the store acknowledged counts. The spool's disk tells how much room there is, as buckets do not.
 */
export function openBucket (place: S3Place, spool: string): Shelf {
  return {
    async write (id, source) {
      const parcel = await gather(spool, source)
      try {
        await ours(deliver(place, id, parcel))
      } finally {
        await parcel.file.close()
      }
    },
    async read (id) { return telling(piecesOf(await ours(send(place, { method: 'GET', key: id })), place.patience)) },
    has: async id => await ours(isThere(place, id)),
    async remove (id) { (await ours(send(place, { method: 'DELETE', key: id }))).resume() },
    list: () => listBucket(place),
    tidy: async () => 0, // nothing can be half there
    room: async () => await ours(roomOf(spool))
  }
}

/** The file has lost its name before the first byte is in it: it goes with the process, however that ends. */
async function gather (spool: string, source: AsyncIterable<Buffer>): Promise<Parcel> {
  await ours(mkdir(spool, { recursive: true, mode: 0o700 }))
  const name = path.join(spool, randomUUID())
  const file = await ours(open(name, 'wx+', 0o600))
  const hash = createHash('sha256')
  let size = 0
  try {
    await ours(rm(name))
    for await (const piece of source) {
      await ours(file.writeFile(piece))
      hash.update(piece)
      size += piece.length
    }
    return { file, size, sha256: hash.digest('hex') }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function deliver (place: S3Place, id: string, { file, size, sha256 }: Parcel): Promise<void> {
  try {
    const answer = await send(place, { method: 'PUT', key: id, body: { open: () => file.createReadStream({ start: 0, autoClose: false }), size, sha256 } })
    answer.resume()
  } catch (error) {
    // It may have been kept although we never heard so; what cannot be taken back now is swept later.
    send(place, { method: 'DELETE', key: id }).then(answer => answer.resume(), () => undefined)
    throw error
  }
}

async function isThere (place: S3Place, id: string): Promise<boolean> {
  try {
    (await send(place, { method: 'HEAD', key: id })).resume()
    return true
  } catch (error) {
    if (error instanceof S3Refusal && error.status === 404) return false
    throw error
  }
}

async function * telling (pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield * pieces
  } catch (error) {
    throw shelfError(error)
  }
}

async function * listBucket (place: S3Place): AsyncGenerator<Listed> {
  let token: string | undefined
  do {
    const answer = await ours(send(place, { method: 'GET', query: { 'list-type': '2', prefix: place.prefix, ...token === undefined ? {} : { 'continuation-token': token } } }))
    const page = await ours(text(piecesOf(answer, place.patience)))
    for (const [, entry = ''] of page.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
      const key = valueOf(entry, 'Key') ?? ''
      if (key.startsWith(place.prefix)) yield { id: key.slice(place.prefix.length), at: new Date(valueOf(entry, 'LastModified') ?? '').toISOString() }
    }
    token = valueOf(page, 'NextContinuationToken')
  } while (token !== undefined)
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function valueOf (xml: string, element: string): string | undefined {
  const found = new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1]
  return found?.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '')
}
