import { appendAudit } from '../../../db/audit.ts'
import { localDate, startOfDay } from '../../../domain/time/calendar.ts'
import { AppError } from '../../../errors.ts'
import { nameFor } from '../../../files/names.ts'
import type { FileStore } from '../../../files/store.ts'
import type { Parts } from '../../case/core/types.ts'
import { listReleased, renderFile, type Released, type RenderedFile } from '../../work/redaction/service.ts'
import { findItem, agencyOf } from '../agency-answers/repository.ts'
import type { Person } from '../letters/service.ts'
import { insertedSince, listReadings, type Reading } from './repository.ts'

export type { Reading } from './repository.ts'

/** A text that was released to the agency; `no` of its issue or message, else 0. What is covered is marked in it. */
export interface PacketText { kind: string, no: number, text: string }
/** A file that was released to the agency, under a name that was released too or tells nothing. */
export interface PacketFile { id: string, name: string, mediaType: string, size: number, description: string, state: string }
export interface Packet { texts: PacketText[], files: PacketFile[] }

/** What somebody of the agency may open; each is written down with who and when, for the case to read. Words at `opening.<action>`. */
export const READINGS = ['agency.item_read', 'agency.packet_read', 'agency.file_read', 'attachment.released_read'] as const

/** What of a case was released to the agency. What nobody released stays with the bureau. */
export async function packetOf (parts: Parts, complaintId: string): Promise<Packet> {
  const released = await listReleased(parts, complaintId, 'agency')
  const own = released.filter(({ from }) => from !== 'agency') // what the agency sent itself it has
  return { texts: own.filter(({ kind }) => !['name', 'words', 'file'].includes(kind)).map(textOf), files: own.filter(({ kind }) => kind === 'file').map((file, at) => fileOf(own, file, at + 1)) }
}

function textOf ({ kind, which, text }: Released): PacketText {
  return { kind, no: kind === 'issue' || kind === 'reasons' ? Number(which) : 0, text: text ?? '' }
}

/** Counted among what was released: the number of a file among all would tell how many there are. */
function fileOf (released: readonly Released[], { which, file }: Released, no: number): PacketFile {
  const said = (kind: string): string | null => released.find(other => other.kind === kind && other.which === which)?.text ?? null
  const { mediaType = '', size = 0, state = 'ready' } = file ?? {}
  return { id: which, name: nameFor(said('name') ?? `材料${no}`, mediaType), mediaType, size, description: said('words') ?? '', state }
}

/** A file of the packet, its boxes burned in; who took it is written down before it leaves. Errors: `forbidden`, `not_found`, `file_held`, `file_gone`. */
export async function takeReleased (parts: Parts, files: FileStore, person: Person, { id, file }: { id: string, file: string }, now: string): Promise<RenderedFile> {
  const item = await findItem(parts.db, await agencyOf(parts.db, person.id), id)
  const listed = (await packetOf(parts, item.complaint_id)).files.find(other => other.id === file)
  const rendered = listed === undefined ? null : await renderFile(parts, files, item.complaint_id, file, 'agency')
  if (listed === undefined || rendered === null) throw new AppError('not_found', { id })
  await noteReading(parts, person, { ref: item.ref, subject: file, action: 'attachment.released_read' }, now)
  return { ...rendered, name: listed.name }
}

/** Writes down that somebody of the agency opened something of a case. A page counts once a day and person, a file each time. */
export async function noteReading ({ db, keys }: Parts, person: Person, { ref, subject, action }: { ref: string, subject: string, action: (typeof READINGS)[number] }, now: string): Promise<void> {
  const about = `${ref} ${subject}`
  const page = action === 'agency.item_read' || action === 'agency.packet_read'
  if (page && await insertedSince(db, { about, action, actorId: person.id, since: startOfDay(localDate(now)) })) return
  await db.transaction().execute(async trx => {
    await appendAudit(trx, keys.audit, { at: now, actorId: person.id, role: person.role, action, subject: about, result: 'done', requestId: person.requestId })
  })
}

/** Who of the agency opened what of a case, newest first. */
export async function readingsOf ({ db }: Parts, { id, ref }: { id: string, ref: string }): Promise<Reading[]> {
  return await listReadings(db, { complaintId: id, ref, actions: READINGS })
}
