import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { sendFile } from '../../../complaints/form/evidence/service.ts'
import { findCase } from '../../../complaints/case/reading/service.ts'
import { AppError } from '../../../errors.ts'
import { byField, fieldErrors, type Fault } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../casework/actor.ts'
import { caseFrame } from '../casework/present.ts'
import { FileParams, ReasonForm, REASON_LIMIT } from './schema.ts'
import { takeFile, takeOriginal, takePicture } from './service.ts'

declare module '../../../views.ts' {
  interface Views {
    'desk/files/original': Frame & { ref: string, id: string, name: string, typed: string, limit: number, faults: Record<string, string> }
  }
}

const config = { permission: 'attachment.read', session: 'staff' } as const

/** The files of a case: saved, looked at where they are pictures that we drew ourselves, and their originals for a reason that is recorded. */
export async function files (app: App): Promise<void> {
  app.get(ROUTES.attachment, { schema: { params: FileParams }, config }, async (request, reply) => {
    const { ref, id } = request.params
    const { file, content } = await takeFile(app, await clerkOf(app, request), ref, id)
    return await sendFile(reply, file, content)
  })

  app.get(ROUTES.attachmentPicture, { schema: { params: FileParams }, config }, async (request, reply) => {
    const { ref, id } = request.params
    const { file, content } = await takePicture(app, await clerkOf(app, request), ref, id)
    reply.header('content-disposition', 'inline').header('content-security-policy', "sandbox; default-src 'none'").header('content-length', file.size)
    return await reply.type(file.mediaType).send(content)
  })

  app.get(ROUTES.attachmentOriginal, { schema: { params: FileParams }, config }, async (request, reply) => await ask(app, request, reply, [], ''))

  app.post(ROUTES.attachmentOriginal, { schema: { params: FileParams, body: ReasonForm }, config, attachValidation: true }, async (request, reply) => {
    const faults = fieldErrors(request, 'files')
    if (faults.length > 0) return await ask(app, request, reply.code(422), faults, (request.body as { reason?: string }).reason ?? '')
    const { ref, id } = request.params
    const { file, content } = await takeOriginal(app, await clerkOf(app, request), { ref, id, reason: request.body.reason })
    return await sendFile(reply, file, content)
  })
}

async function ask (app: App, request: FastifyRequest, reply: FastifyReply, errors: Fault[], typed: string): Promise<string> {
  const { ref, id } = request.params as { ref: string, id: string }
  const clerk = await clerkOf(app, request)
  const complaint = await findCase(app, ref, app.now(), clerk)
  const file = complaint.attachments.find(file => file.id === id)
  if (file === undefined || file.original === null) throw new AppError('not_found', { id })
  return await reply.page('desk/files/original', {
    ...caseFrame(request, ref, request.t('files.original_title')), ref, id, name: file.name, typed, limit: REASON_LIMIT, faults: byField(errors), errors
  })
}
