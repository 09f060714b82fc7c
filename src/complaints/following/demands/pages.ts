import type { App } from '../../../app.ts'
import { AppError } from '../../../errors.ts'
import { inWords, type Fault, type FieldFaults } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import { reenter } from '../entrance/views.ts'
import { openTracking, own } from '../tracking/explain.ts'
import { showTracking } from '../tracking/views.ts'
import { DemandForm, RefParams } from './schema.ts'
import { answerDemand } from './service.ts'

/** What the complainant says of each thing that was demanded of the agency. */
export async function demandAnswers (app: App): Promise<void> {
  app.post(ROUTES.trackDemands, { schema: { params: RefParams, body: DemandForm }, config: { ...own, sessionOptional: true, limit: 'message' } }, async (request, reply) => {
    const { document = '', no = 0, answer, words } = request.body
    const { ref } = request.params
    if (request.session === null) return await reenter(request, reply, ref, { to: 'demands', fields: { document, no: String(no), words: words ?? '' } })
    const found = await openTracking(app, request, ref)
    if (found.member !== null) throw new AppError('transition_refused', { status: found.status, action: 'answer_demand', failing: [] }) // a co-complainant reads and writes, and decides nothing
    try {
      if (answer === undefined) throw new AppError('form_invalid', { fields: { answer: { key: 'tracked_demand.answer_missing' } } })
      await answerDemand(app, { id: found.id, now: app.now(), requestId: request.id }, { document, no, answer, words })
    } catch (error) {
      if (!(error instanceof AppError) || !['form_invalid', 'transition_refused'].includes(error.code)) throw error
      const given = error.code === 'form_invalid' ? inWords(request, error.details['fields'] as FieldFaults) : [{ field: '', text: request.t('tracked_demand.over') }]
      const errors = given.map((fault): Fault => ({ field: fault.field === '' ? '' : `words-${document}-${no}`, text: fault.text }))
      return await showTracking(request, reply.code(error.status), found, { now: app.now(), errors, demand: { document, no, words: words ?? '' } })
    }
    return await reply.redirect(`${request.path('tracking', [found.ref], { done: 'demand' })}`, 303)
  })
}
