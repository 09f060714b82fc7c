import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { findByRef } from '../../../complaints/case/core/repository.ts'
import { proposeMeasure, readConsequences, recordRecovery, settleMeasure, settleWithdrawal, type Consequences } from '../../../complaints/outcome/consequences/service.ts'
import { findCase } from '../../../complaints/case/reading/service.ts'
import { allows } from '../../../domain/process/permissions.ts'
import { OFFICER_MEASURES, RECOVERY_KINDS, type MeasureState, type OfficerMeasure, type RecoveryKind } from '../../../domain/supervision/consequences.ts'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import { ROUTES } from '../../../paths.ts'
import { clerkOf, type Clerk } from '../../case/casework/actor.ts'
import { attempt } from '../../case/casework/faults.ts'
import { ComplaintParams } from '../../case/casework/schema.ts'
import { partFrame, type PartFrame } from '../../case/parts/frame.ts'
import { DoneQuery, MeasureEnding, MeasureForm, RecoveryForm, WithdrawalForm } from './schema.ts'

type Typed = Partial<Record<string, string | number>>
interface Option { value: string, label: string, selected?: boolean }
interface Visit { done?: string, form?: string, typed?: Typed, faults?: Fault[] }

declare module '../../../views.ts' {
  interface Views {
    'desk/consequences/show': PartFrame & Omit<Consequences, 'tasks'> & {
      notice: string | null, form: string, typed: Typed, faults: Record<string, string>, withdraws: boolean, records: boolean
      tasks: Array<Consequences['tasks'][number] & { typed: Typed, faults: Record<string, string> }>, measureOptions: Option[], kinds: Option[], issues: Option[]
    }
  }
}

/** Where the fields of a withdrawal stand; each task has its own form. */
const FIELD_IDS: Readonly<Record<string, string>> = { overturned_on: 'overturned', reason: 'reason' }

/** What follows from a case: published decisions taken back within three working days, measures proposed about officers, losses made good. */
export async function consequencePages (app: App): Promise<void> {
  const config = { permission: 'complaint.investigate', session: 'staff' } as const

  app.get(ROUTES.consequences, { schema: { params: ComplaintParams, querystring: DoneQuery }, config: { permission: 'complaint.read', session: 'staff' } }, async (request, reply) => await show(app, request, reply, request.query))

  app.post(ROUTES.consequenceWithdrawals, { schema: { params: ComplaintParams, body: WithdrawalForm }, config: { permission: 'decision.withdraw', session: 'staff' }, attachValidation: true }, async (request, reply) => {
    const { no, reason = '', overturned_on: overturnedOn = '', do: what } = request.body
    return await act(app, request, reply, { form: 'withdrawal', done: what === 'drop' ? 'dropped' : 'withdrawn' }, async clerk => {
      await settleWithdrawal(app, { ...clerk, name: request.actor?.name ?? '' }, request.params.ref, { no, reason, overturnedOn: overturnedOn.trim(), drop: what === 'drop' }, app.now())
    })
  })

  app.post(ROUTES.consequenceMeasures, { schema: { params: ComplaintParams, body: MeasureForm }, config, attachValidation: true }, async (request, reply) => {
    const { measure, officer = '', reasons = '' } = request.body
    return await act(app, request, reply, { form: 'measure', done: 'measure' }, async clerk => { await proposeMeasure(app, clerk, request.params.ref, { measure: measure as OfficerMeasure, officer, reasons }, app.now()) })
  })

  app.post(ROUTES.consequenceMeasureEndings, { schema: { params: ComplaintParams, body: MeasureEnding }, config, attachValidation: true }, async (request, reply) => {
    return await act(app, request, reply, { form: 'ending', done: 'ending' }, async clerk => { await settleMeasure(app, clerk, request.params.ref, { no: request.body.no, state: request.body.state as MeasureState }, app.now()) })
  })

  app.post(ROUTES.consequenceRecoveries, { schema: { params: ComplaintParams, body: RecoveryForm }, config, attachValidation: true }, async (request, reply) => {
    const { issue = 1, kind, amount = '', note = '' } = request.body
    return await act(app, request, reply, { form: 'recovery', done: 'recovery' }, async clerk => { await recordRecovery(app, clerk, request.params.ref, { issue, kind: kind as RecoveryKind, amount, note }, app.now()) })
  })
}

async function act (app: App, request: FastifyRequest, reply: FastifyReply, { form, done }: { form: string, done: string }, work: (clerk: Clerk) => Promise<void>): Promise<unknown> {
  const typed = request.body as Typed
  return await attempt(app, request, reply, { words: 'consequences', text: form === 'withdrawal' ? 'reason' : 'reasons', work, again: async faults => await show(app, request, reply, { form, typed, faults }), to: request.path('consequences', [(request.params as { ref: string }).ref], { done }) })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { done, form = '', typed = {}, faults = [] }: Visit): Promise<string> {
  const clerk = await clerkOf(app, request)
  const complaint = await findCase(app, (request.params as { ref: string }).ref, app.now(), clerk)
  const consequences = await readConsequences(app, await findByRef(app.db, complaint.ref, clerk))
  const key = `consequences_done.${done ?? ''}`
  const kept = (name: string): string => form === '' ? '' : String(typed[name] ?? '')
  return await reply.page('desk/consequences/show', {
    ...partFrame(request, complaint, 'consequences', app.now()),
    ...consequences,
    notice: hasWord(request.locale, key) ? request.t(key) : null,
    form,
    typed,
    errors: faults.map(fault => form === 'withdrawal' ? { ...fault, field: `${FIELD_IDS[fault.field] ?? fault.field}-${String(typed['no'])}` } : fault),
    faults: byField(faults),
    withdraws: allows(clerk.role, 'decision.withdraw'),
    records: allows(clerk.role, 'complaint.investigate'),
    tasks: consequences.tasks.map(task => task.no === Number(typed['no']) && form === 'withdrawal' ? { ...task, typed, faults: byField(faults) } : { ...task, typed: {}, faults: {} }),
    measureOptions: OFFICER_MEASURES.map(value => ({ value, label: request.t(`officer_measure.${value}`) })),
    kinds: RECOVERY_KINDS.map(value => ({ value, label: request.t(`recovery_kind.${value}`), selected: value === kept('kind') })),
    issues: complaint.issues.map(({ no, ground }) => ({ value: String(no), label: request.t('request.issue', { no, ground: request.t(`ground.${ground}`) }), selected: String(no) === kept('issue') }))
  })
}
