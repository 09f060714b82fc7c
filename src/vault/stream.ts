import { createHash, randomBytes } from 'node:crypto'
import { SealBroken, type KeyRing, type SealingKey } from './seal.ts'
import { SUITE_NAMES, SUITES, type Suite } from './suites.ts'

/** Size in bytes and SHA-256 (hex) of what went through in the clear. */
export interface Measured { size: number, sha256: string }

const VERSION = 'SLF1'
const NAME = 4 // of the suite, filled up with blanks
const KEY_ID = 12
const SALT = 16
/** Version, suite and key (security.md E-4), then what makes this file differ from any other. */
const HEADER = VERSION.length + NAME + KEY_ID + SALT
const CHUNK = 65_536
const COUNT = 4 // in front of each piece: how much of it is content, the rest being padding

/**
 * Seals a stream piece by piece under `id`: header, then 64 KB pieces, each bound to file, number and whether it is the last, so that cutting, swapping and
 * mixing show. `measured` is told what went through once all has. Never holds more than a piece.
 */
export async function * sealStream (ring: KeyRing, source: AsyncIterable<Uint8Array>, { id, measured }: Sealing): AsyncGenerator<Buffer> {
  const header = headerOf(ring.current)
  yield header
  const hash = createHash('sha256')
  const { seal } = pieceSealing(ring.current, header, id)
  let size = 0
  let no = 0
  for await (const { block, last } of blocksOf(source, CHUNK)) {
    hash.update(block)
    size += block.length
    const missing = last ? paddedSize(size) - size : 0
    const here = Math.min(missing, CHUNK - block.length)
    yield seal(frame(block, here), no++, last && here === missing)
    for (let rest = missing - here; rest > 0; rest -= CHUNK) yield seal(frame(Buffer.alloc(0), Math.min(rest, CHUNK)), no++, rest <= CHUNK)
  }
  measured({ size, sha256: hash.digest('hex') })
}

export interface Sealing { id: string, measured: (found: Measured) => void }

/** What sealStream sealed, in the clear, each piece only after it was verified. Throws SealBroken: wrong key, wrong file, altered, cut or put together anew. */
export async function * openStream (ring: KeyRing, source: AsyncIterable<Uint8Array>, id: string): AsyncGenerator<Buffer> {
  const pieces = source[Symbol.asyncIterator]()
  try {
    const head = await headOf(pieces)
    const header = head.subarray(0, HEADER)
    const { open, sealedSize } = pieceSealing(keyOf(header, ring), header, id)
    let no = 0
    for await (const { block, last } of blocksOf(following(head.subarray(HEADER), pieces), sealedSize)) {
      const framed = open(block, no++, last)
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

function headerOf ({ suite, id }: SealingKey): Buffer {
  return Buffer.concat([Buffer.from(VERSION + suite.padEnd(NAME) + id, 'latin1'), randomBytes(SALT)])
}

/** The key that a header names, with the suite it was used with. Throws SealBroken. */
function keyOf (header: Buffer, ring: KeyRing): SealingKey {
  const text = header.toString('latin1')
  const name = text.slice(VERSION.length, VERSION.length + NAME).trimEnd()
  const suite = SUITE_NAMES.find(known => known === name)
  if (header.length < HEADER || !text.startsWith(VERSION) || suite === undefined) throw new SealBroken()
  return { ...ring.find(text.slice(VERSION.length + NAME, HEADER - SALT)), suite }
}

interface PieceSealing {
  seal: (plain: Buffer, no: number, last: boolean) => Buffer
  open: (sealed: Buffer, no: number, last: boolean) => Buffer
  sealedSize: number
}

function pieceSealing ({ suite: name, bytes }: SealingKey, header: Buffer, id: string): PieceSealing {
  const suite: Suite = SUITES[name]
  const file = `file|${header.toString('base64url')}|${id}`
  const bound = (no: number, last: boolean): string => `${file}|${no}|${last ? 'last' : 'more'}`
  return {
    seal: (plain, no, last) => suite.seal(bytes, plain, bound(no, last)),
    open: (sealed, no, last) => suite.open(bytes, sealed, bound(no, last)),
    sealedSize: COUNT + CHUNK + suite.overhead
  }
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
