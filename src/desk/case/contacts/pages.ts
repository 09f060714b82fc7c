import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../../app.ts'
import { listChannels, type ChannelView } from '../../../complaints/following/contacts/service.ts'
import { repeatNotice } from '../../../complaints/following/notices/service.ts'
import { COUNTER_PROOFS, hasLooked, reissueAtCounter, type CounterProof } from '../../../complaints/following/reissue/service.ts'
import { findCase, type Case } from '../../../complaints/case/reading/service.ts'
import { allows } from '../../../domain/process/permissions.ts'
import { groupQueryCode } from '../../../domain/records/receipts.ts'
import { AppError } from '../../../errors.ts'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../casework/actor.ts'
import { caseFrame } from '../casework/present.ts'
import { ComplaintParams } from '../casework/schema.ts'

interface Channel extends ChannelView { repeatable: boolean }

declare module '../../../views.ts' {
  interface Views {
    'desk/contacts/show': Frame & {
      complaint: Case, channels: Channel[], repeated: boolean, mayReissue: boolean, looked: boolean
      proofs: Array<{ value: string, label: string }>, proof: string, faults: Record<string, string>
    }
    'desk/contacts/code': Frame & { complaint: Case, code: string }
  }
}

const Repeat = Type.Object({ ref: ComplaintParams.properties.ref, id: Type.String({ pattern: '^[A-Za-z0-9_-]{16}$' }) })
const Reissue = Type.Object({ proof: Type.Optional(Type.String()), checked: Type.Optional(Type.String()) })
const Query = Type.Object({ done: Type.Optional(Type.String()) })

/** How the complainant is reached, without the addresses; and a new query code for somebody who comes in person. */
export async function contactDesk (app: App): Promise<void> {
  const reading = { permission: 'complaint.read', session: 'staff' } as const

  app.get(ROUTES.deskContacts, { schema: { params: ComplaintParams, querystring: Query }, config: reading }, async (request, reply) =>
    await show(app, request, reply, { repeated: request.query.done !== undefined, proof: '', errors: [] }))

  app.post(ROUTES.noticeRepeats, { schema: { params: Repeat }, config: { permission: 'complaint.message', session: 'staff' } }, async (request, reply) => {
    const { ref, id } = request.params
    try {
      await repeatNotice(app, await clerkOf(app, request), ref, id, app.now())
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'transition_refused') throw error
      return await show(app, request, reply.code(409), { repeated: false, proof: '', errors: [{ field: '', text: request.t('desk_contacts.not_repeatable') }] })
    }
    return await reply.redirect(request.path('deskContacts', [ref], { done: 1 }), 303)
  })

  app.post(ROUTES.codeReissues, { schema: { params: ComplaintParams, body: Reissue }, config: { permission: 'code.reissue', session: 'staff' } }, async (request, reply) => {
    const { proof = '', checked } = request.body
    const errors = reissueFaults(request, proof, checked !== undefined)
    if (errors.length > 0) return await show(app, request, reply.code(422), { repeated: false, proof, errors })
    return await handOver(app, request, reply, proof as CounterProof)
  })
}

function reissueFaults (request: FastifyRequest, proof: string, checked: boolean): Fault[] {
  const errors: Fault[] = []
  if (!(COUNTER_PROOFS as readonly string[]).includes(proof)) errors.push({ field: 'proof', text: request.t('desk_contacts.error.proof') })
  if (!checked) errors.push({ field: 'checked', text: request.t('desk_contacts.error.checked') })
  return errors
}

/** The new code, on this one answer alone. */
async function handOver (app: App, request: FastifyRequest, reply: FastifyReply, proof: CounterProof): Promise<string> {
  const { ref } = request.params as { ref: string }
  const clerk = await clerkOf(app, request)
  try {
    const code = await reissueAtCounter(app, clerk, ref, proof, app.now())
    const complaint = await findCase(app, ref, app.now(), clerk)
    return await reply.page('desk/contacts/code', { ...caseFrame(request, ref, request.t('desk_contacts.new_code')), complaint, code: groupQueryCode(code) })
  } catch (error) {
    if (!(error instanceof AppError) || !['reason_required', 'transition_refused'].includes(error.code)) throw error
    return await show(app, request, reply.code(error.status), { repeated: false, proof, errors: [{ field: '', text: request.t(error.code === 'reason_required' ? 'desk_contacts.error.looked' : 'desk_contacts.anonymous') }] })
  }
}

interface Visit { repeated: boolean, proof: string, errors: Fault[] }

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { repeated, proof, errors }: Visit): Promise<string> {
  const { ref } = request.params as { ref: string }
  const clerk = await clerkOf(app, request)
  const complaint = await findCase(app, ref, app.now(), clerk)
  const channels = await listChannels(app.db, complaint.id)
  return await reply.page('desk/contacts/show', {
    ...caseFrame(request, ref, request.t('desk_contacts.title')),
    self: request.path('deskContacts', [ref]),
    complaint,
    channels: channels.map(channel => ({ ...channel, repeatable: channel.notify && ['failed', 'unsure'].includes(channel.notices[0]?.state ?? '') })),
    repeated,
    mayReissue: allows(clerk.role, 'code.reissue'),
    looked: await hasLooked(app.db, clerk, complaint.id, app.now()),
    proofs: COUNTER_PROOFS.map(value => ({ value, label: request.t(`reissue_proof.${value}`) })),
    proof,
    faults: byField(errors),
    errors
  })
}
