import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { App } from '../../../app.ts'
import { STEP_TEXT_LIMIT } from '../../../complaints/case/core/service.ts'
import { findCase, type Case } from '../../../complaints/case/reading/service.ts'
import { decideRecusal, settleFlag } from '../../../complaints/following/requests/service.ts'
import { AppError } from '../../../errors.ts'
import { byField, fieldErrors, type Fault } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../casework/actor.ts'
import { refusalOf } from '../casework/faults.ts'
import { caseFrame } from '../casework/present.ts'
import { listHandlers } from '../../day/queue/repository.ts'
import { FlagForm, RecusalForm, RecusalParams, RefParams } from './schema.ts'

interface Visit { typed: Partial<Static<typeof RecusalForm>>, faults: Fault[] }

declare module '../../../views.ts' {
  interface Views {
    'desk/follow-up/recusal': Frame & {
      complaint: Case, asked: Case['aftermath']['recusals'][number], options: Array<{ value: string, label: string }>, people: Array<{ value: string, label: string, lang: string }>
      granted: string, account: string, reasons: string, limit: number, faults: Record<string, string>
    }
  }
}

/** What complainants ask besides the workflow: recusals to decide, alerts to look into. */
export async function followUp (app: App): Promise<void> {
  const config = { permission: 'recusal.decide', session: 'staff' } as const

  app.get(ROUTES.recusal, { schema: { params: RecusalParams }, config }, async (request, reply) => await show(app, request, reply, { typed: {}, faults: [] }))

  app.post(ROUTES.recusal, { schema: { params: RecusalParams, body: RecusalForm }, config, attachValidation: true }, async (request, reply) => {
    const { ref, id } = request.params
    const typed = request.body
    const faults = fieldErrors(request, 'follow_up')
    if (faults.length > 0) return await show(app, request, reply.code(422), { typed, faults })
    try {
      await decideRecusal(app, await clerkOf(app, request), ref, { id, granted: typed.granted === 'yes', accountId: typed.account ?? null, reasons: typed.reasons ?? '' }, app.now())
    } catch (error) {
      const { status, faults } = refusalOf(request, error, 'reasons')
      return await show(app, request, reply.code(status), { typed, faults })
    }
    return await reply.redirect(typed.granted === 'yes' && typed.account === request.actor?.id ? request.path('queue') : request.path('complaint', [ref], { done: 'recusal' }), 303)
  })

  app.post(ROUTES.caseFlags, { schema: { params: RefParams, body: FlagForm }, config: { permission: 'complaint.note', session: 'staff' } }, async (request, reply) => {
    await settleFlag(app, await clerkOf(app, request), request.params.ref, request.body.kind, app.now())
    return await reply.redirect(request.path('complaint', [request.params.ref], { done: 'flag' }), 303)
  })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { typed, faults }: Visit): Promise<string> {
  const { ref, id } = request.params as { ref: string, id: number }
  const clerk = await clerkOf(app, request)
  const complaint = await findCase(app, ref, app.now(), clerk)
  const asked = complaint.aftermath.recusals.find(recusal => recusal.id === Number(id))
  if (asked === undefined) throw new AppError('not_found', { ref })
  if (asked.status !== 'open') throw new AppError('already_decided', { ref })
  return await reply.page('desk/follow-up/recusal', {
    ...caseFrame(request, ref, request.t('follow_up.recusal_title')),
    errors: faults,
    faults: byField(faults),
    complaint,
    asked,
    options: [{ value: 'yes', label: request.t('follow_up.recusal_granted') }, { value: 'no', label: request.t('follow_up.recusal_refused') }],
    people: (await listHandlers(app.db, clerk.bureauIds)).map(({ id, name }) => ({ value: String(id), label: name, lang: 'zh-CN' })),
    granted: typed.granted ?? '',
    account: String(typed.account ?? ''),
    reasons: typed.reasons ?? '',
    limit: STEP_TEXT_LIMIT
  })
}
