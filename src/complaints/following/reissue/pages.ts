import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../../app.ts'
import { plain } from '../../../domain/records/codes.ts'
import { groupQueryCode, normaliseReference } from '../../../domain/records/receipts.ts'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { askForCode, keepNewCode, LOST_MINUTES, readNewCode, redeem } from './service.ts'

declare module '../../../views.ts' {
  interface Views {
    'complaints/reissue/ask': Frame & { ref: string, contact: string, expired: boolean, faults: Record<string, string> }
    'complaints/reissue/code': Frame & { minutes: number, faults: Record<string, string> }
    'complaints/reissue/show': Frame & { ref: string, code: string, fault: string | null }
  }
}

const Text = Type.Optional(Type.String({ maxLength: 1000 }))
const Ask = Type.Object({ ref: Text, contact: Text })
const Code = Type.Object({ code: Text })
const Written = Type.Object({ written: Type.Optional(Type.String()) })
const Query = Type.Object({ expired: Type.Optional(Type.String()) })
const own = { permission: 'complaint.own', session: 'lost' } as const
const quiet = { section: 'track', noindex: true, hideSearch: true } as const

/** A new query code for a lost one: ask, type the code from the letter, write the new one down. Every page is the same whatever is true. */
export async function lost (app: App): Promise<void> {
  app.get(ROUTES.trackLost, { schema: { querystring: Query }, config: { permission: 'public' } }, async (request, reply) =>
    await ask(request, reply, { ref: '', contact: '' }, [], request.query.expired !== undefined))

  app.post(ROUTES.trackLost, { schema: { body: Ask }, config: { permission: 'public', limit: 'track' } }, async (request, reply) => {
    const { ref = '', contact = '' } = request.body
    const errors = askFaults(request, ref, contact)
    if (errors.length > 0) return await ask(request, reply.code(422), { ref, contact }, errors)
    await reply.startSession('lost', await askForCode(app, { ref, contact }, app.now()))
    return await reply.redirect(request.path('trackLostCode'), 303)
  })

  app.get(ROUTES.trackLostCode, { config: own }, async (request, reply) => await askCode(request, reply, []))

  app.post(ROUTES.trackLostCode, { schema: { body: Code }, config: { ...own, limit: 'track' } }, async (request, reply) => {
    const code = plain(request.body.code ?? '').replace(/\D/g, '')
    if (code === '') return await askCode(request, reply.code(422), [{ field: 'code', text: request.t('lost.error.code_missing') }])
    const right = await redeem(app, request.session?.subject ?? '', code, { now: app.now(), requestId: request.id })
    if (!right) return await askCode(request, reply.code(422), [{ field: 'code', text: request.t('lost.error.code_wrong') }])
    return await reply.redirect(request.path('trackLostNew'), 303)
  })

  showing(app)
}

function showing (app: App): void {
  app.get(ROUTES.trackLostNew, { config: own }, async (request, reply) => await show(app, request, reply, null))

  app.post(ROUTES.trackLostNew, { schema: { body: Written }, config: own }, async (request, reply) => {
    const id = request.session?.subject ?? ''
    const found = await readNewCode(app, id, app.now())
    if (found === null) return await reply.redirect(request.path('track'), 303)
    if (request.body.written === undefined) return await show(app, request, reply.code(422), request.t('receipt.error.written'))
    await keepNewCode(app, id)
    await reply.endSession('lost')
    await reply.startSession('track', found.complaintId, { label: found.ref })
    return await reply.redirect(request.path('tracking', [found.ref]), 303)
  })
}

/** Only the shape is judged here: it is public how a reference looks. */
function askFaults (request: FastifyRequest, ref: string, contact: string): Fault[] {
  const errors: Fault[] = []
  if (normaliseReference(ref) === null) errors.push({ field: 'ref', text: request.t(ref === '' ? 'track.ref.required' : 'track.ref.maxLength') })
  if (contact === '') errors.push({ field: 'contact', text: request.t('lost.error.contact') })
  return errors
}

async function ask (request: FastifyRequest, reply: FastifyReply, typed: { ref: string, contact: string }, errors: Fault[], expired = false): Promise<unknown> {
  return await reply.page('complaints/reissue/ask', {
    ...quiet, title: request.t('lost.title'), back: { href: request.path('track') }, ...typed, expired, faults: byField(errors), ...errors.length === 0 ? {} : { errors }
  })
}

async function askCode (request: FastifyRequest, reply: FastifyReply, errors: Fault[]): Promise<unknown> {
  return await reply.page('complaints/reissue/code', {
    ...quiet, title: request.t('lost.code_title'), back: { href: request.path('trackLost') }, minutes: LOST_MINUTES, faults: byField(errors), ...errors.length === 0 ? {} : { errors }
  })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, fault: string | null): Promise<unknown> {
  const found = await readNewCode(app, request.session?.subject ?? '', app.now())
  if (found === null) return await reply.redirect(request.path('trackLostCode'), 303)
  return await reply.page('complaints/reissue/show', {
    ...quiet, title: request.t('lost.new_title'), ref: found.ref, code: groupQueryCode(found.code), fault, ...fault === null ? {} : { errors: [{ field: 'written', text: fault }] }
  })
}
