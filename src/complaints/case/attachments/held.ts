import { appendAudit } from '../../../db/audit.ts'
import { AppError } from '../../../errors.ts'
import { scan, type Scan } from '../../../files/scan.ts'
import type { FileStore } from '../../../files/store.ts'
import { findOwner, listHeld, updateRow, type Row } from './repository.ts'
import { removeBytes } from './service.ts'
import type { Parts } from '../core/types.ts'
import { sealFor } from '../ledger/sealing.ts'

/** How many files one run takes up; the next run takes the others. */
const MOST = 50
/** So many files without an answer in one run: the scanner is silent, and is left alone until the next. */
const SILENCES = 3

/** How many files that had waited were found clean, and how many infected. */
export interface Scanned { clean: number, infected: number }

/**
 * Asks the scanner about the files that came while it was silent (security.md U-6). What is clean can be opened from then on; of what is infected
 * the bytes are destroyed and the row says so. A file that cannot be read, or on which the scanner finds no answer, keeps no other one back.
 */
export async function scanHeld (parts: Parts, files: FileStore, scanner: readonly string[], now: string): Promise<Scanned> {
  const scanned: Scanned = { clean: 0, infected: 0 }
  let silences = 0
  for (const row of await listHeld(parts.db, MOST)) {
    if (silences === SILENCES) return scanned
    const answer = await ask(parts, files, scanner, row)
    if (answer === 'silent') silences++
    if (answer !== 'clean' && answer !== 'infected') continue
    await settle(parts, row, answer, now)
    if (answer === 'infected') for (const place of [row.id, row.original_id]) if (place !== null) await removeBytes(files, place)
    scanned[answer]++
  }
  return scanned
}

/** Broken: it is not there, or does not open; `npm run files -- check` names it. */
async function ask (parts: Parts, files: FileStore, scanner: readonly string[], row: Row): Promise<Scan | 'broken'> {
  try {
    return await scan(scanner, await contentOf(parts, files, row))
  } catch (error) {
    if (error instanceof AppError && error.code === 'file_broken') return 'broken'
    throw error
  }
}

/** The file as it came, else what was made of it. */
async function contentOf ({ db, keys }: Parts, files: FileStore, row: Row) {
  const owner = await findOwner(db, 'complaint', row.complaint_id).catch(async () => await findOwner(db, 'draft', row.complaint_id))
  return await files.read(row.original_id ?? row.id, sealFor(keys, owner).key)
}

async function settle ({ db, keys }: Parts, row: Row, answer: 'clean' | 'infected', now: string): Promise<void> {
  const gone = { state: 'infected' as const, original_id: null, original_size: null, original_sha256: null }
  await db.transaction().execute(async trx => {
    await updateRow(trx, row.id, answer === 'clean' ? { state: 'ready' } : gone)
    await appendAudit(trx, keys.audit, { at: now, actorId: null, role: 'system', action: 'attachment.scanned', subject: row.id, result: answer === 'clean' ? 'done' : 'refused', requestId: '' })
  })
}
