import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../../app.ts'
import { AppError } from '../../../errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { checkSlip, type Verdict } from './service.ts'

declare module '../../../views.ts' {
  interface Views {
    'complaints/proof/check': Frame & {
      slip: string, fault: string | null, result: { verdict: Verdict, on: string, sound: boolean } | null
      keys: Array<{ id: string, since: string, until: string | null, href: string }>, commands: string
    }
  }
}

/** Longer than any slip with the address of its code before it, and than one in lines with spaces. */
const LIMIT = 1000
const Check = Type.Object({ slip: Type.Optional(Type.String({ maxLength: LIMIT })) })
const KeyParams = Type.Object({ id: Type.String({ maxLength: 40 }) })

const open = { permission: 'public' } as const

/**
 * Checking signed slips: no session, no cookie. The code on a receipt leads here with the slip behind a `#`, which no browser sends: a slip in
 * a path or query would leave reference and client address side by side in logs, proxies and caches, and tell who asks about which complaint.
 * Script moves it into the field; without script it is pasted. The form then sends it in its body, which nobody logs.
 */
export async function proof (app: App): Promise<void> {
  app.get(ROUTES.receiptCheck, { config: open }, async (request, reply) => await page(app, request, reply, { slip: '', fault: null, result: null }))

  app.post(ROUTES.receiptCheck, { schema: { body: Type.Union([Check, Type.Null()]) }, attachValidation: true, config: { ...open, limit: 'lookup' } }, async (request, reply) => {
    const given = (request.body as { slip?: unknown } | null)?.slip
    const slip = typeof given === 'string' ? given.slice(0, LIMIT) : ''
    const found = request.validationError === undefined ? await checkSlip(app, slip) : null
    if (found === null) return await page(app, request, reply.code(422), { slip, fault: request.t(slip.trim() === '' ? 'slip.error.empty' : 'slip.error.shape'), result: null })
    return await page(app, request, reply, { slip, fault: null, result: { ...found, sound: found.verdict === 'genuine' } })
  })

  app.get(ROUTES.receiptKeys, { config: open }, async (_request, reply) => reply.type('application/jwk-set+json').send(JSON.stringify({
    keys: app.keys.signing.published().map(({ id, key }) => ({ ...key.export({ format: 'jwk' }), kid: id, use: 'sig', alg: 'EdDSA' }))
  }, null, 2)))

  app.get(ROUTES.receiptKey, { schema: { params: KeyParams }, config: open }, async (request, reply) => {
    const found = app.keys.signing.published().find(({ id }) => id === request.params.id)
    if (found === undefined) throw new AppError('not_found')
    return reply.type('application/x-pem-file').header('content-disposition', `attachment; filename="sunlit-${found.id}.pem"`).send(found.key.export({ format: 'pem', type: 'spki' }))
  })
}

interface Checked { slip: string, fault: string | null, result: { verdict: Verdict, on: string, sound: boolean } | null }

async function page (app: App, request: FastifyRequest, reply: FastifyReply, checked: Checked): Promise<unknown> {
  const keys = app.keys.signing.published().map(({ id, since, until }) => ({ id, since, until, href: request.path('receiptKey', [id]) }))
  return await reply.header('cache-control', 'no-store').page('complaints/proof/check', {
    title: request.t('slip.title'),
    noindex: true,
    hideSearch: true,
    ...checked,
    keys,
    commands: COMMANDS,
    ...checked.fault === null ? {} : { errors: [{ field: 'slip', text: checked.fault }] }
  })
}

/** What the page tells to do without us; a test runs exactly this. OpenSSL 3, as every current system has it. */
const COMMANDS = `slip='SL1.…'
printf %s "\${slip%.*}" > message.txt
printf '%s==' "\${slip##*.}" | tr '_-' '/+' | openssl base64 -d -A > signature.bin
openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in message.txt -sigfile signature.bin`
