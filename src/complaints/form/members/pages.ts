import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../../app.ts'
import { maskName } from '../../../domain/records/masking.ts'
import { groupQueryCode } from '../../../domain/records/receipts.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { listMembers } from './repository.ts'
import { readMembers, renewMemberCode, representedComplaint } from './service.ts'

declare module '../../../views.ts' {
  interface Views {
    'complaints/members/show': Frame & { ref: string, trackAddress: string, members: Array<{ no: number, name: string }>, slips: Array<{ no: number, name: string | null, code: string }> }
  }
}

const own = { permission: 'complaint.own', session: 'track' } as const
const Params = Type.Object({ ref: Type.String({ maxLength: 30 }) })
const Renewal = Type.Object({ no: Type.Integer({ minimum: 1, maximum: 50 }) })

/** Who complains together with the representative, who alone may give one of them a new code. */
export async function members (app: App): Promise<void> {
  app.get(ROUTES.trackMemberCodes, { schema: { params: Params }, config: own }, async (request, reply) => await show(app, request, reply, null))

  app.post(ROUTES.trackMemberCodes, { schema: { params: Params, body: Renewal }, config: { ...own, limit: 'message' } }, async (request, reply) => {
    const { id, ref } = await representedComplaint(app, request, request.params.ref)
    const code = await renewMemberCode(app, { id, ref, no: request.body.no, requestId: request.id }, app.now())
    return await show(app, request, reply, { no: request.body.no, code })
  })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, fresh: { no: number, code: string } | null): Promise<string> {
  const { id, ref } = await representedComplaint(app, request, (request.params as { ref: string }).ref)
  const named = await readMembers(app, id)
  const rows = await listMembers(app.db, id)
  return await reply.page('complaints/members/show', {
    title: request.t('members.title'),
    section: 'track',
    noindex: true,
    hideSearch: true,
    back: { href: request.path('tracking', [ref]) },
    self: request.path('trackMemberCodes', [ref]),
    ref,
    members: rows.map(({ no }) => ({ no, name: maskName(named[no - 1]?.name ?? '') })),
    trackAddress: app.address(request.locale, 'track'),
    slips: fresh === null ? [] : [{ no: fresh.no, name: null, code: groupQueryCode(fresh.code) }]
  })
}
