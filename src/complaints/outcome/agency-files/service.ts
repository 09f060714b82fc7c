import { appendAudit } from '../../../db/audit.ts'
import type { AgencyFileTable } from '../../../db/schema.ts'
import { AppError } from '../../../errors.ts'
import type { FileStore } from '../../../files/store.ts'
import { infoOf, readAttachment, removeBytes, type StoredAttachment } from '../../case/attachments/service.ts'
import { deleteUnsent, listRows } from '../../case/attachments/repository.ts'
import { insertEvent } from '../../case/core/repository.ts'
import type { AttachmentInfo, Parts } from '../../case/core/types.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { demandOpen, draftAt, faulty, onItem, type Held, type Place } from '../agency-answers/items.ts'
import { agencyOf, findItem, type AnswerRow, type ItemRow } from '../agency-answers/repository.ts'
import type { Person } from '../letters/drafts.ts'
import { deleteLink, insertLink, listLinks, listSenders, markSent } from './repository.ts'

type Turn = Pick<AnswerRow, 'document_id' | 'kind' | 'no' | 'turn'>
/** The files of an answer, oldest first. */
export type FilesAt = (turn: Turn) => AttachmentInfo[]
export interface FilePlace extends Place { id: string }

/** Finds the files of each answer of a case, those of drafts among them; who may see a draft's is the caller's to say. */
export async function filesAt ({ db, keys }: Parts, complaint: { id: string, wrapped_key: string }): Promise<FilesAt> {
  const links = await listLinks(db, complaint.id)
  if (links.length === 0) return () => []
  const seal = sealFor(keys, complaint)
  const rows = (await listRows(db, complaint.id)).filter(row => row.by_side === 'agency')
  return turn => rows.filter(row => links.some(link => link.attachment_id === row.id && at(link, turn))).map(row => infoOf(seal, row))
}

function at (link: AgencyFileTable, { document_id: document, kind, no, turn }: Turn): boolean {
  return link.document_id === document && link.kind === kind && link.no === no && link.turn === turn
}

/** Puts files that were just received to the draft of an answer; where that can no longer be they are swept with all that no answer has. Errors: `forbidden`, `not_found`, `transition_refused`. */
export async function attachFiles (parts: Parts, person: Person, { id, ids, ...place }: FilePlace & { ids: readonly string[] }, now: string): Promise<void> {
  if (ids.length === 0) return
  await onItem(parts, person, { id, permission: 'agency.item', now }, async hold => {
    await demandOpen(hold, place)
    const { turn } = await draftAt(hold, place)
    for (const attachment of ids) await insertLink(hold.trx, { attachment_id: attachment, document_id: id, ...place, turn, complaint_id: hold.complaint.id })
  })
}

/** Takes a file from an unsigned answer; nothing of it is kept unless another answer has it. Errors: `forbidden`, `not_found`, `transition_refused`. */
export async function removeFile (parts: Parts, files: FileStore, person: Person, { id, file, ...place }: FilePlace & { file: string }, now: string): Promise<void> {
  const places = await onItem(parts, person, { id, permission: 'agency.item', now }, async hold => {
    await demandOpen(hold, place)
    const { turn } = await draftAt(hold, place)
    const { trx, complaint } = hold
    if (!await deleteLink(trx, { attachment_id: file, document_id: id, ...place, turn, complaint_id: complaint.id })) return [] // pressed twice: it is gone either way
    const elsewhere = (await listLinks(trx, complaint.id)).some(link => link.attachment_id === file)
    return elsewhere ? [] : await deleteUnsent(trx, complaint.id, file, 'agency')
  })
  for (const place of places) await removeBytes(files, place)
}

/** What a signature sends along with answers. Nobody signs what they put there themselves. Errors: `form_invalid`. */
export async function sendFiles (parts: Pick<Parts, 'keys'>, hold: Held, person: Person, drafts: readonly Turn[], now: string): Promise<void> {
  const { trx, complaint, seal } = hold
  const ids = (await listLinks(trx, complaint.id)).filter(link => drafts.some(draft => at(link, draft))).map(link => link.attachment_id)
  if ((await listSenders(trx, ids)).includes(person.id)) throw faulty('sign', 0, { key: 'agency.own_file' })
  if (ids.length === 0) return
  await markSent(trx, ids)
  await insertEvent(trx, seal, complaint.id, { action: 'files_added', from: complaint.status, to: complaint.status, actorId: person.id, role: person.role, audience: 'internal', details: { files: ids.length }, at: now })
  await appendAudit(trx, parts.keys.audit, { at: now, actorId: person.id, role: person.role, action: 'attachment.added', subject: `${complaint.ref} ${ids.length}`, result: 'done', requestId: person.requestId })
}

/** A file that the agency itself put to an answer to this item, signed or not. Errors: `forbidden`, `not_found`, `file_held`, `file_gone`. */
export async function findOwnFile (parts: Parts, files: FileStore, person: Person, { id, file }: { id: string, file: string }): Promise<{ item: ItemRow, stored: StoredAttachment }> {
  const item = await findItem(parts.db, await agencyOf(parts.db, person.id), id)
  const link = (await listLinks(parts.db, item.complaint_id)).find(other => other.attachment_id === file && other.document_id === id)
  if (link === undefined) throw new AppError('not_found', { id })
  return { item, stored: await readAttachment(parts, files, item.complaint_id, file) }
}
