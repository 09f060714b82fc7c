import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../../app.ts'
import { IDENTITY_MODES, type IdentityMode } from '../../../domain/process/identity-modes.ts'
import { byField, inWords, type Fault } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { representedComplaint } from '../../form/members/service.ts'
import { textOf } from '../../form/steps/fields.ts'
import { readYou } from '../../form/steps/person.ts'
import { disclose, modesAbove, type Disclosure } from './service.ts'

const FIELDS = ['mode', 'name', 'phone', 'email', 'address', 'org', 'uscc'] as const
type Typed = Record<typeof FIELDS[number], string>

declare module '../../../views.ts' {
  interface Views {
    'complaints/disclosure/show': Frame & { ref: string, mode: string, options: Array<{ value: string, label: string, hint: string }>, only: boolean, unknown: boolean, form: Typed, faults: Record<string, string> }
  }
}

const own = { permission: 'complaint.own', session: 'track' } as const
const Params = Type.Object({ ref: Type.String({ maxLength: 30 }) })
const Text = Type.Optional(Type.String({ maxLength: 4000 }))
const Form = Type.Object({ mode: Text, name: Text, phone: Text, email: Text, address: Text, org: Text, uscc: Text })

/** Saying more of oneself than before: from anonymous to confidential, from either to named. */
export async function disclosure (app: App): Promise<void> {
  app.get(ROUTES.trackIdentity, { schema: { params: Params }, config: own }, async (request, reply) => await show(app, request, reply, {}, []))

  app.post(ROUTES.trackIdentity, { schema: { params: Params, body: Form }, config: { ...own, limit: 'message' } }, async (request, reply) => {
    const { id, ref, identity_mode: from } = await representedComplaint(app, request, request.params.ref)
    const { change, errors } = readForm(request, from as IdentityMode)
    if (errors.length > 0) return await show(app, request, reply.code(422), request.body as Partial<Typed>, errors)
    await disclose(app, { complaintId: id, now: app.now(), requestId: request.id }, change, request)
    return await reply.redirect(request.path('tracking', [ref]), 303)
  })
}

/** The same checks as on the page of the form; who is known already is not asked again. */
function readForm (request: FastifyRequest, from: IdentityMode): { change: Disclosure, errors: Fault[] } {
  const form = request.body as Partial<Typed>
  const mode = textOf(form, 'mode') as IdentityMode
  if (!modesAbove(from).includes(mode)) return { change: { mode }, errors: [{ field: 'mode', text: request.t('disclosure.error.mode') }] }
  if (IDENTITY_MODES[from].sealed) return { change: { mode }, errors: [] }
  const { answers, faults } = readYou(form)
  return { change: { mode, ...answers.identity === undefined ? {} : { identity: answers.identity } }, errors: inWords(request, faults) }
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, typed: Partial<Typed>, errors: Fault[]): Promise<string> {
  const row = await representedComplaint(app, request, (request.params as { ref: string }).ref)
  const mode = row.identity_mode as IdentityMode
  const options = modesAbove(mode).map(value => ({ value, label: request.t(`identity_mode.${value}`), hint: request.t(`identity_mode_help.${value}`) }))
  return await reply.page('complaints/disclosure/show', {
    title: request.t('disclosure.title'),
    section: 'track',
    noindex: true,
    hideSearch: true,
    back: { href: request.path('tracking', [row.ref]) },
    ref: row.ref,
    mode,
    options,
    only: options.length === 1,
    unknown: !IDENTITY_MODES[mode].sealed,
    form: Object.fromEntries(FIELDS.map(field => [field, typed[field] ?? ''])) as Typed,
    faults: byField(errors),
    ...errors.length === 0 ? {} : { errors }
  })
}
