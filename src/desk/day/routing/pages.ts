import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { MOST_RULES, moveRule, saveRule, switchRule, tryRule, TRIED, listRules, listVersions, RULE_LIMITS, type Keeper, type Rule, type Trial } from '../../../complaints/allotment/routing/service.ts'
import { allows } from '../../../domain/process/permissions.ts'
import { AppError } from '../../../errors.ts'
import { byField, fieldErrors, inWords, type Fault } from '../../../forms/field-errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../../case/casework/actor.ts'
import { refusalOf } from '../../case/casework/faults.ts'
import { DoneQuery, MoveForm, RuleForm, RuleParams, SwitchForm } from './schema.ts'
import { describe, formOf, namesOf, optionsOf, readForm } from './views.ts'

interface RuleLine { id: string, no: number, name: string, version: number, enabled: boolean, first: boolean, last: boolean, words: ReturnType<typeof describe> | null, href: string }

declare module '../../../views.ts' {
  interface Views {
    'desk/routing/list': Frame & { notice: string | null, rules: RuleLine[], most: number, full: boolean }
    'desk/routing/edit': Frame & {
      action: string, rule: Rule | null, versions: Awaited<ReturnType<typeof listVersions>>, typed: RuleForm, options: Awaited<ReturnType<typeof optionsOf>>, faults: Record<string, string>
      limits: typeof RULE_LIMITS, tries: boolean, tried: number, trial: Trial | null
    }
  }
}

const config = { permission: 'routing.manage', session: 'staff' } as const

/** The rules by which new complaints come to people: in their order, tried on the last complaints before they are kept. */
export async function routingPages (app: App): Promise<void> {
  app.get(ROUTES.routing, { schema: { querystring: DoneQuery }, config }, async (request, reply) => {
    const keeper = await keeperOf(app, request)
    const rules = await listRules(app.db, [keeper.bureauId])
    const names = await namesOf(app.db, rules)
    const key = `routing_done.${request.query.done ?? ''}`
    return await reply.page('desk/routing/list', {
      title: request.t('nav.routing'),
      section: 'deskMore',
      notice: hasWord(request.locale, key) ? request.t(key) : null,
      rules: rules.map(({ id, name, version, enabled, data }, at) => ({ id, no: at + 1, name, version, enabled, first: at === 0, last: at === rules.length - 1, words: data === null ? null : describe(request, data, names), href: request.path('routingRule', [id]) })),
      most: MOST_RULES,
      full: rules.length >= MOST_RULES
    })
  })

  app.get(ROUTES.routingNew, { config }, async (request, reply) => await edit(app, request, reply, {}))
  app.post(ROUTES.routingNew, { schema: { body: RuleForm }, config, attachValidation: true }, async (request, reply) => await save(app, request, reply))
  app.get(ROUTES.routingRule, { schema: { params: RuleParams }, config }, async (request, reply) => await edit(app, request, reply, {}))
  app.post(ROUTES.routingRule, { schema: { params: RuleParams, body: RuleForm }, config, attachValidation: true }, async (request, reply) => await save(app, request, reply))

  app.post(ROUTES.routingSwitches, { schema: { params: RuleParams, body: SwitchForm }, config }, async (request, reply) => {
    const on = request.body.on === '1'
    await switchRule(app, await keeperOf(app, request), request.params.id, on, app.now())
    return await reply.redirect(request.path('routing', [], { done: on ? 'on' : 'off' }), 303)
  })

  app.post(ROUTES.routingMoves, { schema: { params: RuleParams, body: MoveForm }, config }, async (request, reply) => {
    await moveRule(app, await keeperOf(app, request), request.params.id, request.body.to, app.now())
    return await reply.redirect(request.path('routing', [], { done: 'moved' }), 303)
  })
}

async function keeperOf (app: App, request: FastifyRequest): Promise<Keeper> {
  return { ...await clerkOf(app, request), bureauId: request.actor?.bureauId ?? 0 }
}

/** Tries or keeps what the form says; what is refused stays in it. */
async function save (app: App, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const form = request.body as RuleForm
  const { id } = request.params as { id?: string }
  const { data, faults: wrong } = request.validationError === undefined ? await readForm(app.db, form) : { data: { when: {}, then: {} }, faults: {} }
  const faults = [...fieldErrors(request), ...inWords(request, wrong)]
  if (faults.length > 0) return await edit(app, request, reply.code(422), { typed: form, faults })
  const keeper = await keeperOf(app, request)
  const wish = { name: form.name ?? '', data, reason: form.reason ?? '', ...id === undefined ? {} : { id, version: form.version ?? 0 } }
  try {
    if (form.do === 'try') return await edit(app, request, reply, { typed: form, trial: await tryRule(app, keeper, wish, app.now()) })
    await saveRule(app, keeper, wish, app.now())
  } catch (error) {
    const refused = refusalOf(request, error)
    return await edit(app, request, reply.code(refused.status), { typed: form, faults: refused.faults })
  }
  return await reply.redirect(request.path('routing', [], { done: id === undefined ? 'added' : 'changed' }), 303)
}

interface Visit { typed?: RuleForm, faults?: Fault[], trial?: Trial }

async function edit (app: App, request: FastifyRequest, reply: FastifyReply, { typed, faults = [], trial }: Visit): Promise<string> {
  const keeper = await keeperOf(app, request)
  const { id } = request.params as { id?: string }
  const rule = id === undefined ? null : (await listRules(app.db, [keeper.bureauId])).find(one => one.id === id)
  if (rule === undefined) throw new AppError('not_found', { id })
  const names = await namesOf(app.db, rule === null ? [] : [rule])
  const form = typed ?? (rule === null || rule.data === null ? {} : { ...formOf(rule.data, names), name: rule.name })
  const title = request.t(rule === null ? 'routing.new' : 'routing.edit')
  return await reply.page('desk/routing/edit', {
    title,
    section: 'deskMore',
    breadcrumbs: [{ text: request.t('nav.routing'), href: request.path('routing') }, { text: title }],
    errors: faults,
    faults: byField(faults),
    action: rule === null ? request.path('routingNew') : request.path('routingRule', [rule.id]),
    rule,
    versions: rule === null ? [] : await listVersions(app.db, rule.id),
    typed: form,
    options: await optionsOf(app.db, request, form, { bureauIds: keeper.bureauIds, names }),
    limits: RULE_LIMITS,
    tries: allows(keeper.role, 'complaint.assign'),
    tried: TRIED,
    trial: trial ?? null
  })
}
