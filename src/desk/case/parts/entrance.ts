import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../errors.ts'
import type { Fault } from '../../../forms/field-errors.ts'

/** What is said of a try that failed or came too soon; sets the status of the answer. Any other error goes on. */
export function refusedTry (request: FastifyRequest, reply: FastifyReply, error: unknown, failed: Fault): Fault[] {
  if (!(error instanceof AppError) || !['sign_in_failed', 'too_many_requests'].includes(error.code)) throw error
  const { seconds } = error.details
  if (seconds !== undefined) reply.header('retry-after', String(seconds))
  reply.code(error.status)
  return [seconds === undefined ? failed : { field: failed.field, text: request.t('sign_in.wait', { seconds }) }]
}

/** A page of the desk to go on with, as path and query; anything else, other hosts first of all, is forgotten. */
export function ownPage (next: string | undefined): string | undefined {
  if (next === undefined || !/^\/desk(?:[/?]|$)/.test(next) || /[\\\s]|\/\/|\.\./.test(next)) return undefined
  return /^\/desk\/sign-(?:in|out)/.test(next) ? undefined : next
}
