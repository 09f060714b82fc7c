import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { parse } from 'node:querystring'
import type { ErrorCode } from '../errors.ts'
import { keptFields, readBody, textsIn, type KeptField } from '../forms/kept.ts'
import { hasWord } from '../i18n/index.ts'
import type { RouteName } from '../paths.ts'
import type { Frame, Views } from '../views.ts'
import { cleanFields } from './forms.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether this is a form in which a person wrote something. */
    holdsWords: () => Promise<boolean>
  }
}

declare module '../views.ts' {
  interface Views {
    'errors/kept': Frame & {
      status: number, heading: string, help: string, requestId: string, desk: boolean
      action: string, fields: KeptField[], texts: string[], token: string, again: boolean, before: { href: string, label: string } | null
    }
  }
}

/**
 * Failures after which a form comes back with everything in it. `again`: sending it once more may help; `before`: what has to be done first, in
 * another window.
 */
const KEPT: Partial<Record<ErrorCode, { again: boolean, before?: Partial<Record<'draft' | 'track' | 'staff', RouteName>> }>> = {
  overloaded: { again: true },
  database_busy: { again: true },
  database_readonly: { again: true },
  storage_full: { again: true },
  starting: { again: true },
  internal: { again: true },
  too_many_requests: { again: true },
  form_expired: { again: true },
  not_signed_in: { again: true, before: { draft: 'complainResume', track: 'track', staff: 'signIn' } },
  draft_gone: { again: false, before: { draft: 'complain' } },
  already_sent: { again: false, before: { draft: 'receipt' } }
}

type FormPage = Views['errors/kept']
type Kept = Pick<FormPage, 'action' | 'fields' | 'texts' | 'token' | 'again' | 'before'> & { heading?: string, help?: string }

/** What the page of a failure needs to give a form back; null where the request was no form of words, or held a secret. No database is asked. */
export async function keptForm (request: FastifyRequest, code: ErrorCode): Promise<Kept | null> {
  const kept = KEPT[code]
  if (kept === undefined || !isForm(request)) return null
  const form = await formOf(request)
  const fields = form === null ? null : keptFields(form)
  if (fields === null) return null
  const texts = textsIn(fields)
  if (texts.length === 0 && !kept.again) return null
  const kind = request.routeOptions.config.session
  const route = kind === 'draft' || kind === 'track' || kind === 'staff' ? kept.before?.[kind] : undefined
  return {
    ...wordsFor(request, code, kind),
    action: `${request.path('home').replace(/\/$/, '')}${request.url.replace(/^[/\\]+/, '/')}`,
    fields: fields.filter(({ name }) => name !== '_csrf'),
    texts,
    token: fields.find(({ name }) => name === '_csrf')?.value ?? '',
    again: kept.again,
    before: route === undefined ? null : { href: request.path(route), label: request.t(`kept.before_${route}`) }
  }
}

/** What is said where the general words would mislead somebody whose form comes back. */
function wordsFor (request: FastifyRequest, code: ErrorCode, kind: string | undefined): { heading?: string, help?: string } {
  const say = (prefix: string): string | undefined => [`${prefix}.${code}_${kind ?? ''}`, `${prefix}.${code}`].filter(key => hasWord(request.locale, key)).map(key => request.t(key))[0]
  const [heading, help] = [say('kept_title'), say('kept_help')]
  return { ...heading === undefined ? {} : { heading, title: heading }, ...help === undefined ? {} : { help } }
}

function isForm (request: FastifyRequest): boolean {
  if (request.method !== 'POST') return false
  const type = request.headers['content-type'] ?? ''
  // Of a form with files the words come back where its route read them; the files have to be chosen again.
  return type.startsWith('application/x-www-form-urlencoded') || (type.startsWith('multipart/form-data') && typeof request.body === 'object' && request.body !== null)
}

/** The fields as the schemas would have seen them, also when the request was refused before its body was read. */
async function formOf (request: FastifyRequest): Promise<Record<string, string | string[]> | null> {
  if (typeof request.body === 'object' && request.body !== null) return request.body as Record<string, string | string[]>
  const text = await readBody(request.raw)
  try {
    const form = text === null ? null : cleanFields(parse(text))
    request.body = form
    return form
  } catch {
    return null
  }
}

/** The page that gives a form back. */
export async function showKept (request: FastifyRequest, reply: FastifyReply, page: FormPage): Promise<string> {
  return await reply.page('errors/kept', page, page.desk ? 'desk' : 'public')
}

export default fp(async app => {
  app.decorateRequest('holdsWords', async function (this: FastifyRequest) {
    const form = isForm(this) ? await formOf(this) : null
    return form !== null && textsIn(keptFields(form) ?? []).length > 0
  })
}, { name: 'kept-forms', dependencies: ['request'] })
