import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { AppError, type ErrorCode } from '../../../errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import { fieldErrors, inWords, type Fault, type FieldFaults } from '../../../forms/field-errors.ts'
import { clerkOf, type Clerk } from './actor.ts'

/** Refusals that a form answers itself, with everything typed still in it; others are the error page's. */
const MENDABLE: ReadonlySet<ErrorCode> = new Set(['stale_version', 'transition_refused', 'reason_required', 'form_invalid', 'already_claimed'])

export interface Refused { status: number, code: ErrorCode, faults: Fault[] }

/** An act of a form: `words` are those of its fields, `text` the field that a missing reason belongs to, `again` its page with what was refused, `to` where it leads. */
interface Attempt { words?: string, text?: string, work: (clerk: Clerk) => Promise<void>, again: (faults: Fault[]) => Promise<unknown>, to: string }

/** Does what a form asks and goes on; what is refused is said on the form's own page, with everything typed still in it. */
export async function attempt (app: App, request: FastifyRequest, reply: FastifyReply, { words, text, work, again, to }: Attempt): Promise<unknown> {
  const wrong = fieldErrors(request, words)
  if (wrong.length > 0) {
    reply.code(422)
    return await again(wrong)
  }
  try {
    await work(await clerkOf(app, request))
  } catch (error) {
    const { status, faults } = refusalOf(request, error, text)
    reply.code(status)
    return await again(faults)
  }
  return await reply.redirect(to, 303)
}

/** What a service found wrong, as a form shows it; `text` is the field that a missing reason belongs to. Throws what no form can mend. */
export function refusalOf (request: FastifyRequest, error: unknown, text = 'text'): Refused {
  if (!(error instanceof AppError) || !MENDABLE.has(error.code)) throw error
  return { status: error.status, code: error.code, faults: faultsOf(request, error, text) }
}

function faultsOf (request: FastifyRequest, { code, details }: AppError, text: string): Fault[] {
  if (code === 'form_invalid') return inWords(request, details['fields'] as FieldFaults | undefined ?? {})
  const guards = (details['failing'] as string[] | undefined ?? []).map(guard => ({ field: '', text: request.t(`guard.${guard}`) }))
  if (guards.length > 0) return guards
  const missing = `step_missing.${String(details['action'])}` // what the box asks for; not every one asks for reasons
  return [{ field: code === 'reason_required' ? text : '', text: request.t(code === 'reason_required' && hasWord(request.locale, missing) ? missing : `error.${code}`) }]
}
