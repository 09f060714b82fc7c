import type { FastifyReply, FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import type { App } from '../../app.ts'
import { isEmail } from '../../forms/email.ts'
import { byField, type Fault } from '../../forms/field-errors.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { setFrequency, type Subscription } from './repository.ts'
import { follow, type Followed, type Kept } from './scopes.ts'
import { confirm, CONFIRM_HOURS, end, isInForce, readManaged, readPending, subscribe } from './service.ts'

type Thing = Pick<Followed, 'title' | 'lang' | 'filters' | 'href'>

declare module '../../views.ts' {
  interface Views {
    'open/subscriptions/new': Frame & { thing: Thing, kept: Kept, action: string, typed: Record<string, string>, faults: Record<string, string>, hours: number }
    'open/subscriptions/told': Frame & { heading: string, text: string, more: string | null }
    'open/subscriptions/confirm': Frame & { thing: Thing, token: string, frequency: string }
    'open/subscriptions/show': Frame & { thing: Thing, token: string, frequency: string, begun: boolean, saved: boolean }
  }
}

const Text = Type.Optional(Type.String({ maxLength: 2000 }))
const Form = Type.Object({ set: Text, code: Text, query: Text, email: Text, frequency: Text, website: Text })
type Form = Static<typeof Form>
const Token = Type.Object({ token: Type.String({ maxLength: 120 }) })
const config = { permission: 'public', cache: 'none' } as const
const hidden = { noindex: true, hideSearch: true } as const

/** Following the register by e-mail: no account, a letter to confirm, a page to change or end it. */
export async function subscriptions (app: App): Promise<void> {
  app.get(ROUTES.subscriptions, { config }, async (request, reply) => {
    const { set = 'all', code = '', ...rest } = request.query as Record<string, string | string[]>
    const kept = { set: String(set), code: String(code), query: request.path('home', [], rest).split('?')[1] ?? '' }
    return await showForm(app, request, reply, { kept, typed: {}, errors: [] })
  })

  app.post(ROUTES.subscriptions, { schema: { body: Form }, attachValidation: true, config: { ...config, limit: 'subscribe' } }, async (request, reply) => {
    const { set, code, query, email, frequency, website } = textsOf(request.body)
    const errors = faultsOf(request, { email, frequency })
    const kept = { set: set === '' ? 'all' : set, code, query }
    if (errors.length > 0) return await showForm(app, request, reply.code(422), { kept, typed: { email, frequency }, errors })
    const followed = await follow(app, request, kept)
    // What fills a field that nobody sees is no person; it is told the same.
    if (website === '') await subscribe(app, followed, { email, frequency: frequency === 'daily' ? 'daily' : 'weekly', locale: request.locale }, app.now())
    return await reply.redirect(request.path('subscriptionSent'), 303)
  })

  app.get(ROUTES.subscriptionSent, { config }, async (request, reply) => await told(request, reply, 'sent'))
  app.get(ROUTES.subscriptionEnded, { config }, async (request, reply) => await told(request, reply, 'ended'))

  confirming(app)
  managing(app)
}

async function told (request: FastifyRequest, reply: FastifyReply, name: string): Promise<string> {
  return await reply.page('open/subscriptions/told', {
    title: request.t(`subscribe.${name}`), ...hidden, heading: request.t(`subscribe.${name}`), text: request.t(`subscribe.${name}_text`, { hours: CONFIRM_HOURS }), more: name === 'sent' ? request.t('subscribe.sent_more') : null
  })
}

function confirming (app: App): void {
  const used = async (request: FastifyRequest, reply: FastifyReply, token: string): Promise<string> => await isInForce(app, token) ? await told(request, reply, 'in_force') : await told(request, reply.code(404), 'expired')
  // A letter's link is opened by filters too, before anybody reads it: only the button begins something.
  app.get(ROUTES.subscriptionConfirm, { schema: { params: Token }, config: { ...config, limit: 'lookup' } }, async (request, reply) => {
    const found = await readPending(app, request.params.token, app.now())
    if (found === null) return await used(request, reply, request.params.token)
    return await reply.page('open/subscriptions/confirm', { title: request.t('subscribe.confirm'), ...hidden, thing: await thingOf(app, request, found), token: request.params.token, frequency: found.frequency })
  })
  app.post(ROUTES.subscriptionConfirm, { schema: { params: Token }, config: { ...config, limit: 'lookup' } }, async (request, reply) => {
    const token = await confirm(app, request.params.token, app.now())
    if (token === null) return await used(request, reply, request.params.token)
    return await reply.redirect(request.path('subscription', [token], { begun: 1 }), 303)
  })
}

function managing (app: App): void {
  app.get(ROUTES.subscription, { schema: { params: Token, querystring: Type.Object({ begun: Text, saved: Text }) }, config: { ...config, limit: 'lookup' } }, async (request, reply) => {
    const found = await readManaged(app, request.params.token)
    if (found === null) return await told(request, reply.code(410), 'ended')
    const { begun, saved } = request.query
    return await reply.page('open/subscriptions/show', { title: request.t('subscribe.manage'), ...hidden, thing: await thingOf(app, request, found), token: request.params.token, frequency: found.frequency, begun: begun !== undefined, saved: saved !== undefined })
  })
  app.post(ROUTES.subscription, { schema: { params: Token, body: Type.Object({ frequency: Text }) }, config: { ...config, limit: 'lookup' } }, async (request, reply) => {
    const found = await readManaged(app, request.params.token)
    if (found === null) return await told(request, reply.code(410), 'ended')
    await setFrequency(app.db, found.id, request.body.frequency === 'daily' ? 'daily' : 'weekly')
    return await reply.redirect(request.path('subscription', [request.params.token], { saved: 1 }), 303)
  })
  // A letter names this address in List-Unsubscribe: a person who opens it gets the page with the button, a mail program posts to it.
  app.get(ROUTES.subscriptionEnd, { schema: { params: Token }, config: { ...config, limit: 'lookup' } }, async (request, reply) => await reply.redirect(request.path('subscription', [request.params.token]), 302))
  app.post(ROUTES.subscriptionEnd, { schema: { params: Token }, config: { ...config, limit: 'lookup', program: true } }, async (request, reply) => {
    const found = await readManaged(app, request.params.token)
    if (found !== null) await end(app, found.id)
    return await reply.redirect(request.path('subscriptionEnded'), 303)
  })
}

interface Visit { kept: Kept, typed: Record<string, string>, errors: Fault[] }

async function showForm (app: App, request: FastifyRequest, reply: FastifyReply, { kept, typed, errors }: Visit): Promise<string> {
  const { kept: clean, ...thing } = await follow(app, request, kept)
  const action = request.path('subscriptions', [], { set: clean.set, code: clean.code, ...queryOf(clean.query) })
  return await reply.page('open/subscriptions/new', { title: request.t('subscribe.title'), ...hidden, back: { href: thing.href }, errors, faults: byField(errors), thing, kept: clean, action, self: action, typed, hours: CONFIRM_HOURS })
}

/** The values of an address; what the form names itself is not among them. */
function queryOf (query: string): Record<string, string[]> {
  const values = new URLSearchParams(query)
  return Object.fromEntries([...new Set(values.keys())].filter(name => name !== 'set' && name !== 'code').map(name => [name, values.getAll(name)]))
}

/** What was followed may not be public any more; it can be ended all the same. */
async function thingOf (app: App, request: FastifyRequest, { set_name: set, code, query }: Subscription): Promise<Thing> {
  return await follow(app, request, { set, code, query }).catch(() => ({ title: request.t('subscribe.gone'), lang: undefined, filters: [], href: request.path('data') }))
}

/** Fields as one text each; more of the same name, or too much, is nothing. */
function textsOf (body: Form): Record<keyof Form, string> {
  const text = (value: unknown): string => typeof value === 'string' ? value.slice(0, 2000) : ''
  return { set: text(body.set), code: text(body.code), query: text(body.query), email: text(body.email), frequency: text(body.frequency), website: text(body.website) }
}

function faultsOf (request: FastifyRequest, { email, frequency }: Record<'email' | 'frequency', string>): Fault[] {
  const faults: Fault[] = []
  if (!isEmail(email)) faults.push({ field: 'email', text: request.t(email === '' ? 'subscribe.email_missing' : 'subscribe.email_wrong') })
  if (frequency !== 'daily' && frequency !== 'weekly') faults.push({ field: 'frequency', text: request.t('subscribe.frequency_missing') })
  return faults
}
