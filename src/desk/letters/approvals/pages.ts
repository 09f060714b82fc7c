import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { readDraft, type DraftView } from '../../../complaints/outcome/documents/service.ts'
import { decideLetter } from '../../../complaints/outcome/letters/service.ts'
import { listIssuable, listWaiting } from '../../../complaints/outcome/letters/repository.ts'
import { findCase, type Case } from '../../../complaints/case/reading/service.ts'
import { listDeputisedRoles } from '../../../complaints/allotment/absence/repository.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { allows } from '../../../domain/process/permissions.ts'
import { byField, fieldErrors, type Fault } from '../../../forms/field-errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../../case/casework/actor.ts'
import { refusalOf } from '../../case/casework/faults.ts'
import { ApprovalParams, DecisionForm, DoneQuery } from './schema.ts'

type Waiting = Awaited<ReturnType<typeof listWaiting>>
interface Visit { decision?: string, text?: string, faults?: Fault[] }

declare module '../../../views.ts' {
  interface Views {
    'desk/approvals/list': Frame & { waiting: Waiting, issuable: Waiting, signs: boolean, notice: string | null }
    'desk/approvals/show': Frame & { draft: DraftView, bar: string | null, issues: Case['issues'], decision: string, text: string, options: Array<{ value: string, label: string, hint: string }>, limit: number, faults: Record<string, string> }
  }
}

const config = { permission: 'letter.approve', session: 'staff' } as const

/** Letters that wait for somebody's look: the text that was handed in, what changed since it was returned, the findings beside it. */
export async function approvalPages (app: App): Promise<void> {
  app.get(ROUTES.approvals, { schema: { querystring: DoneQuery }, config }, async (request, reply) => {
    const clerk = await clerkOf(app, request)
    const signs = allows(clerk.role, 'letter.sign')
    const key = `approval_done.${request.query.done ?? ''}`
    return await reply.page('desk/approvals/list', {
      title: request.t('nav.approvals'),
      section: 'approvals',
      waiting: await listWaiting(app.db, clerk.role, await listDeputisedRoles(app.db, clerk.id, localDate(app.now())), clerk),
      issuable: signs ? await listIssuable(app.db, clerk) : [],
      signs,
      notice: hasWord(request.locale, key) ? request.t(key) : null
    })
  })

  app.get(ROUTES.approval, { schema: { params: ApprovalParams }, config }, async (request, reply) => await show(app, request, reply, {}))

  app.post(ROUTES.approvalDecisions, { schema: { params: ApprovalParams, body: DecisionForm }, config, attachValidation: true }, async (request, reply) => {
    const { version, decision, text = '' } = request.body
    const faults = fieldErrors(request, 'approval')
    if (faults.length > 0) return await show(app, request, reply.code(422), { text, faults })
    try {
      await decideLetter(app, await clerkOf(app, request), { id: request.params.id, version, decision: decision as 'approve' | 'return', comment: text }, app.now())
    } catch (error) {
      const { status, faults } = refusalOf(request, error)
      return await show(app, request, reply.code(status), { decision, text, faults })
    }
    return await reply.redirect(request.path('approvals', [], { done: decision }), 303)
  })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { decision = '', text = '', faults = [] }: Visit): Promise<string> {
  const clerk = await clerkOf(app, request)
  const draft = await readDraft(app, clerk, (request.params as { id: string }).id, { locale: request.locale, now: app.now() })
  const { issues } = await findCase(app, draft.ref, app.now(), clerk)
  const { bar } = draft
  return await reply.page('desk/approvals/show', {
    title: request.t('approval.title', { document: request.t(`document.${draft.type}`) }),
    section: 'approvals',
    breadcrumbs: [{ text: request.t('nav.approvals'), href: request.path('approvals') }, { text: request.t(`document.${draft.type}`) }],
    errors: faults,
    faults: byField(faults),
    draft,
    bar,
    issues,
    decision,
    text,
    options: (['approve', 'return'] as const).map(value => ({ value, label: request.t(`approval.${value}`), hint: request.t(`approval.${value}_hint`) })),
    limit: 2000
  })
}
