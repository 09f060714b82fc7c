import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { advance, STEP_TEXT_LIMIT } from '../../../complaints/case/core/service.ts'
import { listUsable } from '../../../complaints/outcome/phrases/repository.ts'
import { putPhrase } from '../../../complaints/outcome/phrases/service.ts'
import { dueIfStarted, findCase, type Case } from '../../../complaints/case/reading/service.ts'
import { byField, fieldErrors, type Fault } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Transition } from '../../../domain/process/workflow.ts'
import { stepPlace } from '../../../domain/supervision/phrases.ts'
import type { Frame } from '../../../views.ts'
import { AFTER } from '../../account/habits/schema.ts'
import { nextAfter, readHabits, saveHabits, wayOn, type Habits } from '../../account/habits/service.ts'
import { clerkOf, type Clerk } from '../casework/actor.ts'
import { refusalOf } from '../casework/faults.ts'
import { caseFrame, phraseOptions, type Item, type PhraseOption } from '../casework/present.ts'
import { ComplaintParams } from '../casework/schema.ts'
import { againstOf, changesSince, effectsOf, fieldsOf, rowOf, textOf, type District, type Field } from './form.ts'
import { StepForm, StepQuery } from './schema.ts'

/** A step's page as typed so far; `stale` when the complaint moved on meanwhile. */
interface Visit { action: string, typed: Partial<StepForm>, faults: Fault[], stale: boolean }

declare module '../../../views.ts' {
  interface Views {
    'desk/steps/show': Frame & {
      complaint: Case, action: string, seen: number, text: { label: string, hint: string, limit: number } | null, fields: Array<Field & { value: string, error: string }>
      phrases: PhraseOption[], effects: string[], against: string[], after: Array<{ value: string, label: string }>, then: string, typed: string, faults: Record<string, string>, stale: boolean, changes: Item[]
    }
  }
}

/** Taking a step of the workflow: what it asks, what it brings about, and the way back when somebody was faster. */
export async function steps (app: App): Promise<void> {
  const config = { permission: 'complaint.read', session: 'staff' } as const // which step a role may take stands in the workflow

  app.get(ROUTES.transitions, { schema: { params: ComplaintParams, querystring: StepQuery }, config }, async (request, reply) => {
    return await show(app, request, reply, { action: request.query.action, typed: {}, faults: [], stale: false })
  })

  app.post(ROUTES.transitions, { schema: { params: ComplaintParams, body: StepForm }, config, attachValidation: true }, async (request, reply) => {
    const typed = request.body
    const action = String(typed.action)
    const faults = fieldErrors(request, 'step')
    if (faults.length > 0) return await show(app, request, reply.code(422), { action, typed, faults, stale: false })
    const clerk = await clerkOf(app, request)
    if (typed.act === 'phrase') return await show(app, request, reply, { action, typed: await worded(app, clerk, request.params.ref, typed), faults: [], stale: false })
    const habits = await habitsFor(app, clerk, typed)
    const next = habits.after === 'next' ? await nextAfter(app, clerk, habits, request.params.ref) : null // before the step, while the case is still in its place
    try {
      await take(app, clerk, request.params.ref, typed)
    } catch (error) {
      const { status, code, faults } = refusalOf(request, error)
      return await show(app, request, reply.code(status), { action, typed, faults, stale: code === 'stale_version' })
    }
    return await reply.redirect(wayOn(request, habits, { ref: request.params.ref, done: action, next }), 303)
  })
}

/** Where the person goes on; what they chose on this form is remembered. */
async function habitsFor (app: App, { id }: Clerk, { then }: StepForm): Promise<Habits> {
  const habits = await readHabits(app, id)
  if (then === undefined || then === habits.after) return habits
  await saveHabits(app, id, { after: then })
  return { ...habits, after: then }
}

/** What was typed, with the standard wording that was chosen at its end. */
async function worded (app: App, clerk: Clerk, ref: string, typed: StepForm): Promise<StepForm> {
  const place = stepPlace(typed.action)
  if (place === null || typed.phrase === undefined) return typed
  const complaint = await findCase(app, ref, app.now(), clerk)
  return { ...typed, text: (await putPhrase(app, complaint, { id: typed.phrase, places: [place], written: () => typed.text ?? '' }, app.now())).text }
}

async function take (app: App, clerk: Clerk, ref: string, { seen: _seen, then: _then, phrase: _phrase, act: _act, action, ...typed }: StepForm): Promise<void> {
  await advance(app, clerk, ref, { ...typed, action: rowOf(action).action }, app.now())
}

/** The districts below the bureau of a complaint, where the step asks for one. */
async function districtsFor (app: App, { bureauId }: Case, { fields }: Transition): Promise<District[]> {
  if (fields?.includes('bureau') !== true) return []
  return await app.db.selectFrom('bureau').select(['id', 'name']).where('parent_id', '=', bureauId).orderBy('region_code').execute()
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { action, typed, faults, stale }: Visit): Promise<string> {
  const { ref } = request.params as { ref: string }
  const clerk = await clerkOf(app, request)
  const complaint = await findCase(app, ref, app.now(), clerk)
  const row = rowOf(action)
  const place = stepPlace(action)
  const against = againstOf(request, complaint, row.action, clerk.role)
  if (against.length > 0 && faults.length === 0) reply.code(409)
  const errors = faults.length > 0 ? faults : against.map(text => ({ field: '', text }))
  const words = byField(errors)
  return await reply.page('desk/steps/show', {
    ...caseFrame(request, ref, request.t(`action.${action}`)),
    errors,
    faults: words,
    complaint,
    action,
    seen: complaint.events.at(-1)?.seq ?? 0,
    phrases: row.reason === true && place !== null ? phraseOptions(request, await listUsable(app.db, [place])) : [],
    text: row.reason === true ? { ...textOf(request, action), limit: STEP_TEXT_LIMIT } : null,
    fields: fieldsOf(request, complaint, row, await districtsFor(app, complaint, row)).map(field => ({ ...field, value: String((typed as Partial<Record<string, string>>)[field.name] ?? ''), error: words[field.name] ?? '' })),
    effects: effectsOf(request, complaint, row, await dueIfStarted(app, row.clock?.start ?? [], app.now())),
    against,
    after: AFTER.map(value => ({ value, label: request.t(`after.${value}`) })),
    then: typed.then ?? (await readHabits(app, clerk.id)).after,
    typed: typed.text ?? '',
    stale,
    changes: stale ? changesSince(request, complaint, typed.seen) : []
  })
}
