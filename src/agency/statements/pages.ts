import Type from 'typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { saveStatement, signStatement, withdrawStatement } from '../../complaints/outcome/statements/service.ts'
import { ROUTES } from '../../paths.ts'
import { act } from '../items/acts.ts'
import { ItemParams } from '../items/schema.ts'

const Version = Type.Integer({ minimum: 0 })
const Draft = Type.Object({ version: Version, statement: Type.Optional(Type.String({ maxLength: 20_000 })) })
const Seen = Type.Object({ version: Version })

/** What the agency says in public about a letter of a closed case: written by one, signed by its head, taken back. It stands on the page of the item. */
export async function statementPages (app: App): Promise<void> {
  app.post(ROUTES.agencyStatement, { schema: { params: ItemParams, body: Draft }, config: { permission: 'agency.item', session: 'staff' } }, async (request, reply) => {
    const { version, statement = '' } = request.body
    return await act(app, request, reply, { done: 'statement_saved', typed: { statement }, work: async person => { await saveStatement(app, person, { id: request.params.id, text: statement, version }, app.now()) } })
  })

  const sign = { permission: 'agency.sign', session: 'staff' } as const
  app.post(ROUTES.agencyStatementSignatures, { schema: { params: ItemParams, body: Seen }, config: sign }, async (request, reply) => await take(app, request, reply, 'statement_signed', signStatement))
  app.post(ROUTES.agencyStatementWithdrawals, { schema: { params: ItemParams, body: Seen }, config: sign }, async (request, reply) => await take(app, request, reply, 'statement_withdrawn', withdrawStatement))
}

async function take (app: App, request: FastifyRequest, reply: FastifyReply, done: string, work: typeof signStatement): Promise<unknown> {
  const [{ id }, { version }] = [request.params as { id: string }, request.body as { version: number }]
  return await act(app, request, reply, { done, work: async person => { await work(app, person, { id, version }, app.now()) } })
}
