import type { FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { listActs } from '../../../complaints/case/core/repository.ts'
import type { Case } from '../../../complaints/case/reading/service.ts'
import { listVisitors } from '../../../complaints/case/presence/repository.ts'
import { hadPart } from '../../../domain/aftermath/review.ts'
import { allows } from '../../../domain/process/permissions.ts'
import type { Item } from '../casework/present.ts'
import type { Clerk } from '../casework/actor.ts'

/** Somebody who opened a case, and when. */
export interface Present { name: string, text: string }

/** Who else has just opened a case. Nobody is locked out: one may want to ask before writing the same. */
export async function presenceOf (app: App, request: FastifyRequest, clerk: Clerk, complaintId: string): Promise<Present[]> {
  const now = app.now()
  return (await listVisitors(app.db, complaintId, clerk.id, now)).map(({ name, at }) => {
    const minutes = Math.floor((Date.parse(now) - Date.parse(at)) / 60_000)
    return { name, text: minutes < 1 ? request.t('presence.now') : request.t('presence.ago', { minutes }) }
  })
}

/** A case that somebody else has in hand, and whether one may take it over. */
export interface Held { id: number, name: string, may: boolean }

/** Who was faster with a claim (features.md T9); null when nobody holds the case, or oneself does. */
export async function holderOf (app: App, { id, handler, status, closedAt }: Case, clerk: Clerk): Promise<Held | null> {
  if (handler === null || handler.id === clerk.id || closedAt !== null) return null
  const barred = status === 'review' && hadPart(await listActs(app.db, id), clerk.id)
  return { id: handler.id, name: handler.name, may: allows(clerk.role, 'complaint.claim') && !barred }
}

/** Notes or messages that came after those somebody had seen: the other text, for whoever was about to write. */
export function cameSince (request: FastifyRequest, complaint: Case, kind: 'notes' | 'messages', seen: number): Item[] {
  const items = kind === 'notes'
    ? complaint.notes.map(note => ({ id: note.id, title: request.t('case.note_of'), at: note.at, by: note.author, text: note.text }))
    : complaint.messages.map(message => ({ id: message.id, title: request.t(`case.message_${message.direction}`), at: message.at, by: message.author ?? request.t('role.complainant'), text: message.text }))
  return items.filter(({ id }) => id > seen).map(({ id: _id, ...item }) => ({ ...item, lang: 'zh-CN', ...request.locale === 'en' && item.by === request.t('role.complainant') ? {} : { byLang: 'zh-CN' } }))
}
