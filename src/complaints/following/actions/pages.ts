import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import type { Confirmation, Pressure } from '../../../domain/aftermath/follow-up.ts'
import { AppError } from '../../../errors.ts'
import { inWords, type FieldFaults } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import { reenter } from '../entrance/views.ts'
import type { Tracking } from '../../case/reading/service.ts'
import { confirmRectification, insist, rate, requestRecusal, requestReview, startRetaliation, withdraw, type Act } from '../requests/service.ts'
import { openTracking, own } from '../tracking/explain.ts'
import { faultsIn } from './forms.ts'
import { isRequestKind, RequestForm, RequestParams, typedIn, type RequestKind } from './schema.ts'
import { againstOf, showRequest } from './views.ts'

type Do = (app: App, act: Act, form: RequestForm) => Promise<unknown>

/** What each form does once it is sound. */
const DO: Readonly<Record<Exclude<RequestKind, 'retaliation'>, Do>> = {
  withdrawal: async (app, act, { reason, pressure, pressed }) => {
    await withdraw(app, act, { ...reason === undefined ? {} : { reason }, pressure: pressure as Pressure, ...pressed === undefined ? {} : { pressed } })
  },
  insisting: async (app, act, { words }) => { await insist(app, act, words ?? '') },
  rectification: async (app, act, { answer, words }) => { await confirmRectification(app, act, answer as Confirmation, words) },
  review: async (app, act, { issue, words }) => { await requestReview(app, act, Number(issue), words ?? '') },
  recusal: async (app, act, { who = '', words = '' }) => { await requestRecusal(app, act, who, words) },
  rating: async (app, act, { moment = 'answer', words, ...given }) => {
    const scores = Object.fromEntries((['clarity', 'fairness', 'speed'] as const).flatMap(name => given[name] === undefined ? [] : [[name, Number(given[name])]]))
    await rate(app, act, { moment, scores, ...words === undefined ? {} : { words } })
  }
}

/** Taking a complaint back, saying whether it was put right, asking for a review or a recusal, reporting retaliation, rating. */
export async function actions (app: App): Promise<void> {
  app.get(ROUTES.trackRequest, { schema: { params: RequestParams }, config: own }, async (request, reply) => {
    const found = await openTracking(app, request, request.params.ref)
    return await showRequest(request, reply, found, { kind: kindOf(request.params), typed: {} })
  })

  app.post(ROUTES.trackRequest, { schema: { params: RequestParams, body: RequestForm }, config: { ...own, sessionOptional: true, limit: 'message' } }, async (request, reply) => {
    const { ref } = request.params
    const typed = typedIn(request.body)
    if (request.session === null) return await reenter(request, reply, ref, { to: request.params.kind, fields: typed as Record<string, string> })
    const found = await openTracking(app, request, ref)
    const kind = kindOf(request.params)
    if (againstOf(request, found, kind).length > 0) return await showRequest(request, reply, found, { kind, typed })
    const faults = faultsIn(request, found, kind, typed)
    if (Object.keys(faults).length > 0) return await showRequest(request, reply.code(422), found, { kind, typed, errors: inWords(request, faults) })
    if (kind === 'withdrawal' && request.body.sure === undefined) return await showRequest(request, reply, found, { kind, typed, checking: true })
    return await perform(app, request, reply, { found, kind, typed })
  })
}

function kindOf ({ kind }: { kind: string }): RequestKind {
  if (!isRequestKind(kind)) throw new AppError('not_found', { kind })
  return kind
}

async function perform (app: App, request: FastifyRequest, reply: FastifyReply, { found, kind, typed }: { found: Tracking, kind: RequestKind, typed: RequestForm }): Promise<unknown> {
  const act: Act = { id: found.id, now: app.now(), requestId: request.id }
  if (kind === 'retaliation') {
    const draft = await startRetaliation(app, act)
    await reply.startSession('draft', draft)
    return await reply.redirect(request.path('complainStep', ['target']), 303)
  }
  try {
    await DO[kind](app, act, typed)
  } catch (error) {
    if (!(error instanceof AppError) || !['form_invalid', 'transition_refused'].includes(error.code)) throw error
    if (error.code === 'transition_refused') return await showRequest(request, reply, found, { kind, typed, barred: barredBy(request, error, kind) })
    return await showRequest(request, reply.code(422), found, { kind, typed, errors: inWords(request, error.details['fields'] as FieldFaults) })
  }
  return await reply.redirect(request.path('tracking', [found.ref], { done: kind }), 303)
}

function barredBy (request: FastifyRequest, { details }: AppError, kind: RequestKind): string[] {
  const failing = (details['failing'] as string[] | undefined ?? []).map(guard => request.t(`guard.${guard}`))
  return failing.length > 0 ? failing : [request.t(`request.${kind}.barred`)]
}
