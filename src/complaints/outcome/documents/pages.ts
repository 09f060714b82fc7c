import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../../app.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { findByNumber } from './service.ts'

export type Checked = { verdict: 'valid' | 'void', type: string, number: string, issuedAt: string, digest: string } | { verdict: 'unknown' }

declare module '../../../views.ts' {
  interface Views { 'complaints/documents/verify': Frame & { number: string, digest: string, result: Checked | null, faults: Record<string, string> } }
}

const CheckForm = Type.Object({ number: Type.Optional(Type.String({ maxLength: 200 })), digest: Type.Optional(Type.String({ maxLength: 200 })) })

/**
 * Whether a paper is one of the bureau's: its number and digest, both printed on it. Without the right digest nothing is said about a number, so
 * nobody can list what was issued. Never what the document says, nor to whom it went.
 */
export async function documentCheck (app: App): Promise<void> {
  app.get(ROUTES.documentVerify, { config: { permission: 'public' } }, async (request, reply) => await page(request, reply, { number: '', digest: '' }, null))

  app.post(ROUTES.documentVerify, { schema: { body: Type.Union([CheckForm, Type.Null()]) }, attachValidation: true, config: { permission: 'public', limit: 'lookup' } }, async (request, reply) => {
    const given = request.body as Record<string, unknown> | null
    const text = (name: string): string => typeof given?.[name] === 'string' ? given[name].slice(0, 200).trim() : ''
    const typed = { number: text('number'), digest: text('digest').replace(/\s/g, '') }
    const missing = (['number', 'digest'] as const).filter(name => typed[name] === '')
    if (missing.length > 0) return await page(request, reply.code(422), typed, null, missing)
    const found = await findByNumber(app.db, typed.number.replaceAll('[', '〔').replaceAll(']', '〕').replace(/\s/g, ''))
    if (found?.digest !== typed.digest) return await page(request, reply, typed, { verdict: 'unknown' })
    return await page(request, reply, typed, { verdict: found.voided_at === null ? 'valid' : 'void', type: found.type, number: found.number, issuedAt: found.issued_at, digest: found.digest })
  })
}

async function page (request: FastifyRequest, reply: FastifyReply, typed: { number: string, digest: string }, result: Checked | null, missing: readonly string[] = []): Promise<unknown> {
  const faults = Object.fromEntries(missing.map(field => [field, request.t(`document_check.no_${field}`)]))
  return await reply.header('cache-control', 'no-store').page('complaints/documents/verify', {
    title: request.t('document_check.title'), noindex: true, hideSearch: true, ...typed, result, faults, errors: Object.entries(faults).map(([field, text]) => ({ field, text }))
  })
}
