import { mkdir, statfs } from 'node:fs/promises'
import { AppError } from '../errors.ts'

export interface Listed { id: string, at: string }
export interface Room { free: number, total: number }

/** Where sealed bytes lie: a driver knows nothing of what they hold. `write` stores all or nothing; `read` fails for what is not there with `file_broken`. */
export interface Shelf {
  write: (id: string, source: AsyncIterable<Buffer>) => Promise<void>
  read: (id: string) => Promise<AsyncIterable<Uint8Array>>
  has: (id: string) => Promise<boolean>
  remove: (id: string) => Promise<void>
  list: () => AsyncIterable<Listed>
  tidy: (before: string) => Promise<number>
  room: () => Promise<Room | null>
}

/** No space on the disk, none left of the quota, beyond what one file may have; the last two are said by object stores. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'QuotaExceeded', 'XMinioStorageFull'])

/** A driver's failure as ours; `why` is for the log alone. */
export function shelfError (error: unknown): AppError {
  if (error instanceof AppError) return error
  const why = (error as { code?: string }).code ?? (error as Error).name
  if (why === 'ENOENT' || why === 'NoSuchKey') return new AppError('file_broken', { why: 'missing' })
  return new AppError(FULL.has(why) ? 'files_full' : 'files_unavailable', { why })
}

/** Failures of the store, told apart from those of whatever it is given to store. */
export async function ours<T> (work: Promise<T>): Promise<T> {
  return await work.catch(error => { throw shelfError(error) })
}

/** The room on the disk that a folder lies on. */
export async function roomOf (folder: string): Promise<Room> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const { bavail, blocks, bsize } = await statfs(folder)
  return { free: bavail * bsize, total: blocks * bsize }
}
