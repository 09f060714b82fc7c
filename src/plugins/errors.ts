import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { hasWord } from '../i18n/index.ts'
import { SealBroken } from '../vault/seal.ts'
import { AppError, type ErrorCode } from '../errors.ts'
import { isKnownPath } from '../paths.ts'
import { keptForm, showKept } from './kept-forms.ts'

/** Fastify's and the drivers' own codes, as ours. */
const KNOWN: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'bad_request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad_request',
  FST_ERR_BAD_URL: 'bad_request',
  FST_ERR_MAX_PARAM_LENGTH: 'uri_too_long',
  FST_REQ_FILE_TOO_LARGE: 'too_large',
  FST_FILES_LIMIT: 'too_large',
  FST_PARTS_LIMIT: 'too_large',
  FST_FIELDS_LIMIT: 'too_large',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'bad_request',
  SQLITE_BUSY: 'database_busy',
  SQLITE_LOCKED: 'database_busy',
  SQLITE_READONLY: 'database_readonly',
  SQLITE_FULL: 'storage_full',
  ENOSPC: 'storage_full',
  EROFS: 'database_readonly',
  SQLITE_IOERR: 'storage_full',
  ECONNREFUSED: 'database_busy',
  ECONNRESET: 'database_busy',
  25006: 'database_readonly', // PostgreSQL: a standby, or set so
  '40P01': 'database_busy' // deadlock
}

/** PostgreSQL's classes of what is not the statement's fault: connection, resources, an operator who stops the server. */
const SERVER_CLASSES: ReadonlyArray<readonly [RegExp, ErrorCode]> = [[/^53100$/, 'storage_full'], [/^(?:08|53|57)[0-9A-Z]{3}$/, 'database_busy']]

/** Finds our code for any failure; null means that it is a fault of ours. */
export function codeOf (error: FastifyError): ErrorCode | null {
  if (error instanceof AppError) return error.code
  if (error.validation !== undefined) return error.validationContext === 'params' ? 'not_found' : 'form_invalid'
  const base = error.code?.replace(/^(SQLITE_[A-Z]+)_.*/, '$1')
  if (base !== undefined && base in KNOWN) return KNOWN[base] as ErrorCode
  const server = SERVER_CLASSES.find(([codes]) => codes.test(error.code ?? ''))
  if (server !== undefined) return server[1]
  if (error.statusCode === 429) return 'too_many_requests'
  return error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500 ? 'bad_request' : null
}

function wantsPage (request: FastifyRequest): boolean {
  const accept = request.headers.accept ?? '*/*'
  return !/^application\/(.*\+)?json/.test(accept)
}

/** Who works at the desk, for the house or for an agency is not led out of it by a refusal; strangers see nothing of the last two. */
const [DESK, HOUSE] = [/^\/desk(?=[/?]|$)/, /^\/(?:admin|agency)(?=[/?]|$)/]

/** One answer for every failure: a page in the reader's language, or JSON of one shape. Never a stack, a path or SQL. */
async function answer (request: FastifyRequest, reply: FastifyReply, code: ErrorCode, status: number, details: Record<string, unknown>): Promise<unknown> {
  reply.code(status).header('cache-control', 'no-store')
  if (status === 503) reply.header('retry-after', '10')
  if (status === 429 && typeof details['seconds'] === 'number') reply.header('retry-after', String(details['seconds']))
  const program = !wantsPage(request) && hasWord(request.locale, `error_api.${code}`) // what pages say of pages is no help to a program
  const heading = request.t(program ? `error_api.${code}` : `error.${code}`, details)
  const help = program ? request.t(`error_api_help.${code}`, details) : helpOf(request, code, details)
  if (!wantsPage(request)) return await reply.send({ error: code, message: heading, help, id: request.id, ...'problems' in details ? { fields: details['problems'] } : {} })
  const desk = DESK.test(request.url) || (request.actor !== null && HOUSE.test(request.url))
  const kept = await keptForm(request, code)
  if (kept !== null) return await reply.send(await showKept(request, reply, { title: heading, status, heading, help, requestId: request.id, desk, noindex: true, ...kept }))
  return await reply.send(await reply.page('errors/show', { title: heading, status, heading, help, requestId: request.id, search: status === 404 && !desk, desk }, desk ? 'desk' : 'public'))
}

/** What to do now; nobody counts a long wait in seconds. */
function helpOf (request: FastifyRequest, code: ErrorCode, details: Record<string, unknown>): string {
  const seconds = details['seconds']
  if (typeof seconds === 'number' && seconds > 90) return request.t('errors.wait_minutes', { minutes: Math.ceil(seconds / 60) })
  return request.t(`error_help.${code}`, details)
}

export default fp(async app => {
  app.setErrorHandler<FastifyError>(async (error, request, reply) => {
    const code = codeOf(error)
    if (code === null) request.log.error({ err: { type: error.name, code: error.code, message: error instanceof SealBroken ? 'seal' : error.message, stack: error.stack } }, 'unexpected')
    if (error instanceof AppError && /^files?_/.test(error.code)) request.log.error({ code: error.code, why: error.details['why'] }, 'attachment store')
    if (code === 'not_signed_in' && request.method === 'GET' && wantsPage(request)) return await reply.redirect(entrance(request, error), 303)
    const details = error instanceof AppError ? error.details : {}
    return await answer(request, reply, code ?? 'internal', statusOf(error, code), details)
  })
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?')[0] ?? '/'
    const wrongMethod = isKnownPath(path) && !['GET', 'HEAD'].includes(request.method)
    if (wrongMethod) reply.header('allow', app.hasRoute({ method: 'GET', url: path }) ? 'GET, HEAD' : 'GET, HEAD, POST')
    const code = wrongMethod ? 'method_not_allowed' : 'not_found'
    return await answer(request, reply, code, wrongMethod ? 405 : 404, {})
  })
}, { name: 'errors', dependencies: ['view'] })

function statusOf (error: FastifyError, code: ErrorCode | null): number {
  if (code === null) return 500
  return new AppError(error instanceof AppError ? error.code : code).status
}

/** Where a person without the session that a page needs is led. */
function entrance (request: FastifyRequest, error: FastifyError): string {
  const kind = error instanceof AppError ? error.details['kind'] : 'staff'
  if (kind === 'draft') return request.path('complain', [], { expired: 1 })
  if (kind === 'track') return request.path('track', [], { expired: 1 })
  return request.path('signIn', [], { next: request.url.startsWith('/desk') ? request.url : undefined })
}
