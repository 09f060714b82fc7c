import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { loadReckoner, PROFILE } from '../../db/reckoner.ts'
import { localDate } from '../../domain/time/calendar.ts'
import { CLOCKS, DAY_TYPES, type Clock, type ClockRule } from '../../domain/time/clocks.ts'
import { AppError } from '../../errors.ts'
import { byField, inWords, type Fault, type FieldFaults } from '../../forms/field-errors.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { listRuleChanges, type ChangeLine } from './repository.ts'
import { ListQuery, RuleForm, RuleParams } from './schema.ts'
import { changeRule, SETTABLE_KINDS } from './service.ts'

interface Option { value: string, label: string }

declare module '../../views.ts' {
  interface Views {
    'admin/deadlines/list': Frame & { profile: string, done: boolean, rules: Array<ClockRule & { text: string }>, changes: ChangeLine[] }
    'admin/deadlines/show': Frame & { rule: ClockRule, text: string, lawful: boolean, types: Option[], kinds: Option[], typed: Record<string, string>, faults: Record<string, string> }
  }
}

const config = { permission: 'deadline.manage', session: 'staff' } as const

/** The periods of the profile: how long, in which days, by what basis; a change has reasons and a day from which it holds. */
export async function deadlinePages (app: App): Promise<void> {
  app.get(ROUTES.adminDeadlines, { schema: { querystring: ListQuery }, config }, async (request, reply) => {
    const { rules } = await loadReckoner(app.db)
    const known = CLOCKS.flatMap(clock => rules.get(clock) ?? [])
    return await reply.page('admin/deadlines/list', {
      title: request.t('nav.adminDeadlines'), section: 'adminDeadlines', profile: PROFILE, done: request.query.done === '1', changes: await listRuleChanges(app.db, PROFILE),
      rules: known.map(rule => ({ ...rule, text: request.locale === 'en' ? rule.basisEn : rule.basis }))
    })
  })

  app.get(ROUTES.adminDeadline, { schema: { params: RuleParams }, config }, async (request, reply) => await show(app, request, reply, request.params.clock, {}))

  app.post(ROUTES.adminDeadlineChanges, { schema: { params: RuleParams, body: RuleForm }, config }, async (request, reply) => {
    const { actor, body, params: { clock } } = request
    if (actor === null) throw new AppError('not_signed_in', { kind: 'staff' })
    const { days = '', day_type: dayType = '', kind = '', basis = '', basis_en: basisEn = '', reason = '', from_year: year = '', from_month: month = '', from_day: day = '' } = body
    const wish = { days: /^\d{1,4}$/.test(days) ? Number(days) : Number.NaN, dayType, kind, basis, basisEn, reason, effectiveOn: `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` }
    try {
      await changeRule(app, { id: actor.id, role: actor.role, requestId: request.id }, clock, wish, app.now())
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'form_invalid') throw error
      return await show(app, request, reply.code(422), clock, { typed: body as Record<string, string>, faults: inWords(request, error.details['fields'] as FieldFaults) })
    }
    return await reply.redirect(request.path('adminDeadlines', [], { done: '1' }), 303)
  })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, clock: Clock, { typed, faults = [] }: { typed?: Record<string, string>, faults?: Fault[] }): Promise<string> {
  const rule = (await loadReckoner(app.db)).rules.get(clock)
  if (rule === undefined) throw new AppError('not_found', { clock })
  const [year = '', month = '', day = ''] = localDate(app.now()).split('-')
  const title = request.t(`clock.${clock}`)
  return await reply.page('admin/deadlines/show', {
    title,
    section: 'adminDeadlines',
    breadcrumbs: [{ text: request.t('nav.adminDeadlines'), href: request.path('adminDeadlines') }, { text: title }],
    errors: faults,
    faults: byField(faults),
    rule,
    text: request.locale === 'en' ? rule.basisEn : rule.basis,
    lawful: rule.kind === 'law',
    types: DAY_TYPES.map(value => ({ value, label: request.t(`day_type.${value}`) })),
    kinds: SETTABLE_KINDS.map(value => ({ value, label: request.t(`basis_kind.${value}`) })),
    typed: typed ?? { days: String(rule.days), day_type: rule.dayType, kind: rule.kind, basis: rule.basis, basis_en: rule.basisEn, from_year: year, from_month: month, from_day: day }
  })
}
