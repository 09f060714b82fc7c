import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import type { App } from '../../../app.ts'
import { AppError } from '../../../errors.ts'
import { ROUTES } from '../../../paths.ts'
import { findById } from '../../case/core/repository.ts'
import { ownerOf } from '../members/service.ts'
import { isForComplainant, readAttachment, sendFile } from './service.ts'

const FileParams = Type.Object({ ref: Type.String({ maxLength: 30 }), id: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }) })

/** The complainant's own files and what the bureau sent along with its messages: only ever saved, only in the complaint's own session. */
export async function files (app: App): Promise<void> {
  app.get(ROUTES.trackFile, { schema: { params: FileParams }, config: { permission: 'complaint.own', session: 'track' } }, async (request, reply): Promise<FastifyReply> => {
    const { ref, id } = request.params
    const { id: ownerId } = ownerOf(request.session?.subject ?? '')
    const complaint = await findById(app.db, ownerId)
    if (complaint.ref !== ref) throw new AppError('not_found', { id })
    const file = await readAttachment(app, app.files, ownerId, id)
    if (!isForComplainant(file)) throw new AppError('not_found', { id })
    return await sendFile(reply, file, await file.open())
  })
}
