import type { FastifyRequest } from 'fastify'
import type { App } from '../app.ts'
import { visibleBureaus } from '../complaints/case/reading/repository.ts'
import { AppError } from '../errors.ts'
import type { Admin } from './accounts/service.ts'

/** The administrator behind a request, with the bureaus whose accounts are theirs: the own one and its districts'. Else `not_signed_in`. */
export async function adminOf (app: App, request: FastifyRequest): Promise<Admin> {
  const { actor } = request
  if (actor === null) throw new AppError('not_signed_in', { kind: 'staff' })
  return { id: actor.id, role: actor.role, requestId: request.id, fictional: actor.fictional, bureauIds: await visibleBureaus(app.db, actor.bureauId) }
}
