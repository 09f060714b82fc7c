import type { FastifyRequest } from 'fastify'
import { AppError, type ErrorCode } from '../../../errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import { inWords, type Fault, type FieldFaults } from '../../../forms/field-errors.ts'

/** Refusals that a form answers itself, with everything typed still in it; others are the error page's. */
const MENDABLE: ReadonlySet<ErrorCode> = new Set(['stale_version', 'transition_refused', 'reason_required', 'form_invalid', 'already_claimed'])

export interface Refused { status: number, code: ErrorCode, faults: Fault[] }

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
