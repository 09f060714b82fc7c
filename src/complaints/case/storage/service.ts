import { setImmediate as breathe } from 'node:timers/promises'
import type { FileStore } from '../../../files/store.ts'
import type { Parts } from '../core/service.ts'
import { namedIn, pageOfFiles } from './repository.ts'

const HOUR = 3_600_000
/** A file without a row is left alone for a day: its row may still be coming, from another process too (security.md U-7). */
const ORPHAN_AGE = 24 * HOUR
/** So many ids are asked for at a time; between two questions others have their turn. */
const PIECE = 200

/** A stored file that a row names and the store has not. */
export interface MissingFile { id: string, sha256: string }
export interface StorageReport { files: number, orphans: string[], missing: MissingFile[] }

/**
 * Compares the store with the rows: files older than a day that no row names, and rows whose file is not there. Changes nothing.
 * Errors: `files_unavailable`.
 */
export async function inspectStorage ({ db }: Pick<Parts, 'db'>, files: FileStore, now: string, signal?: AbortSignal): Promise<StorageReport> {
  const before = new Date(Date.parse(now) - ORPHAN_AGE).toISOString()
  const stored = new Set<string>()
  const orphans: string[] = []
  let old: string[] = []
  const ask = async (): Promise<void> => {
    const named = old.length === 0 ? new Set<string>() : await namedIn(db, old)
    orphans.push(...old.filter(id => !named.has(id)))
    old = []
    await breathe()
    signal?.throwIfAborted()
  }
  for await (const { id, at } of files.list()) {
    stored.add(id)
    if (at < before) old.push(id)
    if (old.length === PIECE) await ask()
  }
  await ask()
  return { files: stored.size, orphans, missing: await missingOf({ db }, files, { stored, ...signal === undefined ? {} : { signal } }) }
}

interface Looked { stored: ReadonlySet<string>, signal?: AbortSignal }

/** A file that came after the list was read is there when one asks for it; one whose row went meanwhile is not missed. */
async function missingOf ({ db }: Pick<Parts, 'db'>, files: FileStore, { stored, signal }: Looked): Promise<MissingFile[]> {
  const candidates: MissingFile[] = []
  for (let page = await pageOfFiles(db, '', PIECE); page.length > 0; page = await pageOfFiles(db, page.at(-1)?.row ?? '', PIECE)) {
    candidates.push(...page.filter(({ id }) => !stored.has(id)))
    await breathe()
    signal?.throwIfAborted()
  }
  const missing: MissingFile[] = []
  for (const { id, sha256 } of candidates) {
    if (!await files.has(id) && (await namedIn(db, [id])).has(id)) missing.push({ id, sha256 })
  }
  return missing
}

export interface Swept { removed: number, unfinished: number, missing: number }

/** What an earlier look found; a file goes only when a later one finds it still without a row. */
export type Suspects = Set<string>

/**
 * Removes what two looks in turn found without a row, so that neither a clock that jumps nor an upload under way costs a file, and what was begun a day ago and never
 * finished. The suspects of this look stay in `suspects`. Errors: `files_unavailable`.
 */
export async function sweepOrphans (parts: Pick<Parts, 'db'>, files: FileStore, { now, suspects, signal }: { now: string, suspects: Suspects, signal?: AbortSignal }): Promise<Swept> {
  const { orphans, missing } = await inspectStorage(parts, files, now, signal)
  const certain = orphans.filter(id => suspects.has(id))
  for (const id of certain) {
    signal?.throwIfAborted()
    await files.remove(id)
  }
  suspects.clear()
  for (const id of orphans) if (!certain.includes(id)) suspects.add(id)
  return { removed: certain.length, unfinished: await files.tidy(new Date(Date.parse(now) - ORPHAN_AGE).toISOString()), missing: missing.length }
}
