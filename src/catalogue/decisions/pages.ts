import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { normaliseDocumentNumber } from '../../domain/records/codes.ts'
import { stateOn } from '../../domain/decisions/publication.ts'
import { localDate } from '../../domain/time/calendar.ts'
import { ROUTES } from '../../paths.ts'
import { listQuery } from '../lists/definition.ts'
import { showList } from '../lists/page.ts'
import { readWish } from '../lists/wish.ts'
import { publicationFigures, timelinessJudge } from '../publication/timeliness.ts'
import { DECISIONS } from './list.ts'
import { describeDecision, describeTombstone, type DecisionView, type TombstoneView } from './record.ts'
import { codeOfNumber, countByDays, findDecision } from './repository.ts'
import { DecisionParams } from './schema.ts'
import type { Frame } from '../../views.ts'

declare module '../../views.ts' {
  interface Views {
    'catalogue/decisions/show': DecisionView
    'catalogue/decisions/tombstone': TombstoneView
    'catalogue/decisions/missing': Frame & { asked: string }
  }
}

/** The decisions: their list and the page of each. */
export async function decisions (app: App): Promise<void> {
  app.get(ROUTES.decisions, { schema: { querystring: listQuery(DECISIONS) }, config: { permission: 'public', limit: 'search' } }, async (request, reply) => {
    const wish = readWish(DECISIONS, request.query)
    const code = await codeAsked(app, wish.question.text)
    if (code !== undefined) return await reply.redirect(request.path('decision', [code]), 302)
    return await showList({ app, request, list: DECISIONS, intro: await introOf(app, request), links: [{ label: request.t('decisions.rules_link'), href: request.path('decisionRules') }] }, reply, wish)
  })

  app.get(ROUTES.decision, { schema: { params: DecisionParams }, config: { permission: 'public' } }, async (request, reply) =>
    await showDecision(app, request, reply, request.params.code))
}

async function showDecision (app: App, request: FastifyRequest, reply: FastifyReply, asked: string): Promise<unknown> {
  const decision = await findDecision(app.db, asked)
  if (decision === undefined) {
    const code = await codeAsked(app, asked)
    if (code !== undefined) return await reply.redirect(request.path('decision', [code]), 302)
    return await reply.code(404).page('catalogue/decisions/missing', { title: request.t('decisions.missing'), noindex: true, hideSearch: true, asked })
  }
  const state = stateOn(decision, localDate(app.now()))
  if (state !== 'in_force') return await reply.page('catalogue/decisions/tombstone', await describeTombstone(app, request, decision, state))
  return await reply.page('catalogue/decisions/show', await describeDecision(app, request, decision))
}

/** The code of the decision whose number was typed, however the brackets are written. */
async function codeAsked (app: App, typed: string): Promise<string | undefined> {
  const number = typed.length > 100 ? null : normaliseDocumentNumber(typed)
  return number === null ? undefined : await codeOfNumber(app.db, number)
}

async function introOf (app: App, request: FastifyRequest): Promise<string> {
  const figures = publicationFigures(await countByDays(app.db), await timelinessJudge(app.db))
  return request.t('decisions.intro', { shown: figures.shown, withdrawn: figures.withdrawn, expired: figures.expired })
}
