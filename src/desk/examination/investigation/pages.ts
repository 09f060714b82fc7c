import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { findByRef } from '../../../complaints/case/core/repository.ts'
import { addToPlan, answerChecklist, CHECKABLE, EXAMINABLE, finishPlan, LINE_LIMIT, readChecklist, readPlan, readRecords, signPlan, type Check, type PlanLine, type RecordView } from '../../../complaints/work/investigation/service.ts'
import { findCase, type Case } from '../../../complaints/case/reading/service.ts'
import { allows } from '../../../domain/process/permissions.ts'
import { citeChinese, citeEnglish } from '../../../domain/records/laws.ts'
import { MEASURES } from '../../../domain/supervision/measures.ts'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import { ROUTES } from '../../../paths.ts'
import { clerkOf, type Clerk } from '../../case/casework/actor.ts'
import { attempt } from '../../case/casework/faults.ts'
import { ComplaintParams } from '../../case/casework/schema.ts'
import { partFrame, type PartFrame } from '../../case/parts/frame.ts'
import { CheckForm, PartQuery, PlanEnding, PlanForm } from './schema.ts'

type Form = Record<string, string | string[] | undefined>
interface Visit { done?: string, faults?: Fault[], checks?: Form, plan?: { measure?: string, text?: string } }
interface PlanClock { dueOn: string, running: boolean, signedBy: string | null, signedAt: string | null }
type CheckLine = Omit<Check, 'basis'> & { basis: string, error: string | undefined, reasonId: string, done: boolean }

declare module '../../../views.ts' {
  interface Views {
    'desk/investigation/show': PartFrame & {
      notice: string | null, checks: CheckLine[], open: number, checkable: boolean, plan: PlanLine[], planClock: PlanClock | null, measures: Array<{ value: string, label: string }>, measure: string, text: string, limit: number
      records: RecordView[], writable: boolean, may: boolean, faults: Record<string, string>
    }
  }
}

/** The examination of a case: what has to be looked into, what is planned and done, what was written down, what was found. */
export async function investigationPages (app: App): Promise<void> {
  const config = { permission: 'complaint.investigate', session: 'staff' } as const

  app.get(ROUTES.investigate, { schema: { params: ComplaintParams, querystring: PartQuery }, config: { permission: 'complaint.read', session: 'staff' } }, async (request, reply) => await show(app, request, reply, request.query))

  app.post(ROUTES.investigateChecks, { schema: { params: ComplaintParams, body: CheckForm }, config, attachValidation: true }, async (request, reply) => {
    const form = request.body as Form
    const reasons = Object.fromEntries(Object.entries(form).flatMap(([name, value]) => name.startsWith('reason_') && typeof value === 'string' ? [[name.slice('reason_'.length), value]] : []))
    return await act(app, request, reply, { done: 'checks', checks: form }, async clerk => { await answerChecklist(app, clerk, request.params.ref, { done: request.body.check ?? [], reasons }, app.now()) })
  })

  app.post(ROUTES.investigatePlan, { schema: { params: ComplaintParams, body: PlanForm }, config, attachValidation: true }, async (request, reply) => {
    const { measure, text = '' } = request.body
    return await act(app, request, reply, { done: 'plan', plan: { measure, text } }, async clerk => { await addToPlan(app, clerk, request.params.ref, { measure, text }, app.now()) })
  })

  app.post(ROUTES.investigatePlanSignatures, { schema: { params: ComplaintParams }, config }, async (request, reply) => {
    return await act(app, request, reply, { done: 'plan_signed' }, async clerk => { await signPlan(app, clerk, request.params.ref, app.now()) })
  })

  app.post(ROUTES.investigatePlanEndings, { schema: { params: ComplaintParams, body: PlanEnding }, config }, async (request, reply) => {
    return await act(app, request, reply, { done: 'plan_done' }, async clerk => { await finishPlan(app, clerk, request.params.ref, request.body.no, app.now()) })
  })
}

/** Does it and goes back to the page; what is refused is said there, with everything typed. */
async function act (app: App, request: FastifyRequest, reply: FastifyReply, { done = '', ...typed }: Visit, work: (clerk: Clerk) => Promise<void>): Promise<unknown> {
  return await attempt(app, request, reply, { words: 'investigate', work, again: async faults => await show(app, request, reply, { ...typed, faults }), to: request.path('investigate', [(request.params as { ref: string }).ref], { done }) })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { done, faults = [], checks, plan = {} }: Visit): Promise<string> {
  const clerk = await clerkOf(app, request)
  const { ref } = request.params as { ref: string }
  const row = await findByRef(app.db, ref, clerk)
  const complaint = await findCase(app, ref, app.now(), clerk)
  const may = allows(clerk.role, 'complaint.investigate')
  const key = `investigate_done.${done ?? ''}`
  const list = await readChecklist(app, row)
  return await reply.page('desk/investigation/show', {
    ...partFrame(request, complaint, 'investigate', app.now()),
    errors: faults,
    faults: byField(faults),
    notice: done !== undefined && hasWord(request.locale, key) ? request.t(key) : null,
    checks: linesOf(request, list, byField(faults), checks),
    open: list.filter(({ answer }) => answer === null).length,
    checkable: may && CHECKABLE.includes(complaint.status),
    plan: await readPlan(app, row),
    planClock: planClockOf(complaint),
    measures: MEASURES.map(measure => ({ value: measure, label: request.t(`measure.${measure}`) })),
    measure: plan.measure ?? '',
    text: plan.text ?? '',
    limit: LINE_LIMIT,
    records: await readRecords(app, row),
    writable: may && EXAMINABLE.includes(complaint.status),
    may
  })
}

/** The period for the plan: until when it has to be signed, or by whom it was. Null where it never ran. */
function planClockOf ({ clocks, events }: Case): PlanClock | null {
  const clock = clocks.find(({ clock }) => clock === 'investigation_plan')
  if (clock === undefined) return null
  const signed = events.findLast(({ action }) => action === 'plan_signed')
  return { dueOn: clock.dueOn, running: clock.stoppedOn === null, signedBy: signed?.actor ?? null, signedAt: signed?.at ?? null }
}

/** Items with their legal basis, as kept or as just typed. */
function linesOf (request: FastifyRequest, list: readonly Check[], faults: Record<string, string>, typed?: Form): CheckLine[] {
  const cite = request.locale === 'en' ? citeEnglish : citeChinese
  const ticked = [typed?.['check'] ?? []].flat()
  return list.map(check => ({
    ...check,
    done: typed === undefined ? check.answer === 'done' : ticked.includes(check.code),
    reason: typed === undefined ? check.reason : String(typed[`reason_${check.code}`] ?? ''),
    basis: check.basis.map(cite).join(request.t('ui.between')),
    reasonId: `reason_${check.code}`,
    error: faults[`reason_${check.code}`]
  }))
}
