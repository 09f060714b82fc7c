import { createHash, randomBytes } from 'node:crypto'
import { openBytes, SealBroken, sealBytes } from './seal.ts'

/** What seals one piece: `bound` must be the same to open it. `mark` stands in the file, `overhead` is what sealing adds to a piece, in bytes. */
export interface ChunkSuite {
  mark: string
  overhead: number
  sealChunk: (key: Buffer, plain: Buffer, bound: string) => Buffer
  openChunk: (key: Buffer, sealed: Buffer, bound: string) => Buffer
}

/** AES-256-GCM, 96-bit nonce, 128-bit tag. */
export const AES_CHUNKS: ChunkSuite = { mark: 'a1', overhead: 28, sealChunk: sealBytes, openChunk: openBytes }

/** Suites by their mark: a file says itself what opens it. */
const SUITES: Readonly<Record<string, ChunkSuite>> = { [AES_CHUNKS.mark]: AES_CHUNKS }

/** Size in bytes and SHA-256 (hex) of what went through in the clear. */
export interface Measured { size: number, sha256: string }

const VERSION = 'SLF1'
const MARK = 2
const SALT = 16
const HEADER = VERSION.length + MARK + SALT
const CHUNK = 65_536
const COUNT = 4 // in front of each piece: how much of it is content, the rest being padding

/**
 * Seals a stream piece by piece under `id`: header, then 64 KB pieces, each bound to file, number and whether it is the last, so that cutting, swapping and
 * mixing show. `measured` is told what went through once all has. Never holds more than a piece.
 */
export async function * sealStream (key: Buffer, source: AsyncIterable<Uint8Array>, { id, suite = AES_CHUNKS, measured }: Sealing): AsyncGenerator<Buffer> {
  const salt = randomBytes(SALT)
  yield Buffer.concat([Buffer.from(VERSION + suite.mark), salt])
  const hash = createHash('sha256')
  const bound = boundOf(suite, salt, id)
  let size = 0
  let no = 0
  for await (const { block, last } of blocksOf(source, CHUNK)) {
    hash.update(block)
    size += block.length
    const missing = last ? paddedSize(size) - size : 0
    const here = Math.min(missing, CHUNK - block.length)
    yield suite.sealChunk(key, frame(block, here), bound(no++, last && here === missing))
    for (let rest = missing - here; rest > 0; rest -= CHUNK) yield suite.sealChunk(key, frame(Buffer.alloc(0), Math.min(rest, CHUNK)), bound(no++, rest <= CHUNK))
  }
  measured({ size, sha256: hash.digest('hex') })
}

export interface Sealing { id: string, suite?: ChunkSuite, measured: (found: Measured) => void }

/** What sealStream sealed, in the clear, each piece only after it was verified. Throws SealBroken: wrong key, wrong file, altered, cut or put together anew. */
export async function * openStream (key: Buffer, source: AsyncIterable<Uint8Array>, id: string): AsyncGenerator<Buffer> {
  const pieces = source[Symbol.asyncIterator]()
  try {
    const head = await headOf(pieces)
    const header = head.subarray(0, HEADER)
    const suite = SUITES[header.toString('latin1', VERSION.length, VERSION.length + MARK)]
    if (header.length < HEADER || header.toString('latin1', 0, VERSION.length) !== VERSION || suite === undefined) throw new SealBroken()
    const bound = boundOf(suite, header.subarray(HEADER - SALT), id)
    let no = 0
    for await (const { block, last } of blocksOf(following(head.subarray(HEADER), pieces), COUNT + CHUNK + suite.overhead)) {
      const framed = suite.openChunk(key, block, bound(no++, last))
      const content = framed.subarray(COUNT, COUNT + framed.readUInt32BE(0))
      if (content.length > 0) yield content
    }
  } finally {
    await pieces.return?.() // whoever stops reading closes the file
  }
}

/** Padded to whole 4 KB, from 128 KB on to a thirty-second of the size (at most 3.2 %): the length on the disk tells less (security.md 5.2). */
export function paddedSize (size: number): number {
  const step = Math.max(4096, 2 ** (Math.floor(Math.log2(Math.max(size, 1))) - 5))
  return Math.max(1, Math.ceil(size / step)) * step
}

function boundOf (suite: ChunkSuite, salt: Buffer, id: string): (no: number, last: boolean) => string {
  const file = `file|${VERSION}|${suite.mark}|${salt.toString('base64url')}|${id}`
  return (no, last) => `${file}|${no}|${last ? 'last' : 'more'}`
}

function frame (content: Buffer, padding: number): Buffer {
  const framed = Buffer.alloc(COUNT + content.length + padding)
  framed.writeUInt32BE(content.length)
  content.copy(framed, COUNT)
  return framed
}

/** Cuts a stream into blocks of one size; the last one may be shorter, also empty. A block is good until the next is asked for. */
async function * blocksOf (source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<{ block: Buffer, last: boolean }> {
  const block = Buffer.allocUnsafeSlow(size)
  let filled = 0
  for await (const piece of source) {
    for (let at = 0; at < piece.length;) {
      if (filled === size) { yield { block, last: false }; filled = 0 }
      const taken = Math.min(size - filled, piece.length - at)
      block.set(piece.subarray(at, at + taken), filled)
      filled += taken
      at += taken
    }
  }
  yield { block: block.subarray(0, filled), last: true }
}

/** The first bytes, at least a header where there is one. */
async function headOf (pieces: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let read = Buffer.alloc(0)
  while (read.length < HEADER) {
    const { done, value } = await pieces.next()
    if (done === true) break
    read = Buffer.concat([read, value])
  }
  return read
}

async function * following (first: Buffer, pieces: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first
  for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value
}
