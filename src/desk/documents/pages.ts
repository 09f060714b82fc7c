import type { App } from '../../app.ts'
import { skippedDays, stepSentences } from '../../catalogue/guide/service.ts'
import { findCase, type Case, type ClockView, type DocumentView } from '../../complaints/reading/service.ts'
import { AppError } from '../../errors.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { clerkOf } from '../casework/actor.ts'
import { caseFrame, isHan } from '../casework/present.ts'
import { letterOf, type Letter } from './letter.ts'
import { ClockParams, FileParams } from './schema.ts'

declare module '../../views.ts' {
  interface Views {
    'desk/documents/show': Frame & { complaint: Case, document: DocumentView, letter: Letter, reading: Array<{ text: string, lang: string | null }> }
    'desk/documents/clock': Frame & { complaint: Case, clock: ClockView, basis: string, lines: string[], skipped: Array<{ on: string, reason: string }> }
  }
}

/** Issued documents as sheets to print, and the arithmetic of each due date. */
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

/** The letter in another language, line by line; what stayed Chinese says so. */
function readingOf ({ title, salute, paragraphs }: Letter): Array<{ text: string, lang: string | null }> {
  return [title, salute, ...paragraphs].map(text => ({ text, lang: isHan(text) ? 'zh-CN' : null }))
}
