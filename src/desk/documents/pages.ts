import type { App } from '../../app.ts'
import { skippedDays, stepSentences } from '../../catalogue/guide/service.ts'
import { findByRef } from '../../complaints/core/repository.ts'
import { readAttachment } from '../../complaints/filing/service.ts'
import { findCase, type Case, type ClockView, type DocumentView } from '../../complaints/reading/service.ts'
import { appendAudit } from '../../db/audit.ts'
import { AppError } from '../../errors.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { clerkOf, type Clerk } from '../casework/actor.ts'
import { caseFrame, isHan } from '../casework/present.ts'
import { letterOf, type Letter } from './letter.ts'
import { ClockParams, FileParams } from './schema.ts'

declare module '../../views.ts' {
  interface Views {
    'desk/documents/show': Frame & { complaint: Case, document: DocumentView, letter: Letter, reading: Array<{ text: string, lang: string | null }> }
    'desk/documents/clock': Frame & { complaint: Case, clock: ClockView, basis: string, lines: string[], skipped: Array<{ on: string, reason: string }> }
  }
}

/** Issued documents as sheets to print, attachments as downloads, and the arithmetic of each due date. */
export async function documents (app: App): Promise<void> {
  app.get(ROUTES.document, { schema: { params: FileParams }, config: { permission: 'complaint.read', session: 'staff' } }, async (request, reply) => {
    const complaint = await findCase(app, request.params.ref, app.now(), await clerkOf(app, request))
    const document = complaint.documents.find(document => document.id === request.params.id)
    if (document === undefined) throw new AppError('not_found', { id: request.params.id })
    const letter = letterOf('zh-CN', document)
    return await reply.page('desk/documents/show', {
      title: `${letter.title} ${letter.number}`, complaint, document, letter, reading: request.locale === 'zh-CN' ? [] : readingOf(letterOf(request.locale, document))
    }, 'print')
  })

  app.get(ROUTES.attachment, { schema: { params: FileParams }, config: { permission: 'attachment.read', session: 'staff' } }, async (request, reply) => {
    const { ref, id } = request.params
    const clerk = await clerkOf(app, request)
    const complaint = await findByRef(app.db, ref, clerk)
    const file = await readAttachment(app, app.files, complaint.id, id)
    await recordReading(app, clerk, `${ref} ${id}`)
    // Whatever the file holds, it is saved, never run or shown inside the site (security.md U-5).
    reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.name).replace(/['()*]/g, sign => `%${sign.charCodeAt(0).toString(16)}`)}`)
    reply.header('content-security-policy', "sandbox; default-src 'none'").header('x-content-type-options', 'nosniff').header('cache-control', 'no-store')
    return await reply.type(file.mediaType).send(await file.open())
  })

  app.get(ROUTES.complaintClock, { schema: { params: ClockParams }, config: { permission: 'complaint.read', session: 'staff' } }, async (request, reply) => {
    const complaint = await findCase(app, request.params.ref, app.now(), await clerkOf(app, request))
    const clock = complaint.clocks.find(clock => clock.clock === request.params.clock)
    if (clock === undefined) throw new AppError('not_found', { clock: request.params.clock })
    return await reply.page('desk/documents/clock', {
      ...caseFrame(request, complaint.ref, request.t(`clock.${clock.clock}`)),
      complaint,
      clock,
      basis: request.locale === 'en' ? clock.basisEn : clock.basis,
      lines: stepSentences(request, clock.steps),
      skipped: skippedDays(request, clock.steps)
    })
  })
}

/** The content was seen: who, when and which file, before it leaves. */
async function recordReading (app: App, clerk: Clerk, subject: string): Promise<void> {
  await app.db.transaction().execute(async trx => {
    await appendAudit(trx, app.keys.audit, { at: app.now(), actorId: clerk.id, role: clerk.role, action: 'attachment.read', subject, result: 'done', requestId: clerk.requestId })
  })
}

/** The letter in another language, line by line; what stayed Chinese says so. */
function readingOf ({ title, salute, paragraphs }: Letter): Array<{ text: string, lang: string | null }> {
  return [title, salute, ...paragraphs].map(text => ({ text, lang: isHan(text) ? 'zh-CN' : null }))
}
