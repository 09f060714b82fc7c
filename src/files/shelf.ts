import { AppError } from '../errors.ts'

export interface Listed { id: string, at: string }
export interface Room { free: number, total: number }

/** Where sealed bytes lie: a driver knows nothing of what they hold. `write` stores all or nothing; `read` fails for what is not there with `file_broken`. */
export interface Shelf {
  write: (id: string, source: AsyncIterable<Buffer>) => Promise<void>
  read: (id: string) => Promise<AsyncIterable<Uint8Array>>
  remove: (id: string) => Promise<void>
  list: () => AsyncIterable<Listed>
  tidy: (before: string) => Promise<number>
  room: () => Promise<Room | null>
}

/** No space on the disk, none left of the quota, or beyond what one file may have. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** A driver's failure as ours; `why` is for the log alone. */
export function shelfError (error: unknown): AppError {
  if (error instanceof AppError) return error
  const why = (error as { code?: string }).code ?? (error as Error).name
  return new AppError(FULL.has(why) ? 'files_full' : 'files_unavailable', { why })
}
