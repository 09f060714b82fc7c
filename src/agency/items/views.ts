import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { STEP_TEXT_LIMIT } from '../../complaints/case/core/service.ts'
import { itemOf, type AnswerView, type Item, type ItemLine, type itemsOf } from '../../complaints/outcome/agency-answers/service.ts'
import { letterSheet, type LetterSheet } from '../../complaints/outcome/documents/service.ts'
import { noteReading } from '../../complaints/outcome/packet/service.ts'
import { statementOf, type StatementView } from '../../complaints/outcome/statements/service.ts'
import { allows } from '../../domain/process/permissions.ts'
import { answerPlace, type AnswerKind, type ItemTab } from '../../domain/supervision/answers.ts'
import { demanding, type LetterType } from '../../domain/supervision/letters.ts'
import { STATEMENT_LIMIT } from '../../domain/supervision/statements.ts'
import { AppError } from '../../errors.ts'
import { ACCEPT, ATTACHMENT_MEGABYTES, ATTACHMENTS } from '../../files/limits.ts'
import { kindByType } from '../../files/names.ts'
import { byField, type Fault } from '../../forms/field-errors.ts'
import { formatSize } from '../../i18n/format.ts'
import { hasWord } from '../../i18n/index.ts'
import type { Frame } from '../../views.ts'

type AttachmentInfo = AnswerView['files'][number]
export type Person = Parameters<typeof itemsOf>[1]
export interface Line extends ItemLine { name: string, href: string, late: boolean, state: 'overdue' | 'today' | 'soon' | 'calm' }
/** What a page shows besides the item: what was just done, what is wrong with a form and what was typed in it. */
export interface Visit { done?: string, faults?: Fault[], typed?: Record<string, string> }
/** A file as the agency's people see it; `href` null where it cannot be opened (yet). */
export interface ItemFile { id: string, name: string, kind: string, size: string, description: string, state: string, href: string | null }
type Shown = Omit<AnswerView, 'files'> & { files: ItemFile[] }
/** A form for an answer: what stands in it with its files, and whether its draft waits for a signature. */
interface AnswerBox { kind: AnswerKind, no: number, id: string, label: string, version: number, value: string, draft: Shown | null, files: ItemFile[], sent: Shown[], writable: boolean, seen: string, room: number }
export interface PacketShown { texts: Array<{ label: string, text: string }>, files: ItemFile[], href: string }

declare module '../../views.ts' {
  interface Views {
    'agency/items/index': Frame & { tabs: Array<{ label: string, href: string, current: boolean, count: number }>, items: Line[], tab: ItemTab, late: number }
    'agency/items/show': Frame & {
      item: Item, name: string, sheet: LetterSheet | null, notice: string | null, boxes: { demands: Array<AnswerBox & { demand: Item['demands'][number] }>, explanation: AnswerBox | null, objection: AnswerBox | null }
      packet: PacketShown, seen: Item['seen'], statement: StatementView | null, statementLimit: number, signs: boolean, limit: number, upload: { accept: string, files: number, megabytes: number }, typed: Record<string, string>, faults: Record<string, string>
    }
    'agency/items/packet': Frame & { item: Item, name: string, sheet: LetterSheet | null, packet: PacketShown, answers: string, leave: string }
  }
}

/** Who of an agency asks, else `not_signed_in`. */
export function personOf (request: FastifyRequest): Person {
  const { actor } = request
  if (actor === null) throw new AppError('not_signed_in', { kind: 'staff' })
  return { id: actor.id, role: actor.role, requestId: request.id }
}

/** The page of an item; that somebody read it is written down. */
export async function showItem (app: App, request: FastifyRequest, reply: FastifyReply, { done, faults = [], typed = {} }: Visit): Promise<string> {
  const person = personOf(request)
  const { id } = request.params as { id: string }
  const { item, ref } = await itemOf(app, person, id, app.now())
  await noteReading(app, person, { ref, subject: id, action: 'agency.item_read' }, app.now())
  const name = request.t(`document.${item.type}`)
  const key = `agency_done.${done ?? ''}`
  const box = (kind: AnswerKind, no: number, answers: AnswerView[], writable: boolean): AnswerBox => boxOf(request, item, { kind, no, answers, writable, typed: typed[answerPlace(kind, no)] })
  return await reply.page('agency/items/show', {
    title: `${name} ${item.number}`, section: 'agencyItems', noindex: true, back: { href: request.path('agencyItems', [], { tab: item.tab === 'active' ? undefined : item.tab }), label: request.t('agency.title') },
    errors: faults, faults: byField(faults), typed, name, item,
    sheet: sheetOf(request, item),
    notice: done !== undefined && hasWord(request.locale, key) ? request.t(key) : null,
    boxes: {
      demands: item.demands.map(demand => ({ demand, ...box('demand', demand.no, demand.answers, item.may.demand && demand.open) })),
      explanation: item.type === 'agency_notice' ? box('explanation', 0, item.explanation, item.may.explanation) : null,
      objection: demanding(item.type) && (item.may.objection || item.objection.length > 0) ? box('objection', 0, item.objection, item.may.objection) : null
    },
    packet: packetShown(request, item),
    seen: item.seen,
    statement: await statementOf(app, person, id),
    statementLimit: STATEMENT_LIMIT,
    signs: allows(person.role, 'agency.sign'),
    limit: STEP_TEXT_LIMIT,
    upload: { accept: ACCEPT, files: ATTACHMENTS.files, megabytes: ATTACHMENT_MEGABYTES }
  })
}

/** The letter as it was issued; a notice has only its text. */
export function sheetOf (request: FastifyRequest, { type, number, content }: Item): LetterSheet | null {
  return demanding(type) ? letterSheet(request.locale, { type: type as LetterType, number, content }) : null
}

/** What was released, with the addresses of its files. */
export function packetShown (request: FastifyRequest, { id, packet }: Item): PacketShown {
  return {
    texts: packet.texts.map(({ kind, no, text }) => ({ label: request.t(`redact_target.${kind}`, { no: no === 0 ? '' : no }).trim(), text })),
    files: packet.files.map(file => fileOf(request, file, request.path('agencyPacketFile', [id, file.id]))),
    href: request.path('agencyPacket', [id])
  }
}

function fileOf (request: FastifyRequest, { id, name, mediaType, size, description, state }: Pick<AttachmentInfo, 'id' | 'name' | 'mediaType' | 'size' | 'description'> & { state: string }, href: string): ItemFile {
  return { id, name, kind: kindByType(mediaType) ?? '', size: formatSize(request.locale, size), description, state, href: state === 'ready' ? href : null }
}

interface BoxInput { kind: AnswerKind, no: number, answers: AnswerView[], writable: boolean, typed: string | undefined }

function boxOf (request: FastifyRequest, { id, loose, seen }: Item, { kind, no, answers, writable, typed }: BoxInput): AnswerBox {
  const own = (files: AttachmentInfo[]): ItemFile[] => files.map(file => fileOf(request, file, request.path('agencyFile', [id, file.id])))
  const shown = answers.map((answer): Shown => ({ ...answer, files: own(answer.files) }))
  const draft = shown.find(answer => answer.signedOn === null) ?? null
  const files = draft?.files ?? own(loose.find(other => other.kind === kind && other.no === no)?.files ?? [])
  return {
    kind, no, id: answerPlace(kind, no), label: request.t(kind === 'demand' ? 'agency.answer_demand' : `agency.answer_${kind}`, { no }), version: draft?.version ?? 0, value: typed ?? draft?.text ?? '',
    draft, files, sent: shown.filter(answer => answer.signedOn !== null), writable, seen: seen[kind], room: Math.max(0, ATTACHMENTS.files - files.length)
  }
}
