import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { AppError, type ErrorCode } from '../errors.ts'
import { translate } from '../i18n/index.ts'
import type { Locale } from '../paths.ts'
import { codeOf } from './errors.ts'

const HEADERS = {
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store'
} as const

function document (locale: Locale, code: ErrorCode): string {
  const [heading, help] = [translate(locale, `error.${code}`), translate(locale, `error_help.${code}`)]
  return `<!DOCTYPE html><html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${heading}</title></head><body><main><h1>${heading}</h1><p>${help}</p></main></body></html>`
}

/** An address that no router can read (`/%ff`): hooks do not run, so the headers are set here. */
export function answerFrameworkError (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const code = codeOf(error) ?? 'bad_request'
  reply.code(new AppError(code).status).headers(HEADERS).type('text/html; charset=utf-8')
  reply.send(document(request.raw.locale ?? 'zh-CN', code))
}

/** Bytes that are no HTTP, or headers without end: the answer is written to the socket itself. */
export function answerClientError (error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) { socket.destroy(); return }
  const code = error.code === 'HPE_HEADER_OVERFLOW' ? 'headers_too_large' : 'bad_request'
  const { status } = new AppError(code)
  const body = document('zh-CN', code)
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}`), 'content-type: text/html; charset=utf-8', `content-length: ${Buffer.byteLength(body)}`, 'connection: close']
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
}
