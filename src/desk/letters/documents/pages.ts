import type { FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { siteAddress } from '../../../config.ts'
import type { LetterSheet } from '../../../complaints/outcome/documents/service.ts'
import { skippedDays, stepSentences } from '../../../catalogue/guide/service.ts'
import { findCase, type Case, type ClockView, type DocumentView } from '../../../complaints/case/reading/service.ts'
import { AppError } from '../../../errors.ts'
import { translate, type Values } from '../../../i18n/index.ts'
import { createPaths, ROUTES } from '../../../paths.ts'
import { drawQr, type QrDrawing } from '../../../qr.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../../case/casework/actor.ts'
import { caseFrame, isHan } from '../../case/casework/present.ts'
import { docxOf } from './docx.ts'
import { letterOf } from './letter.ts'
import { ClockParams, FileParams } from './schema.ts'

export interface ReadingLine { text: string, lang: string | null }

declare module '../../../views.ts' {
  interface Views {
    'desk/documents/sheet': Frame & { sheet: LetterSheet, digest: string | null, voided: string | null, qr: QrDrawing | null, verify: string | null, docx: string | null, leave: string, draft: boolean, reading: ReadingLine[] }
    'desk/documents/clock': Frame & { complaint: Case, clock: ClockView, basis: string, lines: string[], skipped: Array<{ on: string, reason: string }> }
  }
}

const config = { permission: 'complaint.read', session: 'staff' } as const

/** Issued documents as sheets to print and as files for word processors, and the arithmetic of each due date. */
export async function documents (app: App): Promise<void> {
  app.get(ROUTES.document, { schema: { params: FileParams }, config }, async (request, reply) => {
    const document = await issuedOf(app, request)
    const sheet = letterOf('zh-CN', document)
    const verify = siteAddress(app.config) + createPaths('')('zh-CN', 'documentVerify')
    return await reply.page('desk/documents/sheet', {
      title: `${sheet.title} ${sheet.number}`,
      sheet,
      digest: document.digest,
      voided: document.voidedAt,
      qr: drawQr(`${verify}#${encodeURIComponent(document.number)}.${document.digest}`),
      verify,
      docx: request.path('documentFile', [request.params.ref, document.id]),
      leave: request.path('complaint', [request.params.ref], { tab: 'documents' }),
      draft: false,
      reading: request.locale === 'zh-CN' ? [] : readingOf(letterOf(request.locale, document))
    }, 'print')
  })

  app.get(ROUTES.documentFile, { schema: { params: FileParams }, config }, async (request, reply) => {
    const document = await issuedOf(app, request)
    const t = (key: string, values?: Values): string => translate('zh-CN', key, values)
    const file = await docxOf(letterOf('zh-CN', document), { seal: t('letter.seal_place'), digest: t('letter.digest', { digest: document.digest }), attachments: t('letter.attachments'), voided: document.voidedAt === null ? null : t('letter.voided') })
    return await reply.type('application/vnd.openxmlformats-officedocument.wordprocessingml.document').header('content-disposition', `attachment; filename="document.docx"; filename*=UTF-8''${encodeURIComponent(`${document.number}.docx`)}`).send(file)
  })

  app.get(ROUTES.complaintClock, { schema: { params: ClockParams }, config }, async (request, reply) => {
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

/** An issued document of a case that exists for whoever asks, else `not_found`. */
async function issuedOf (app: App, request: FastifyRequest): Promise<DocumentView> {
  const { ref, id } = request.params as { ref: string, id: string }
  const document = (await findCase(app, ref, app.now(), await clerkOf(app, request))).documents.find(document => document.id === id)
  if (document === undefined) throw new AppError('not_found', { id })
  return document
}

/** The letter in another language, line by line; what stayed Chinese says so. */
function readingOf ({ title, addressee, lines }: LetterSheet): ReadingLine[] {
  return [title, addressee, ...lines.map(({ text }) => text)].map(text => ({ text, lang: isHan(text) ? 'zh-CN' : null }))
}
