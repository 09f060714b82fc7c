import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { findCase, type Case } from '../../../complaints/case/reading/service.ts'
import { PRIORITY_REASON_LIMIT, setPriority } from '../../../complaints/work/priority/service.ts'
import { PRIORITIES, type Priority } from '../../../domain/work/priorities.ts'
import { byField, fieldErrors, type Fault } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../casework/actor.ts'
import { refusalOf } from '../casework/faults.ts'
import { caseFrame } from '../casework/present.ts'
import { ComplaintParams } from '../casework/schema.ts'
import { PriorityForm } from './schema.ts'

declare module '../../../views.ts' {
  interface Views {
    'desk/priority/show': Frame & { complaint: Case, options: Array<{ value: string, label: string, hint: string }>, priority: string, text: string, limit: number, faults: Record<string, string> }
  }
}

/** How soon the bureau wants to look at a case: changed with a reason that stays inside the bureau. */
export async function priorityPages (app: App): Promise<void> {
  const config = { permission: 'complaint.triage', session: 'staff' } as const

  app.get(ROUTES.priorities, { schema: { params: ComplaintParams }, config }, async (request, reply) => await show(app, request, reply, {}))

  app.post(ROUTES.priorities, { schema: { params: ComplaintParams, body: PriorityForm }, config, attachValidation: true }, async (request, reply) => {
    const { priority, text = '' } = request.body
    const faults = fieldErrors(request)
    if (faults.length > 0) return await show(app, request, reply.code(422), { faults, text })
    try {
      await setPriority(app, await clerkOf(app, request), request.params.ref, { priority: priority as Priority, reason: text }, app.now())
    } catch (error) {
      const refused = refusalOf(request, error)
      return await show(app, request, reply.code(refused.status), { faults: refused.faults, text, ...priority === undefined ? {} : { priority } })
    }
    return await reply.redirect(request.path('complaint', [request.params.ref], { done: 'priority' }), 303)
  })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { faults = [], text = '', priority }: { faults?: Fault[], text?: string, priority?: Priority }): Promise<string> {
  const { ref } = request.params as { ref: string }
  const complaint = await findCase(app, ref, app.now(), await clerkOf(app, request))
  return await reply.page('desk/priority/show', {
    ...caseFrame(request, ref, request.t('priority.change')),
    errors: faults,
    faults: byField(faults),
    complaint,
    options: PRIORITIES.map(code => ({ value: code, label: request.t(`priority.${code}`), hint: request.t(`priority_help.${code}`) })),
    priority: priority ?? complaint.priority,
    text,
    limit: PRIORITY_REASON_LIMIT
  })
}
