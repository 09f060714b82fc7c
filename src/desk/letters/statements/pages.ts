import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { decideStatement, statementsFor, type Moderated } from '../../../complaints/outcome/statements/service.ts'
import { byField, fieldErrors, type Fault } from '../../../forms/field-errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../../case/casework/actor.ts'
import { refusalOf } from '../../case/casework/faults.ts'
import { DecisionForm, StatementParams, StatementQuery } from './schema.ts'

interface Line extends Moderated { letter: string, page: string, field: string, typed: string }
interface Visit { done?: string, faults?: Fault[], typed?: { id: string, text: string } }

declare module '../../../views.ts' {
  interface Views { 'desk/statements/list': Frame & { notice: string | null, waiting: Line[], decided: Line[], faults: Record<string, string> } }
}

const config = { permission: 'statement.moderate', session: 'staff' } as const

/** What agencies want to say in public: looked at once more before it is, sent back with reasons, or taken down. */
export async function statementDesk (app: App): Promise<void> {
  app.get(ROUTES.statements, { schema: { querystring: StatementQuery }, config }, async (request, reply) => await show(app, request, reply, request.query))

  app.post(ROUTES.statementDecisions, { schema: { params: StatementParams, body: DecisionForm }, config, attachValidation: true }, async (request, reply) => {
    const { id } = request.params
    const { version, decision, text = '' } = request.body
    const placed = (given: Fault[]): Fault[] => given.map(fault => ({ ...fault, field: fault.field === '' ? '' : `text-${id}` }))
    const wrong = fieldErrors(request, 'statements')
    if (wrong.length > 0 || decision === undefined) return await show(app, request, reply.code(422), { faults: wrong.length > 0 ? placed(wrong) : [{ field: `text-${id}`, text: request.t('statements.decision_missing') }], typed: { id, text } })
    try {
      await decideStatement(app, await clerkOf(app, request), { id, version, decision, text }, app.now())
    } catch (error) {
      const { status, faults } = refusalOf(request, error)
      return await show(app, request, reply.code(status), { faults: placed(faults), typed: { id, text } })
    }
    return await reply.redirect(request.path('statements', [], { done: decision }), 303)
  })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { done, faults = [], typed }: Visit): Promise<string> {
  const lines = (await statementsFor(app, await clerkOf(app, request))).map((line): Line => ({
    ...line, letter: request.t(`document.${line.type}`), page: request.path('agency', [line.slug]), field: `text-${line.id}`, typed: typed?.id === line.id ? typed.text : ''
  }))
  const key = `statements_done.${done ?? ''}`
  return await reply.page('desk/statements/list', {
    title: request.t('statements.title'), section: 'statements', noindex: true, errors: faults, faults: byField(faults), notice: done !== undefined && hasWord(request.locale, key) ? request.t(key) : null,
    waiting: lines.filter(({ state }) => state === 'signed'), decided: lines.filter(({ state }) => state !== 'signed')
  })
}
