import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { readProposal, type LetterSheet } from '../../../complaints/outcome/documents/service.ts'
import { decideProposal } from '../../../complaints/outcome/letters/service.ts'
import { listProposed } from '../../../complaints/outcome/letters/repository.ts'
import { byField, fieldErrors, type Fault } from '../../../forms/field-errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../../case/casework/actor.ts'
import { refusalOf } from '../../case/casework/faults.ts'
import { ApprovalParams, DecisionForm, DoneQuery } from './schema.ts'

interface Visit { decision?: string, text?: string, faults?: Fault[] }

declare module '../../../views.ts' {
  interface Views {
    'desk/approvals/proposals': Frame & { proposals: Awaited<ReturnType<typeof listProposed>>, notice: string | null }
    'desk/approvals/proposal': Frame & { id: string, version: number, sheet: LetterSheet, decision: string, text: string, options: Array<{ value: string, label: string, hint: string }>, limit: number, faults: Record<string, string> }
  }
}

const config = { permission: 'government.decide', session: 'staff' } as const

/** Decisions that are proposed to the government (行政执法监督条例 29): its office reads the letter, never the case nor who complained. */
export async function proposalPages (app: App): Promise<void> {
  app.get(ROUTES.proposals, { schema: { querystring: DoneQuery }, config }, async (request, reply) => {
    const key = `proposal_done.${request.query.done ?? ''}`
    return await reply.page('desk/approvals/proposals', { title: request.t('nav.proposals'), section: 'proposals', proposals: await listProposed(app.db, await clerkOf(app, request)), notice: hasWord(request.locale, key) ? request.t(key) : null })
  })

  app.get(ROUTES.proposal, { schema: { params: ApprovalParams }, config }, async (request, reply) => await show(app, request, reply, {}))

  app.post(ROUTES.proposalDecisions, { schema: { params: ApprovalParams, body: DecisionForm }, config, attachValidation: true }, async (request, reply) => {
    const { version, decision, text = '' } = request.body
    const faults = fieldErrors(request, 'approval')
    if (faults.length > 0) return await show(app, request, reply.code(422), { text, faults })
    try {
      await decideProposal(app, await clerkOf(app, request), { id: request.params.id, version, decision: decision as 'approve' | 'return', text }, app.now())
    } catch (error) {
      const { status, faults } = refusalOf(request, error)
      return await show(app, request, reply.code(status), { decision, text, faults })
    }
    return await reply.redirect(request.path('proposals', [], { done: decision }), 303)
  })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { decision = '', text = '', faults = [] }: Visit): Promise<string> {
  const { id, version, sheet } = await readProposal(app, await clerkOf(app, request), (request.params as { id: string }).id, { locale: request.locale, now: app.now() })
  return await reply.page('desk/approvals/proposal', {
    title: request.t('proposal.title'),
    section: 'proposals',
    breadcrumbs: [{ text: request.t('nav.proposals'), href: request.path('proposals') }, { text: request.t('proposal.title') }],
    errors: faults,
    faults: byField(faults),
    id,
    version,
    sheet,
    decision,
    text,
    options: (['approve', 'return'] as const).map(value => ({ value, label: request.t(`proposal.${value}`), hint: request.t(`proposal.${value}_hint`) })),
    limit: 2000
  })
}
