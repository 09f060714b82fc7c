import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { REVEAL_REASONS } from '../../../complaints/case/core/service.ts'
import { revealIdentity, type Identity } from '../../../complaints/case/correspondence/service.ts'
import { findCase, type Case } from '../../../complaints/case/reading/service.ts'
import { AppError } from '../../../errors.ts'
import { byField, fieldErrors, type Fault } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../casework/actor.ts'
import { caseFrame } from '../casework/present.ts'
import { ComplaintParams } from '../casework/schema.ts'
import { RevealForm, REVEAL_TEXT_LIMIT } from './schema.ts'

const FIELDS = ['name', 'org', 'uscc', 'phone', 'email', 'address'] as const

declare module '../../../views.ts' {
  interface Views {
    'desk/identity/ask': Frame & { complaint: Case, options: Array<{ value: string, label: string }>, category: string, text: string, limit: number, faults: Record<string, string>, looks: number, past: Array<{ at: string, actor: string, reason: string }> }
    'desk/identity/show': Frame & { complaint: Case, rows: Array<{ key: string, value: string, lang: string }> }
  }
}

/** Who complained: a reason first, then once on the page that answers; the complainant reads that it was seen, and why. */
export async function identity (app: App): Promise<void> {
  const config = { permission: 'complaint.read', session: 'staff' } as const

  app.get(ROUTES.identityViews, { schema: { params: ComplaintParams }, config }, async (request, reply) => await ask(app, request, reply, [], {}))

  app.post(ROUTES.identityViews, { schema: { params: ComplaintParams, body: RevealForm }, config, attachValidation: true }, async (request, reply) => {
    const faults = fieldErrors(request, 'reveal')
    if (faults.length > 0) return await ask(app, request, reply.code(422), faults, request.body)
    const { ref } = request.params
    const clerk = await clerkOf(app, request)
    const complaint = await findCase(app, ref, app.now(), clerk)
    const found = await revealIdentity(app, clerk, ref, request.body, app.now()).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'stale_version') return undefined // reloaded, or a colleague was faster
      throw error
    })
    if (found === undefined) return await ask(app, request, reply.code(409), [{ field: 'category', text: request.t('reveal.used') }], {})
    return await reply.page('desk/identity/show', { ...caseFrame(request, ref, request.t('reveal.shown')), complaint, rows: found === null ? [] : rowsOf(request, found) })
  })
}

async function ask (app: App, request: FastifyRequest, reply: FastifyReply, errors: Fault[], typed: { category?: string, text?: string }): Promise<string> {
  const { ref } = request.params as { ref: string }
  const clerk = await clerkOf(app, request)
  const complaint = await findCase(app, ref, app.now(), clerk)
  const looks = complaint.events.filter(event => event.action === 'identity_viewed')
  return await reply.page('desk/identity/ask', {
    ...caseFrame(request, ref, request.t('reveal.title')),
    errors,
    faults: byField(errors),
    complaint,
    options: REVEAL_REASONS.map(reason => ({ value: reason, label: request.t(`reveal_reason.${reason}`) })),
    category: typed.category ?? '',
    text: typed.text ?? '',
    limit: REVEAL_TEXT_LIMIT,
    looks: looks.length,
    past: looks.map(event => ({ at: event.at, actor: event.actor ?? '', reason: request.t(`reveal_reason.${event.details['reason']}`) }))
  })
}

function rowsOf (request: FastifyRequest, identity: Identity): Array<{ key: string, value: string, lang: string }> {
  const own = FIELDS.flatMap(field => identity[field] === undefined ? [] : [{ key: request.t(`reveal_field.${field}`), value: identity[field], lang: 'zh-CN' }])
  const members = (identity.members ?? []).map(({ name, phone }, at) => ({ key: request.t('members.line', { no: at + 1 }), value: [name, phone].filter(part => part !== undefined).join(' '), lang: 'zh-CN' }))
  const { agent } = identity
  const acting = agent === undefined ? [] : (['name', 'phone'] as const).flatMap(field => agent[field] === undefined ? [] : [{ key: request.t(`you.agent_${field}`), value: agent[field], lang: 'zh-CN' }])
  return [...own, ...acting, ...members]
}
