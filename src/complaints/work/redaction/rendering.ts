import type { Readable } from 'node:stream'
import { coverText, markOf, type Covered, type Rendering } from '../../../domain/records/redaction.ts'
import type { FileStore } from '../../../files/store.ts'
import { nameFor } from '../../../files/names.ts'
import { readAttachment } from '../../case/attachments/service.ts'
import { findById, type ComplaintRow } from '../../case/core/repository.ts'
import type { AttachmentInfo, Parts } from '../../case/core/types.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { digestOf, openCover, type Cover } from './cover.ts'
import { findRedaction, listRedactions, type RedactionRow } from './repository.ts'
import { listTargets, type Target } from './targets.ts'

/** A file as a reader gets it: its name covered too, its bytes those of the burned copy where boxes were burned in. */
export interface RenderedFile { name: string, mediaType: string, size: number, sha256: string, open: () => Promise<Readable> }

/**
 * A text of a case as a reader gets it: in full for the bureau; for an agency and the public as it was released for that very text, with what is covered
 * marked. Null where nothing is released, where it is withheld as a whole, or where there is no such text: then nothing of it leaves. `target` as in `listTargets`.
 */
export async function renderText (parts: Parts, complaintId: string, target: string, rendering: Rendering): Promise<string | null> {
  const row = await findById(parts.db, complaintId)
  const found = (await listTargets(parts, row)).find(other => other.target === target)
  if (found === undefined || found.text === null) return null
  if (rendering === 'full') return found.text
  const released = await releasedOf(parts, row, found, rendering)
  return released === null ? null : coverText(found.text, released.cover.spans, markOf)
}

/** Something that was released: a text with what is covered marked, or a file; `from` is the side that sent the file that it is about. */
export interface Released { kind: string, which: string, text: string | null, file: AttachmentInfo | null, from: AttachmentInfo['side'] | null }

/** Everything of a case that was released for a rendering and still is what it was released for, in the order of the case page. */
export async function listReleased (parts: Parts, complaintId: string, rendering: Covered): Promise<Released[]> {
  const row = await findById(parts.db, complaintId)
  const rows = (await listRedactions(parts.db, complaintId)).filter(found => found.rendering === rendering && found.state === 'released')
  if (rows.length === 0) return []
  const targets = await listTargets(parts, row)
  const files = new Map(targets.flatMap(({ file }) => file === null ? [] : [[file.id, file.side] as const]))
  return targets.flatMap(target => {
    const released = openReleased(parts, row, target, rows.find(found => found.target === target.target))
    const { kind, which, text, file } = target
    return released === null ? [] : [{ kind, which, text: text === null ? null : coverText(text, released.cover.spans, markOf), file, from: files.get(which) ?? null }]
  })
}

/** A file of a case as a reader gets it, likewise; a name that is not released is replaced by a plain one. Errors: those of `readAttachment`. */
export async function renderFile (parts: Parts, files: FileStore, complaintId: string, fileId: string, rendering: Rendering): Promise<RenderedFile | null> {
  const row = await findById(parts.db, complaintId)
  const targets = await listTargets(parts, row)
  const found = targets.find(({ target }) => target === `file.${fileId}`)
  if (found === undefined || found.file === null) return null
  const { name, mediaType } = found.file
  const stored = await readAttachment(parts, files, complaintId, fileId)
  if (rendering === 'full') return { name, mediaType, size: stored.size, sha256: stored.sha256, open: stored.open }
  const released = await releasedOf(parts, row, found, rendering)
  if (released === null) return null
  const no = targets.filter(({ kind }) => kind === 'file').indexOf(found) + 1
  const shown = nameFor(await renderText(parts, complaintId, `name.${fileId}`, rendering) ?? `附件${no}`, mediaType)
  const { copy_id: copy, copy_size: size, copy_sha256: sha256 } = released.row
  if (copy === null || size === null || sha256 === null) return { name: shown, mediaType, size: stored.size, sha256: stored.sha256, open: stored.open }
  return { name: shown, mediaType, size, sha256, open: async () => await files.read(copy, sealFor(parts.keys, row).key) }
}

/** The released redaction of a target, where it was made for what the target still is and withholds nothing as a whole. */
async function releasedOf (parts: Parts, complaint: ComplaintRow, target: Target, rendering: string): Promise<{ row: RedactionRow, cover: Cover } | null> {
  return openReleased(parts, complaint, target, await findRedaction(parts.db, { complaint_id: complaint.id, target: target.target, rendering }))
}

function openReleased (parts: Parts, complaint: ComplaintRow, target: Target, row: RedactionRow | undefined): { row: RedactionRow, cover: Cover } | null {
  const seal = sealFor(parts.keys, complaint)
  if (row === undefined || row.state !== 'released' || row.digest !== digestOf(seal, target)) return null
  const cover = openCover(seal, row)
  return cover.withheld === null ? { row, cover } : null
}
