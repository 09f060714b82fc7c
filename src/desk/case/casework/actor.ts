import type { FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import type { Actor } from '../../../complaints/case/core/service.ts'
import { visibleBureaus } from '../../../complaints/case/reading/repository.ts'
import { AppError } from '../../../errors.ts'

/** A clerk with the bureaus whose complaints exist for them: the own one, and its districts'. */
export interface Clerk extends Actor { id: number, bureauIds: readonly number[] }

/** The person behind a request of the desk, else `not_signed_in`. */
export async function clerkOf (app: App, request: FastifyRequest): Promise<Clerk> {
  const { actor } = request
  if (actor === null) throw new AppError('not_signed_in', { kind: 'staff' })
  return { id: actor.id, role: actor.role, requestId: request.id, bureauIds: await visibleBureaus(app.db, actor.bureauId) }
}
