import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { decideExtension, listExtensions, offersOf, requestExtension } from '../../../complaints/work/extensions/service.ts'
import { findCase } from '../../../complaints/case/reading/service.ts'
import { addTask } from '../../../complaints/work/reminders/service.ts'
import { allows } from '../../../domain/process/permissions.ts'
import { byField, fieldErrors, type Fault } from '../../../forms/field-errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import { ROUTES } from '../../../paths.ts'
import { clerkOf, type Clerk } from '../casework/actor.ts'
import { refusalOf } from '../casework/faults.ts'
import { ComplaintParams } from '../casework/schema.ts'
import { partFrame, type PartFrame } from '../parts/frame.ts'
import { ClocksQuery, DecisionForm, DecisionParams, RequestForm, TaskForm } from './schema.ts'
import { clockLines, offerLines, requestLines, type ClockLine, type RequestLine } from './views.ts'

type Typed = Record<string, string>
interface Visit { done?: string, faults?: Fault[], at?: string, typed?: Typed }

declare module '../../../views.ts' {
  interface Views {
    'desk/clocks/show': PartFrame & {
      notice: string | null, clocks: ClockLine[], requests: RequestLine[], offers: ReturnType<typeof offerLines>, tasks: boolean
      at: string, typed: Typed, faults: Record<string, string>
    }
  }
}

/** The clocks of a case: how each stands and why, more time asked for and decided, a task for oneself. */
export async function clockPages (app: App): Promise<void> {
  app.get(ROUTES.caseClocks, { schema: { params: ComplaintParams, querystring: ClocksQuery }, config: { permission: 'complaint.read', session: 'staff' } }, async (request, reply) => {
    return await show(app, request, reply, request.query)
  })

  app.post(ROUTES.caseExtensions, { schema: { params: ComplaintParams, body: RequestForm }, config: { permission: 'extension.request', session: 'staff' }, attachValidation: true }, async (request, reply) => {
    const { clock, days = '', reason = '' } = request.body
    return await act(app, request, reply, { at: `ask-${clock}`, done: 'asked', work: async clerk => { await requestExtension(app, clerk, request.params.ref, { clock, days: Number(days.normalize('NFKC').trim() || 'NaN'), reason }, app.now()) } })
  })

  app.post(ROUTES.caseExtension, { schema: { params: DecisionParams, body: DecisionForm }, config: { permission: 'extension.decide', session: 'staff' }, attachValidation: true }, async (request, reply) => {
    const { ref, id } = request.params
    const { decision, text = '' } = request.body
    const missing = decision === undefined ? [{ field: '', text: request.t('extension.no_decision') }] : []
    return await act(app, request, reply, { at: id, done: decision === 'grant' ? 'granted' : 'refused', faults: missing, work: async clerk => { await decideExtension(app, clerk, ref, { id, grant: decision === 'grant', text }, app.now()) } })
  })

  app.post(ROUTES.caseTasks, { schema: { params: ComplaintParams, body: TaskForm }, config: { permission: 'complaint.note', session: 'staff' }, attachValidation: true }, async (request, reply) => {
    const { text = '', due_year: year = '', due_month: month = '', due_day: day = '' } = request.body
    const dueOn = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
    return await act(app, request, reply, { at: 'task', done: 'task', work: async clerk => { await addTask(app, clerk, request.params.ref, { text, dueOn }, app.now()) } })
  })
}

interface Acting { at: string, done: string, faults?: Fault[], work: (clerk: Clerk) => Promise<void> }

/** Does it and goes back to the page; what is refused stays in its form. */
async function act (app: App, request: FastifyRequest, reply: FastifyReply, { at, done, faults: wrong = [], work }: Acting): Promise<unknown> {
  const named = (field: string): string => field === 'text' ? at === 'task' ? 'task-text' : `text-${at}` : field // several forms of the page have one
  const typed = Object.fromEntries(Object.entries(request.body as Typed).map(([field, value]) => [named(field), value]))
  const faults = [...fieldErrors(request, 'extension'), ...wrong].map(fault => ({ ...fault, field: named(fault.field) }))
  if (faults.length > 0) return await show(app, request, reply.code(422), { faults, at, typed })
  try {
    await work(await clerkOf(app, request))
  } catch (error) {
    const refused = refusalOf(request, error)
    return await show(app, request, reply.code(refused.status), { faults: refused.faults.map(fault => ({ ...fault, field: named(fault.field) })), at, typed })
  }
  return await reply.redirect(request.path('caseClocks', [(request.params as { ref: string }).ref], { done }), 303)
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { done, faults = [], at = '', typed = {} }: Visit): Promise<string> {
  const clerk = await clerkOf(app, request)
  const complaint = await findCase(app, (request.params as { ref: string }).ref, app.now(), clerk)
  const key = `clocks_done.${done ?? ''}`
  return await reply.page('desk/clocks/show', {
    ...partFrame(request, complaint, 'clocks', app.now()),
    errors: faults,
    faults: byField(faults),
    notice: done !== undefined && hasWord(request.locale, key) ? request.t(key) : null,
    clocks: clockLines(request, complaint, app.now()),
    requests: requestLines(request, complaint, await listExtensions(app, complaint.ref, clerk), { me: clerk.id, decides: allows(clerk.role, 'extension.decide') }),
    offers: offerLines(request, await offersOf(app, complaint.id, clerk.role, app.now())),
    tasks: allows(clerk.role, 'complaint.note'),
    at,
    typed
  })
}
