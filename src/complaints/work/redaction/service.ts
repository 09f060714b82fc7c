import type { Readable } from 'node:stream'
import { appendAudit } from '../../../db/audit.ts'
import { detectSpans, mergeSpans, REDACTION_REASONS, type Covered } from '../../../domain/records/redaction.ts'
import { AppError } from '../../../errors.ts'
import { burn } from '../../../files/burn.ts'
import type { FileStore } from '../../../files/store.ts'
import { newPlace, readAttachment, removeBytes } from '../../case/attachments/service.ts'
import { findByRef, insertEvent, touchComplaint, type ComplaintRow } from '../../case/core/repository.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Actor, Parts } from '../../case/core/types.ts'
import { sealFor, type Seal } from '../../case/ledger/sealing.ts'
import { digestOf, openCover, type Cover } from './cover.ts'
import { findRedaction, listRedactions, putRedaction, releaseRow, type RedactionRow } from './repository.ts'
import { listTargets, takesBoxes, type Target } from './targets.ts'

export type { Cover } from './cover.ts'
export { listTargets, takesBoxes, TARGET_PATTERN, type Target } from './targets.ts'
export { listReleased, renderFile, renderText, type Released, type RenderedFile } from './rendering.ts'

/** A redaction as it stands; `stale` where the text is no longer the one that it was made for. `made` false: only what detectors propose. */
export interface RedactionView extends Cover { made: boolean, released: boolean, stale: boolean, at: string, author: string, authorId: number | null, releaser: string, releasedAt: string | null }
type Person = Actor & { id: number }
export interface Place { ref: string, target: string, rendering: Covered }

/** How many boxes a picture, and spans a text, may have. */
export const COVER_LIMIT = 200

/** The redactions of a case by target and rendering; what nobody has made yet is what detectors propose. */
export async function readRedactions (parts: Parts, row: ComplaintRow, targets: readonly Target[]): Promise<(target: Target, rendering: Covered) => RedactionView> {
  const seal = sealFor(parts.keys, row)
  const rows = new Map((await listRedactions(parts.db, row.id)).map(found => [`${found.target} ${found.rendering}`, found]))
  const views = new Map(targets.flatMap(target => (['agency', 'public'] as const).map(rendering => {
    const found = rows.get(`${target.target} ${rendering}`)
    return [`${target.target} ${rendering}`, found === undefined ? proposed(target) : viewOf(seal, target, found)] as const
  })))
  return (target, rendering) => views.get(`${target.target} ${rendering}`) ?? proposed(target)
}

function proposed ({ text }: Target): RedactionView {
  return { spans: text === null ? [] : detectSpans(text), boxes: [], withheld: null, made: false, released: false, stale: false, at: '', author: '', authorId: null, releaser: '', releasedAt: null }
}

function viewOf (seal: Seal, target: Target, row: RedactionRow & { author: string | null, releaser: string | null }): RedactionView {
  const stale = row.digest !== digestOf(seal, target)
  return {
    ...openCover(seal, row), made: true, released: row.state === 'released' && !stale, stale, at: row.at, author: row.author ?? '', authorId: row.author_id, releaser: row.releaser ?? '', releasedAt: row.released_at
  }
}

/**
 * Keeps what is covered, in place of what was kept before; what had been released is a draft again. `at` is the state that the person saw ('' for none).
 * Errors: `forbidden`, `not_found`, `stale_version`, `form_invalid`.
 */
export async function saveRedaction (parts: Parts, actor: Person, { ref, target, rendering }: Place, { at, ...cover }: Cover & { at: string }, now: string): Promise<void> {
  demandPermission(actor, 'redaction.make')
  await parts.db.transaction().execute(async trx => {
    const { id } = await findByRef(trx, ref, actor)
    const complaint = await touchComplaint(trx, id, {}, now)
    const found = await targetOf({ db: trx, keys: parts.keys }, complaint, target)
    const before = await findRedaction(trx, { complaint_id: id, target, rendering })
    if ((before?.at ?? '') !== at) throw new AppError('stale_version', { ref })
    const seal = sealFor(parts.keys, complaint)
    await putRedaction(trx, {
      complaint_id: id, target, rendering, sealed: seal.close(`redaction:${target}:${rendering}`, JSON.stringify(sound(found, cover))), digest: digestOf(seal, found), state: 'draft',
      author_id: actor.id, at: now === before?.at ? new Date(Date.parse(now) + 1).toISOString() : now, released_by: null, released_at: null, copy_id: null, copy_size: null, copy_sha256: null
    })
    await appendAudit(trx, parts.keys.audit, { at: now, actorId: actor.id, role: actor.role, action: 'redaction.saved', subject: `${ref} ${target} ${rendering}`, result: 'done', requestId: actor.requestId })
  })
}

/** Only what fits the target: spans inside the text, boxes inside the picture. Errors: `form_invalid`. */
function sound ({ text, file }: Target, { spans, boxes, withheld }: Cover): Cover {
  const wrong = (field: string, key: string): AppError => new AppError('form_invalid', { fields: { [field]: { key } } })
  if (spans.length > COVER_LIMIT || boxes.length > COVER_LIMIT) throw wrong('', 'redact.too_many')
  if ([...spans, ...boxes].some(({ reason }) => !REDACTION_REASONS.includes(reason))) throw wrong('reason', 'redact.reason_missing')
  const length = text?.length ?? 0
  if (spans.some(({ start, end }) => !(start >= 0 && start < end && end <= length))) throw wrong('words', 'redact.words_unknown')
  if (boxes.length > 0 && (file === null || !takesBoxes(file))) throw wrong('x', 'redact.no_boxes')
  if (boxes.some(({ x, y, w, h }) => !(x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= 1000 && y + h <= 1000))) throw wrong('x', 'redact.box_outside')
  return { spans: mergeSpans(spans), boxes, withheld }
}

/** Somebody else than its maker lets a redaction out; boxes are burned into a copy first, which is what leaves. Errors: as `saveRedaction`, `form_invalid` for the maker. */
export async function releaseRedaction (parts: Parts, files: FileStore, actor: Person, { ref, target, rendering, at }: Place & { at: string }, now: string): Promise<void> {
  demandPermission(actor, 'redaction.release')
  const complaint = await findByRef(parts.db, ref, actor)
  const found = await targetOf(parts, complaint, target)
  const seal = sealFor(parts.keys, complaint)
  const row = await findRedaction(parts.db, { complaint_id: complaint.id, target, rendering })
  if (row === undefined || row.at !== at || row.digest !== digestOf(seal, found)) throw new AppError('stale_version', { ref })
  if (row.author_id === actor.id) throw new AppError('form_invalid', { fields: { '': { key: 'redact.own_release' } } })
  const copy = await copyOf(parts, files, complaint, found, openCover(seal, row))
  try {
    await parts.db.transaction().execute(async trx => {
      const locked = await touchComplaint(trx, complaint.id, {}, now)
      await releaseRow(trx, row, { released_by: actor.id, released_at: now, ...copy })
      await insertEvent(trx, seal, locked.id, { action: 'redaction_released', from: locked.status, to: locked.status, actorId: actor.id, role: actor.role, audience: 'internal', details: { rendering }, at: now })
      await appendAudit(trx, parts.keys.audit, { at: now, actorId: actor.id, role: actor.role, action: 'redaction.released', subject: `${ref} ${target} ${rendering}`, result: 'done', requestId: actor.requestId })
    })
  } catch (error) {
    if (copy !== null) await removeBytes(files, copy.copy_id)
    throw error
  }
}

/** The picture with its boxes burned in, stored; null where nothing is burned. */
async function copyOf (parts: Parts, files: FileStore, complaint: ComplaintRow, { file }: Target, { boxes, withheld }: Cover): Promise<{ copy_id: string, copy_size: number, copy_sha256: string } | null> {
  if (file === null || boxes.length === 0 || withheld !== null) return null
  const place = newPlace()
  const stored = await burn(await (await readAttachment(parts, files, complaint.id, file.id)).open(), file.mediaType, boxes, async content => await files.put(place, sealFor(parts.keys, complaint).key, content))
  return { copy_id: place, copy_size: stored.size, copy_sha256: stored.sha256 }
}

/** A draft's picture as it would leave, not stored anywhere; for the person who looks at it before it is released. */
export async function previewPicture (parts: Parts, files: FileStore, actor: Actor, { ref, target, rendering }: Place): Promise<{ mediaType: string, content: Buffer }> {
  const complaint = await findByRef(parts.db, ref, actor)
  const { file } = await targetOf(parts, complaint, target)
  if (file === null || !takesBoxes(file)) throw new AppError('not_found', { target })
  const row = await findRedaction(parts.db, { complaint_id: complaint.id, target, rendering })
  const { boxes } = row === undefined ? { boxes: [] } : openCover(sealFor(parts.keys, complaint), row)
  const content = await (await readAttachment(parts, files, complaint.id, file.id)).open()
  return { mediaType: file.mediaType, content: boxes.length === 0 ? await gather(content) : await burn(content, file.mediaType, boxes, gather) }
}

async function gather (content: AsyncIterable<Uint8Array> | Readable): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}

/** One target of a case. Errors: `not_found`. */
export async function targetOf (parts: Parts, row: ComplaintRow, name: string): Promise<Target> {
  const found = (await listTargets(parts, row)).find(({ target }) => target === name)
  if (found === undefined) throw new AppError('not_found', { target: name })
  return found
}
