import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../../app.ts'
import { normalisePhone, plain } from '../../../domain/records/codes.ts'
import { isEmail } from '../../../forms/email.ts'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { eraseTraces } from '../../../db/erasure.ts'
import { representedComplaint } from '../../form/members/service.ts'
import { CHECK_MINUTES, confirmCheck, correctContacts, readContacts, sendCheck, switchNotices, type ContactView, type Own } from './service.ts'

declare module '../../../views.ts' {
  interface Views {
    'complaints/contacts/show': Frame & {
      ref: string, anonymous: boolean, contacts: Array<ContactView & { error: string | null, flooded: string | null, fieldId: string }>, done: string | null, minutes: number
      form: { phone: string, email: string }, faults: Record<string, string>
    }
  }
}

const own = { permission: 'complaint.own', session: 'track' } as const
const Ref = Type.Object({ ref: Type.String({ maxLength: 30 }) })
const RefId = Type.Object({ ref: Type.String({ maxLength: 30 }), id: Type.String({ pattern: '^[A-Za-z0-9_-]{16}$' }) })
const Done = Type.Object({ done: Type.Optional(Type.String({ pattern: '^[a-z_]{1,20}$' })) })
const Code = Type.Object({ code: Type.Optional(Type.String({ maxLength: 100 })) })
const Switch = Type.Object({ notify: Type.Optional(Type.String()) })
const Change = Type.Object({ phone: Type.Optional(Type.String({ maxLength: 1000 })), email: Type.Optional(Type.String({ maxLength: 1000 })) })

/** The complainant's own ways of being reached: verify, correct, end and begin notices, and see what became of each. */
export async function contacts (app: App): Promise<void> {
  app.get(ROUTES.trackContacts, { schema: { params: Ref, querystring: Done }, config: own }, async (request, reply) =>
    await show(app, request, reply, { done: request.query.done }))

  app.post(ROUTES.trackContacts, { schema: { params: Ref, body: Change }, config: { ...own, limit: 'message' } }, async (request, reply) => {
    const typed = { phone: request.body.phone ?? '', email: request.body.email ?? '' }
    const { change, errors } = readChange(request, typed)
    if (errors.length > 0) return await show(app, request, reply.code(422), { form: typed, errors })
    await correctContacts(app, await ownOf(app, request), change, request.locale)
    await eraseTraces(app.db)
    return await back(request, reply, 'changed')
  })

  app.post(ROUTES.trackContactCodes, { schema: { params: RefId }, config: { ...own, limit: 'message' } }, async (request, reply) => {
    const { complaintId } = await ownOf(app, request)
    if (await sendCheck(app, complaintId, request.params.id, app.now())) return await back(request, reply, 'sent')
    return await show(app, request, reply.code(429), { errors: [{ field: `send-${request.params.id}`, text: request.t('contacts.error.flooded') }] })
  })

  app.post(ROUTES.trackContactChecks, { schema: { params: RefId, body: Code }, config: { ...own, limit: 'message' } }, async (request, reply) => {
    const code = plain(request.body.code ?? '').replace(/\D/g, '')
    const right = code !== '' && await confirmCheck(app, await ownOf(app, request), request.params.id, code)
    if (right) return await back(request, reply, 'verified')
    const text = request.t(code === '' ? 'contacts.error.code_missing' : 'contacts.error.code_wrong')
    return await show(app, request, reply.code(422), { errors: [{ field: `code-${request.params.id}`, text }] })
  })

  app.post(ROUTES.trackContactNotices, { schema: { params: RefId, body: Switch }, config: own }, async (request, reply) => {
    const notify = request.body.notify !== undefined
    await switchNotices(app, await ownOf(app, request), request.params.id, notify)
    return await back(request, reply, notify ? 'begun' : 'ended')
  })
}

async function ownOf (app: App, request: FastifyRequest): Promise<Own> {
  const { id } = await representedComplaint(app, request, (request.params as { ref: string }).ref)
  return { complaintId: id, now: app.now(), requestId: request.id }
}

async function back (request: FastifyRequest, reply: FastifyReply, done: string): Promise<unknown> {
  return await reply.redirect(request.path('trackContacts', [(request.params as { ref: string }).ref], { done }), 303)
}

/** What was typed anew; blank fields stay as they are. */
function readChange (request: FastifyRequest, { phone, email }: { phone: string, email: string }): { change: { phone?: string, email?: string }, errors: Fault[] } {
  const errors: Fault[] = []
  const number = normalisePhone(phone) ?? ''
  if (phone === '' && email === '') errors.push({ field: 'phone', text: request.t('contacts.error.nothing') })
  if (phone !== '' && number.length < 7) errors.push({ field: 'phone', text: request.t('you.error.phone') })
  if (email !== '' && !isEmail(email)) errors.push({ field: 'email', text: request.t('you.error.email') })
  return { change: { ...number === '' ? {} : { phone: number }, ...email === '' ? {} : { email } }, errors }
}

interface Visit { done?: string | undefined, form?: { phone: string, email: string }, errors?: Fault[] }

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { done, form, errors = [] }: Visit): Promise<string> {
  const row = await representedComplaint(app, request, (request.params as { ref: string }).ref)
  const faults = byField(errors)
  const rows = await readContacts(app, row.id, app.now())
  return await reply.page('complaints/contacts/show', {
    title: request.t('contacts.title'),
    section: 'track',
    noindex: true,
    hideSearch: true,
    back: { href: request.path('tracking', [row.ref]) },
    self: request.path('trackContacts', [row.ref]),
    ref: row.ref,
    anonymous: row.identity_mode === 'anonymous',
    contacts: rows.map(contact => ({ ...contact, fieldId: `code-${contact.id}`, error: faults[`code-${contact.id}`] ?? null, flooded: faults[`send-${contact.id}`] ?? null, notices: contact.notices.slice(0, 5) })),
    done: done !== undefined && hasWord(request.locale, `contacts.done.${done}`) ? request.t(`contacts.done.${done}`) : null,
    minutes: CHECK_MINUTES,
    form: form ?? { phone: '', email: '' },
    faults,
    ...errors.length === 0 ? {} : { errors }
  })
}
