import type { Multipart } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { check, type Verdict } from '../../../files/check.ts'
import { ATTACHMENTS, FileRefused } from '../../../files/limits.ts'
import { cleanFileName, kindByName } from '../../../files/names.ts'
import { scan } from '../../../files/scan.ts'
import type { FileStore, StoredFile } from '../../../files/store.ts'
import { findOwner, insertRow, listRows, lockOwner, type NewRow, type Row, type Side } from '../../case/attachments/repository.ts'
import { newPlace, removeBytes, sealName } from '../../case/attachments/service.ts'
import type { Parts } from '../../case/core/types.ts'
import { readDraft } from '../filing/service.ts'
import { sealFor, type Seal } from '../../case/ledger/sealing.ts'

/** Whose file it is, from which side, and which scanner is asked (settings). */
export interface Whose {
  ownerId: string
  ownerKind: 'draft' | 'complaint'
  by: Side
  /** The member of staff who sends it. */
  authorId?: number
  scanner: readonly string[]
}
/** One file as it comes: the name and type that were given, its bytes, whether the parser cut them off. */
export interface Incoming { name: string, declared: string, bytes: AsyncIterable<Uint8Array>, cut: () => boolean }

const HOUR_MS = 3_600_000

/**
 * Takes one file: streamed into the store under the owner's key, scanned, looked at and made anew by a process of its own, then written down.
 * Returns its id; that of an earlier one when the same was sent twice. What is refused leaves nothing. Throws FileRefused; `draft_gone`.
 */
export async function takeIn (parts: Parts, files: FileStore, whose: Whose, incoming: Incoming, now: string): Promise<{ id: string, fresh: boolean }> {
  const name = cleanFileName(incoming.name)
  const kind = kindByName(name, incoming.declared)
  const owner = await findOwner(parts.db, whose.ownerKind, whose.ownerId)
  const seal = sealFor(parts.keys, owner)
  const room = roomIn(await listRows(parts.db, owner.id), whose, now)
  const places = { raw: newPlace(), copy: newPlace() }
  try {
    const raw = await files.put(places.raw, seal.key, limited(incoming, room))
    if (raw.size === 0) throw new FileRefused('empty')
    const scanned = await scan(whose.scanner, await files.read(places.raw, seal.key))
    if (scanned === 'infected') throw new FileRefused('infected')
    const verdict = await check(await files.read(places.raw, seal.key), kind, async content => await files.put(places.copy, seal.key, content))
    const keepsOriginal = verdict.copy !== null && await mayKeepOriginal(parts, whose)
    const row = { ...rowOf({ seal, name, whose, now }, places, raw, verdict, keepsOriginal), state: scanned === 'silent' ? 'held' as const : 'ready' as const }
    const twin = await writeDown(parts, whose, row, raw, now)
    if (twin !== null) await removeAll(files, places)
    else if (verdict.copy === null) await removeBytes(files, places.copy)
    else if (!keepsOriginal) await removeBytes(files, places.raw)
    return twin === null ? { id: row.id, fresh: true } : { id: twin, fresh: false }
  } catch (error) {
    await removeAll(files, places)
    throw error
  }
}

/** The bytes until they are too many. The stream itself is left to whoever reads the form: the next file comes behind. */
async function * limited ({ bytes, cut }: Incoming, room: number): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.length
    if (size > ATTACHMENTS.bytes) throw new FileRefused('too_large')
    if (size > room) throw new FileRefused('together_too_large')
    yield chunk
  }
  if (cut()) throw new FileRefused('too_large')
}

/** How many bytes may still come. Throws FileRefused when no further file may. */
function roomIn (rows: Row[], whose: Whose, now: string): number {
  const own = rows.filter(row => row.by_side === whose.by)
  const together = own.filter(row => whose.ownerKind === 'draft' || row.sent === 0)
  if (together.length >= ATTACHMENTS.files) throw new FileRefused('too_many')
  const lately = new Date(Date.parse(now) - HOUR_MS).toISOString()
  if (whose.by === 'complainant' && own.filter(row => row.at > lately).length >= ATTACHMENTS.hourly) throw new FileRefused('too_many_this_hour')
  return Math.max(0, ATTACHMENTS.together - own.reduce((sum, row) => sum + (row.original_size ?? row.size), 0))
}

/** The bureau's own messages and whoever stays anonymous: nothing is kept of what a device wrote into a file. Of the bureau's evidence and the agency's proofs all of it is. */
async function mayKeepOriginal ({ db, keys }: Parts, { ownerId, ownerKind, by }: Whose): Promise<boolean> {
  if (by === 'bureau') return false
  if (by === 'evidence' || by === 'agency') return true
  if (ownerKind === 'draft') return (await readDraft({ db, keys }, ownerId)).answers.mode !== 'anonymous'
  const { identity_mode: mode } = await db.selectFrom('complaint').select('identity_mode').where('id', '=', ownerId).executeTakeFirstOrThrow()
  return mode !== 'anonymous'
}

interface Named { seal: Seal, name: string, whose: Whose, now: string }

function rowOf ({ seal, name, whose, now }: Named, places: { raw: string, copy: string }, raw: StoredFile, { copy, mediaType, active }: Verdict, keepsOriginal: boolean): NewRow {
  const id = copy === null ? places.raw : places.copy
  return {
    id,
    complaint_id: whose.ownerId,
    name_sealed: sealName(seal, id, name),
    media_type: mediaType,
    ...copy ?? raw,
    cleaned: copy === null ? 0 : 1,
    ...keepsOriginal ? { original_id: places.raw, original_size: raw.size, original_sha256: raw.sha256 } : {},
    active: active ? 1 : 0,
    by_side: whose.by,
    author_id: whose.authorId ?? null,
    sent: whose.ownerKind === 'draft' ? 1 : 0,
    at: now
  }
}

/** Writes the row under the owner's lock, unless the same file is there already: returns that one's id then. Of two uploads at once both keep to the limits. */
async function writeDown ({ db }: Parts, whose: Whose, row: NewRow, raw: StoredFile, now: string): Promise<string | null> {
  return await db.transaction().execute(async trx => {
    await lockOwner(trx, whose.ownerKind, whose.ownerId, now)
    const rows = await listRows(trx, whose.ownerId)
    const lately = new Date(Date.parse(now) - HOUR_MS).toISOString()
    const twin = rows.find(other => other.by_side === whose.by && (whose.by !== 'agency' || other.author_id === whose.authorId) && (whose.ownerKind === 'draft' || other.at > lately) && [raw.sha256, row.sha256].some(hash => hash === other.original_sha256 || hash === other.sha256))
    if (twin !== undefined) return twin.id
    if (raw.size > roomIn(rows, whose, now)) throw new FileRefused('together_too_large')
    await insertRow(trx, row)
    return null
  })
}

async function removeAll (files: FileStore, places: { raw: string, copy: string }): Promise<void> {
  await removeBytes(files, places.raw)
  await removeBytes(files, places.copy)
}

/** A file part's bytes: leaving off does not end the stream, so that the rest can be passed over. */
export function bytesOf (file: Readable): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => file.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array> }
}

/** For how long what still comes of a refused upload is read and thrown away. */
const DRAIN_MS = 10_000

/**
 * The parts of an upload. When reading stops early, because something of it is refused or cannot be stored, the rest is passed over before the answer:
 * a connection that is closed while the browser still sends shows an error of the line instead of the page that explains.
 */
export async function * partsOf (request: FastifyRequest): AsyncGenerator<Multipart> {
  try {
    yield * request.parts()
  } finally {
    const { raw } = request
    if (!raw.readableEnded && !raw.destroyed) {
      raw.resume()
      await Promise.race([once(raw, 'close'), once(raw, 'end'), once(AbortSignal.timeout(DRAIN_MS), 'abort')]).catch(() => undefined)
    }
  }
}
