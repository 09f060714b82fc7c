import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { localDate } from '../../domain/time/calendar.ts'
import { byField } from '../../forms/field-errors.ts'
import { ROUTES } from '../../paths.ts'
import { ISSUE_LIMIT, readDraft, saveDraft, type Answers, type Draft } from '../filing/service.ts'
import { dropIssue, firstOpen, formOf, issuesIn, mayOpen, readStep, withAnswers, type StepReading } from '../steps/service.ts'
import { labelsOf } from '../steps/repository.ts'
import { STEPS, StepForm, StepParams, StepQuery, type AnsweredStep } from '../steps/schema.ts'
import { show, worded } from './views.ts'

const own = { permission: 'complaint.own', session: 'draft' } as const

/** One page for each question; answers are held sealed on the server, and no page opens before those in front of it are answered. */
export async function wizard (app: App): Promise<void> {
  app.get(ROUTES.complainStep, { schema: { params: StepParams, querystring: StepQuery }, config: own }, async (request, reply) => {
    const draft = await openDraft(app, request)
    const { step } = request.params
    if (draft.submittedAt !== null) return await reply.redirect(request.path('receipt'), 303)
    if (!mayOpen(step, draft.answers)) return await reply.redirect(request.path('complainStep', [firstOpen(draft.answers)]), 303)
    const labels = await labelsOf(app.db, draft.answers.target ?? {})
    return await show(app, request, reply, step, { form: formOf(draft.answers, labels), labels, returning: request.query.return === 'check' })
  })

  app.post(ROUTES.complainStep, { schema: { params: StepParams, body: StepForm }, config: own }, async (request, reply) => {
    const draft = await openDraft(app, request)
    const { step } = request.params
    if (draft.submittedAt !== null) return await reply.redirect(request.path('receipt'), 303)
    if (!mayOpen(step, draft.answers)) return await reply.redirect(request.path('complainStep', [firstOpen(draft.answers)]), 303)
    const rearranged = await rearrange(app, step, request.body, draft)
    if (rearranged !== null) return await showForm(app, request, reply, { step, form: rearranged })
    const reading = await readStep(app.db, step, request.body, draft.answers, localDate(app.now()))
    const faulty = Object.keys(reading.faults).length > 0
    if (faulty || reading.choices !== undefined) return await showForm(app, request, reply.code(faulty ? 422 : 200), { step, form: request.body, reading })
    const answers = withAnswers(draft.answers, step, reading.answers)
    await saveDraft(app, draft.id, answers, app.now())
    return await reply.redirect(nextAddress(request, step, answers), 303)
  })
}

async function openDraft (app: App, request: FastifyRequest): Promise<Draft> {
  return await readDraft(app, request.session?.subject ?? '')
}

/** Buttons that change the page instead of leaving it: one more issue, one less, a record taken off. Null for "continue". */
async function rearrange (app: App, step: AnsweredStep, form: StepForm, draft: Draft): Promise<StepForm | null> {
  const action = String(form['do'] ?? 'save')
  if (step === 'what' && action === 'add') return { ...form, count: String(Math.min(issuesIn(form).length + 1, ISSUE_LIMIT)) }
  if (step === 'what' && /^remove_\d+$/.test(action)) return dropIssue(form, Number(action.slice('remove_'.length)))
  if (step !== 'target' || action !== 'drop_prohibition') return null
  const { prohibitionNo: _dropped, ...target } = draft.answers.target ?? {}
  await saveDraft(app, draft.id, { ...draft.answers, target }, app.now())
  return form
}

/** The page as it was sent: everything typed stays, faults beside their fields. */
async function showForm (app: App, request: FastifyRequest, reply: FastifyReply, { step, form, reading }: { step: AnsweredStep, form: StepForm, reading?: StepReading }): Promise<unknown> {
  const { answers } = await openDraft(app, request)
  const faults = worded(request, reading?.faults ?? {})
  return await show(app, request, reply, step, {
    form,
    labels: await labelsOf(app.db, answers.target ?? {}),
    returning: form['return'] === 'check',
    ...reading?.choices === undefined ? {} : { choices: reading.choices },
    ...faults.length === 0 ? {} : { errors: faults },
    faults: byField(faults)
  })
}

function nextAddress (request: FastifyRequest<{ Body: unknown }>, step: AnsweredStep, answers: Answers): string {
  const returning = (request.body as StepForm)['return'] === 'check' && firstOpen(answers) === 'evidence'
  return request.path('complainStep', [returning ? 'check' : STEPS[STEPS.indexOf(step) + 1] ?? 'check'])
}
