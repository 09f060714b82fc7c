import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { dismissPattern, findPatterns, sumRecovered } from '../../../complaints/outcome/consequences/service.ts'
import { listFlagged } from '../../../complaints/case/reading/repository.ts'
import { PATTERN_RULE } from '../../../domain/supervision/consequences.ts'
import { localDate, startOfDay } from '../../../domain/time/calendar.ts'
import { byField, fieldErrors, type Fault } from '../../../forms/field-errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../../case/casework/actor.ts'
import { refusalOf } from '../../case/casework/faults.ts'
import { DoneQuery, PatternForm } from '../../letters/consequences/schema.ts'

interface Card { pattern: string, id: string, title: string, agency: string | null, name: string, han: boolean, refs: Array<{ ref: string, href: string }>, dismissed: { reason: string, at: string } | null, reason: string, error: string }

declare module '../../../views.ts' {
  interface Views { 'desk/patterns/list': Frame & { notice: string | null, rule: typeof PATTERN_RULE, cards: Card[], asides: Card[], retaliation: Array<{ ref: string, href: string }>, recovered: number, year: string } }
}

/** What several complaints have in common, retaliation that was reported, and what was made good this year; for those who lead. */
export async function patternPages (app: App): Promise<void> {
  const config = { permission: 'pattern.review', session: 'staff' } as const
  app.get(ROUTES.patterns, { schema: { querystring: DoneQuery }, config }, async (request, reply) => await show(app, request, reply, { done: request.query.done, faults: [] }))

  app.post(ROUTES.patterns, { schema: { body: PatternForm }, config, attachValidation: true }, async (request, reply) => {
    const { pattern, reason = '' } = request.body
    const clerk = await clerkOf(app, request)
    const faults = fieldErrors(request, 'patterns')
    if (faults.length > 0) return await show(app, request, reply.code(422), { pattern, reason, faults })
    try {
      await dismissPattern(app, clerk, { pattern, reason, bureauIds: clerk.bureauIds }, app.now())
    } catch (error) {
      const { status, faults } = refusalOf(request, error, 'reason')
      return await show(app, request, reply.code(status), { pattern, reason, faults })
    }
    return await reply.redirect(request.path('patterns', [], { done: 'dismissed' }), 303)
  })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { done, pattern, reason = '', faults }: { done?: string | undefined, pattern?: string, reason?: string, faults: Fault[] }): Promise<string> {
  const { bureauIds } = await clerkOf(app, request)
  const found = await findPatterns(app, { bureauIds, now: app.now() })
  const words = byField(faults)
  const cards = found.map((card, at) => ({
    ...card,
    id: `reason-${at + 1}`,
    title: request.t(`pattern.${card.kind}`, { count: card.refs.length }),
    name: card.kind === 'ground' ? request.t(`ground.${card.name}`) : card.name,
    han: card.kind !== 'ground',
    refs: card.refs.map(ref => ({ ref, href: request.path('complaint', [ref]) })),
    reason: card.pattern === pattern ? reason : '',
    error: card.pattern === pattern ? words['reason'] ?? '' : ''
  }))
  const year = localDate(app.now()).slice(0, 4)
  const key = `patterns_done.${done ?? ''}`
  return await reply.page('desk/patterns/list', {
    title: request.t('patterns.title'),
    section: 'patterns',
    errors: faults.map(fault => fault.field === 'reason' ? { ...fault, field: cards.find(card => card.pattern === pattern)?.id ?? '' } : fault),
    notice: hasWord(request.locale, key) ? request.t(key) : null,
    rule: PATTERN_RULE,
    cards: cards.filter(({ dismissed }) => dismissed === null),
    asides: cards.filter(({ dismissed }) => dismissed !== null),
    retaliation: (await listFlagged(app.db, 'retaliation', bureauIds)).map(ref => ({ ref, href: request.path('complaint', [ref]) })),
    recovered: await sumRecovered(app.db, bureauIds, startOfDay(`${year}-01-01`)),
    year
  })
}
