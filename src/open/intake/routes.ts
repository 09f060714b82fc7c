import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { readTaken } from '../../complaints/form/entry/service.ts'
import { slipOf } from '../../complaints/following/proof/service.ts'
import { AppError } from '../../errors.ts'
import { translate } from '../../i18n/index.ts'
import { ROUTES } from '../../paths.ts'
import { Headers, Item, REFUSALS, Taken } from './schema.ts'
import { keyOf, problemsOf, takeIn, type KeyRow } from './service.ts'

/** Complaints that other systems hand over: with a key, once each, under the rules of the public form. */
export async function intake (app: App): Promise<void> {
  app.addContentTypeParser('application/json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'))
  const holders = new WeakMap<FastifyRequest, KeyRow>()
  // After the limit of its address, before anything of the body is read.
  app.addHook('preParsing', async (request, reply) => {
    const key = await keyOf(app, request.headers.authorization)
    if (key === undefined) {
      reply.header('www-authenticate', 'Bearer')
      throw new AppError('key_refused')
    }
    app.countAttempt('intake', key.id)
    holders.set(request, key)
  })

  app.post(ROUTES.apiComplaints, {
    attachValidation: true,
    schema: {
      operationId: 'submit_complaint', tags: ['complaints'], summary: translate('en', 'intake.summary'), security: [{ key: [] }],
      headers: Headers, body: Item, response: { 201: { description: 'Taken in; the same again for the same request', ...Taken }, ...REFUSALS }
    },
    config: { permission: 'public', limit: 'api', cache: 'none', program: true }
  }, async (request, reply) => {
    if (request.validationError?.validationContext === 'headers') throw new AppError('bad_parameter', { name: 'Idempotency-Key' })
    if (request.validationError !== undefined) throw new AppError('form_invalid', { problems: problemsOf(request) })
    const handing = { key: holders.get(request) as KeyRow, word: request.headers['idempotency-key'], item: request.body }
    return await answer(app, request, reply, await takeIn(app, handing, request, app.now()))
  })
}

async function answer (app: App, request: FastifyRequest, reply: FastifyReply, id: string): Promise<Taken> {
  const { ref, submittedAt, dueOn } = await readTaken(app, id)
  const { slip } = await slipOf(app, id)
  reply.code(201)
  return { reference: ref, submitted_at: submittedAt, due_on: dueOn, slip, receipt_check: app.address(request.locale, 'receiptCheck'), track: app.address(request.locale, 'track') }
}
