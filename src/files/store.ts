import { Readable } from 'node:stream'
import { AppError } from '../errors.ts'
import { SealBroken, type KeyRing } from '../vault/seal.ts'
import { openStream, sealStream, type Measured } from '../vault/stream.ts'
import { openFolder } from './folder.ts'
import type { S3Place } from './s3-client.ts'
import { openBucket } from './s3.ts'
import type { Listed, Room, Shelf } from './shelf.ts'

export type { Listed, Room } from './shelf.ts'
/** What was stored: size in bytes and SHA-256 (hex) of the plain content. */
export type StoredFile = Measured

/**
 * Attachments, each encrypted under its complaint's key and bound to its id; nothing here is ever served by path. Never holds a whole file.
 * Errors of all: `files_full`, `files_unavailable`; of reading besides `file_broken`.
 */
export interface FileStore {
  /** Durable before it returns. Where the source or the store fails nothing stays; the source's own error is passed on. */
  put: (id: string, key: KeyRing, source: AsyncIterable<Uint8Array>) => Promise<StoredFile>
  /** The plain bytes; the first piece is verified before it returns, each further one before it is handed on. */
  read: (id: string, key: KeyRing) => Promise<Readable>
  /** Whether it is there, not whether it opens. */
  has: (id: string) => Promise<boolean>
  /** Also of a file that is not there. */
  remove: (id: string) => Promise<void>
  /** Every whole file with when it was written. */
  list: () => AsyncIterable<Listed>
  /** Takes away what was begun before `before` and never finished; returns how many. */
  tidy: (before: string) => Promise<number>
  /** Bytes free and in all; null where the store does not say. */
  room: () => Promise<Room | null>
}

const ID = /^[A-Za-z0-9_-]{22,64}$/

/** `floor`: percent of the disk that uploads leave free (security.md U-2): the database must be able to go on. */
export interface StoreOptions { floor?: number }

/** A store in a local folder. */
export function openFileStore (folder: string, options: StoreOptions = {}): FileStore {
  return sealed(openFolder(folder), options)
}

/** A store in a bucket; what is on its way there is gathered in `spool`. */
export function openBucketStore (place: S3Place, spool: string, options: StoreOptions = {}): FileStore {
  return sealed(openBucket(place, spool), options)
}

function sealed (shelf: Shelf, { floor = 0 }: StoreOptions): FileStore {
  return {
    async put (id, key, source) {
      const name = named(id)
      await keepFloor(shelf, floor)
      let found: Measured | undefined
      await shelf.write(name, sealStream(key, source, { id, measured: told => { found = told } }))
      return found as Measured // told at the end of the stream, which was read whole
    },
    async read (id, key) {
      const plain = openStream(key, await shelf.read(named(id)), id)
      const first = await plain.next().catch(error => { throw damaged(error) })
      const read = Readable.from(following(first, plain), { objectMode: false })
      return read.once('close', () => { plain.return(undefined).catch(() => undefined) }) // whoever stops reading closes the file, also before the first piece
    },
    has: async id => await shelf.has(named(id)),
    async remove (id) { await shelf.remove(named(id)) },
    async * list () { for await (const found of shelf.list()) if (ID.test(found.id)) yield found },
    tidy: shelf.tidy,
    room: shelf.room
  }
}

/** Asked anew for each file: once there is room again, files are taken again. */
async function keepFloor (shelf: Shelf, floor: number): Promise<void> {
  const room = floor === 0 ? null : await shelf.room()
  if (room !== null && room.free < room.total * floor / 100) throw new AppError('files_full', { why: 'floor' })
}

function named (id: string): string {
  if (!ID.test(id)) throw new RangeError('not a file id')
  return id
}

function damaged (error: unknown): unknown {
  return error instanceof SealBroken ? new AppError('file_broken', { why: 'seal' }) : error
}

async function * following (first: IteratorResult<Buffer>, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (first.done !== true) yield first.value
    yield * rest
  } catch (error) {
    throw damaged(error)
  }
}
