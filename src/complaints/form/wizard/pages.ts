import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { AppError } from '../../../errors.ts'
import { byField } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import { dropOriginals } from '../../case/attachments/service.ts'
import { makeCode } from '../drafts/service.ts'
import { ISSUE_LIMIT, readDraft, saveDraft, type Answers, type Draft, type Typed } from '../filing/service.ts'
import { dropIssue, firstOpen, formOf, issuesIn, mayOpen, readStep, withAnswers } from '../steps/service.ts'
import { labelsOf } from '../naming/repository.ts'
import { STEPS, StepForm, StepParams, StepQuery, type AnsweredStep } from '../steps/schema.ts'
import { answerRows } from './check.ts'
import { isOvertaken, saveNo, withSave, withTyped } from './typed.ts'
import { openAddress, show, worded, type ShownStep } from './views.ts'

const own = { permission: 'complaint.own', session: 'draft' } as const

/** One page for each question; answers are held sealed on the server, and no page opens before those in front of it are answered. */
export async function wizard (app: App): Promise<void> {
  app.get(ROUTES.complainStep, { schema: { params: StepParams, querystring: StepQuery }, config: own }, async (request, reply) => {
    const draft = await openDraft(app, request)
    const { step } = request.params
    if (draft.submittedAt !== null) return await reply.redirect(request.path('receipt'), 303)
    if (step === 'evidence' || !mayOpen(step, draft.answers)) return await reply.redirect(openAddress(request, draft.answers), 303)
    return await open(app, request, reply, { step, answers: draft.answers, returning: request.query.return === 'check', begun: request.query.begun !== undefined })
  })

  app.post(ROUTES.complainStep, { schema: { params: StepParams, body: StepForm }, config: own }, async (request, reply) => {
    const draft = await openDraft(app, request)
    const { step } = request.params
    if (draft.submittedAt !== null && await request.holdsWords()) throw new AppError('already_sent') // by another tab: what this one typed is not lost without a word
    if (draft.submittedAt !== null) return await reply.redirect(request.path('receipt'), 303)
    if (!mayOpen(step, draft.answers)) return await reply.redirect(openAddress(request, draft.answers), 303)
    if (request.body['do'] === 'later') {
      await keepTyped(app, request, step, { form: request.body, checked: false })
      await makeCode(app, draft.id, app.now())
      return await reply.redirect(request.path('complainLater'), 303)
    }
    const rearranged = await rearrange(app, step, request.body, draft)
    if (rearranged !== null) return await showAgain(app, request, reply, step, { form: rearranged, checked: false })
    const reading = await readStep(app.db, step, request.body, draft.answers, localDate(app.now()))
    if (Object.keys(reading.faults).length > 0 || reading.choices !== undefined) return await showAgain(app, request, reply, step, { form: request.body, checked: true })
    if (isOvertaken(request.body, step, draft.answers, reading.answers)) return await showAgain(app, request, reply, step, { form: request.body, checked: true, overtaken: true })
    const answers = withSave(withAnswers(draft.answers, step, reading.answers), step)
    await saveDraft(app, draft.id, answers, app.now())
    if (answers.mode === 'anonymous') await dropOriginals(app, app.files, draft.id)
    return await reply.redirect(nextAddress(request, step, answers), 303)
  })
}

async function openDraft (app: App, request: FastifyRequest): Promise<Draft> {
  return await readDraft(app, request.session?.subject ?? '')
}

/** Records that the visitor came from and takes off. */
const DROPPED = { drop_benchmark: 'benchmarkId', drop_exemption: 'exemptionId' } as const

/** Buttons that change the page instead of leaving it: one more issue, one less, a record taken off. Null for "continue". */
async function rearrange (app: App, step: AnsweredStep, form: StepForm, draft: Draft): Promise<StepForm | null> {
  const action = String(form['do'] ?? 'save')
  if (step === 'what' && action === 'add') return { ...form, count: String(Math.min(issuesIn(form).length + 1, ISSUE_LIMIT)) }
  if (step === 'what' && /^remove_\d+$/.test(action)) return dropIssue(form, Number(action.slice('remove_'.length)))
  if (step === 'elsewhere' && action === 'reckon') return form
  if (step !== 'rule' || !Object.hasOwn(DROPPED, action)) return null
  const { [DROPPED[action as keyof typeof DROPPED]]: _dropped, ...rule } = draft.answers.rule ?? {}
  await saveDraft(app, draft.id, { ...draft.answers, rule }, app.now())
  return form
}

interface Opened { step: ShownStep, answers: Answers, returning: boolean, begun: boolean }

/** The page with what was saved; or as it was last sent, when that could not be saved: everything typed stays, faults beside their fields. */
async function open (app: App, request: FastifyRequest, reply: FastifyReply, { step, answers, returning, begun }: Opened): Promise<unknown> {
  const labels = await labelsOf(app.db, answers)
  const typed = answers.typed?.[step]
  const reading = typed?.checked === true ? await readStep(app.db, step, typed.form, answers, localDate(app.now())) : null
  const faults = worded(request, reading?.faults ?? {})
  return await show(app, request, reply, step, {
    form: typed?.form ?? formOf(answers, labels),
    labels,
    told: { ...answers, ...typed === undefined ? {} : (await readStep(app.db, step, typed.form, answers, localDate(app.now()))).answers },
    returning,
    begun,
    saveNo: saveNo(answers, step),
    ...typed?.overtaken === true ? { elsewhere: answerRows(request, { answers, attachments: [] }, labels)[step] } : {},
    ...reading?.choices === undefined ? {} : { choices: reading.choices },
    ...faults.length === 0 ? {} : { errors: faults },
    faults: byField(faults)
  })
}

async function keepTyped (app: App, request: FastifyRequest, step: AnsweredStep, typed: Typed): Promise<void> {
  const { id, answers } = await openDraft(app, request)
  await saveDraft(app, id, withTyped(answers, step, typed), app.now())
}

/** Keeps what was sent and leads back to its page. */
async function showAgain (app: App, request: FastifyRequest, reply: FastifyReply, step: AnsweredStep, typed: Typed): Promise<unknown> {
  await keepTyped(app, request, step, typed)
  const added = step === 'what' && !typed.checked ? `#issue-${issuesIn(typed.form).length}` : ''
  return await reply.redirect(request.path('complainStep', [step], { return: typed.form['return'] === 'check' ? 'check' : undefined }) + added, 303)
}

function nextAddress (request: FastifyRequest<{ Body: unknown }>, step: AnsweredStep, answers: Answers): string {
  const returning = (step === 'evidence' || (request.body as StepForm)['return'] === 'check') && firstOpen(answers) === 'check'
  return request.path('complainStep', [returning ? 'check' : STEPS[STEPS.indexOf(step) + 1] ?? 'check'])
}
