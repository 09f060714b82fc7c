import multipart from '@fastify/multipart'
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../app.ts'
import { AppError } from '../../errors.ts'
import { ACCEPT, ATTACHMENT_MEGABYTES, ATTACHMENTS } from '../../files/limits.ts'
import type { Fault } from '../../forms/field-errors.ts'
import { formatNumber, formatSize } from '../../i18n/format.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { detach, readDraft } from '../filing/service.ts'
import type { StepQuery } from '../steps/schema.ts'
import { mayOpen } from '../steps/service.ts'
import { openAddress, stepFrame } from '../wizard/views.ts'
import { receive, type Received } from './service.ts'

interface FileRow { id: string, name: string, size: string, cleaned: boolean, sha256: string }

declare module '../../views.ts' {
  interface Views {
    'complaints/evidence/show': Frame & {
      frame: { no: number, total: number, returning: boolean }, files: FileRow[], room: number, accept: string, next: string, fileFault: string | null, anonymous: boolean, tips: string[],
      limits: { files: number, megabytes: number }
    }
  }
}

const own = { permission: 'complaint.own', session: 'draft' } as const
const Removal = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }) })

/** Photographs and papers: may be passed over; each file is checked, cleaned and sealed as it comes. */
export async function evidence (app: App): Promise<void> {
  await app.register(multipart, {
    throwFileSizeLimit: false,
    limits: { fileSize: ATTACHMENTS.bytes, files: 2 * ATTACHMENTS.files, fields: 5, fieldSize: 200, fieldNameSize: 50, parts: 2 * ATTACHMENTS.files + 5, headerPairs: 20 }
  })

  app.get(ROUTES.complainStep.replace(':step', 'evidence'), { config: own }, async (request, reply) => await show(app, request, reply))

  app.post(ROUTES.complainUpload, {
    bodyLimit: 2 * ATTACHMENTS.files * ATTACHMENTS.bytes,
    config: { ...own, ownFormCheck: true, limit: 'upload' }
  }, async (request, reply) => {
    if (!request.isMultipart()) throw new AppError('unsupported_media_type')
    const received = await receive(app, app.files, request.parts(), { draftId: request.session?.subject ?? '', checkToken: request.checkFormToken.bind(request), now: app.now() })
    if (received.refused.length > 0 || received.kept === 0) return await show(app, request, reply.code(422), received)
    return await reply.redirect(evidencePath(request), 303)
  })

  app.post(ROUTES.complainRemoval, { schema: { body: Removal }, config: own }, async (request, reply) => {
    await detach(app, app.files, request.session?.subject ?? '', request.body.id)
    return await reply.redirect(evidencePath(request), 303)
  })
}

function evidencePath (request: FastifyRequest): string {
  return request.path('complainStep', ['evidence'])
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, received?: Received): Promise<unknown> {
  const draft = await readDraft(app, request.session?.subject ?? '')
  if (draft.submittedAt !== null) return await reply.redirect(request.path('receipt'), 303)
  if (!mayOpen('evidence', draft.answers)) return await reply.redirect(openAddress(request, draft.answers), 303)
  const errors = received === undefined ? [] : faultsOf(request, received)
  return await reply.page('complaints/evidence/show', {
    ...stepFrame(request, 'evidence', (request.query as StepQuery).return === 'check'),
    files: draft.attachments.map(file => ({ id: file.id, name: file.name, size: formatSize(request.locale, file.size), cleaned: file.cleaned, sha256: file.sha256 })),
    room: ATTACHMENTS.files - draft.attachments.length,
    accept: ACCEPT,
    next: request.path('complainStep', ['evidence']),
    anonymous: draft.answers.mode === 'anonymous',
    limits: { files: ATTACHMENTS.files, megabytes: ATTACHMENT_MEGABYTES },
    tips: [...new Set((draft.answers.issues ?? []).map(({ ground }) => ground))],
    fileFault: errors[0]?.text ?? null,
    ...errors.length === 0 ? {} : { errors }
  })
}

/** One sentence for each file that was not taken; the others of the same upload are kept. */
function faultsOf (request: FastifyRequest, { refused }: Received): Fault[] {
  if (refused.length === 0) return [{ field: 'files', text: request.t('file.none') }]
  const values = { files: ATTACHMENTS.files, size: ATTACHMENT_MEGABYTES, pixels: formatNumber(request.locale, ATTACHMENTS.pixels) }
  return refused.map(({ name, reason }) => ({ field: 'files', text: request.t(`file.${reason}`, { name, ...values }) }))
}
