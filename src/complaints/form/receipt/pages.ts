import type { FastifyReply, FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import type { App } from '../../../app.ts'
import { isTooFast, type Suspicion } from '../../../domain/process/suspicions.ts'
import { groupQueryCode } from '../../../domain/records/receipts.ts'
import { AppError } from '../../../errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { agrees, consentsIn } from '../consents/service.ts'
import { discardDraft, readDraft, readReceipt, submitDraft, type Circumstances } from '../filing/service.ts'
import { readMemberCodes, type MemberCode } from '../members/service.ts'
import type { RemedyClock } from '../../case/remedies/service.ts'
import { findTracking } from '../../case/reading/service.ts'
import { dueOf, filedWith, paper, remedyOf, type Due } from './paper.ts'

declare module '../../../views.ts' {
  interface Views {
    'complaints/receipt/busy': Frame & { minutes: number }
    'complaints/receipt/show': Frame & {
      ref: string, code: string | null, slips: MemberCode[], trackAddress: string, urgent: boolean, submittedAt: string, until: string, bureau: string, due: Due | null, fault: string | null, clock: RemedyClock | null
      files: Array<{ name: string, size: number, sha256: string }>, anonymous: boolean
    }
  }
}

const draftOwn = { permission: 'complaint.own', session: 'draft' } as const
/** Its own session: another draft in this browser does not take the receipt away. */
const own = { permission: 'complaint.own', session: 'receipt' } as const

const Submission = Type.Object({ website: Type.Optional(Type.String()), sensitive: Type.Optional(Type.String()), summary: Type.Optional(Type.String()) })
const Written = Type.Object({ written: Type.Optional(Type.String()) })
const ReceiptQuery = Type.Object({ unwritten: Type.Optional(Type.String()) })

/** Sending, and what the complainant keeps. The receipt can be opened again for half an hour by the session that sent. */
export async function receipt (app: App): Promise<void> {
  app.post(ROUTES.complainSubmission, { schema: { body: Submission }, config: draftOwn }, async (request, reply) => {
    const id = subjectOf(request)
    const { submittedAt, createdAt } = await readDraft(app, id)
    const used = request.usedOf('submission')
    const [full] = [used, request.usedOf('submissions')].filter(limit => limit.full)
    const { entry } = request
    if (submittedAt === null && full !== undefined && entry === null) return await busy(request, reply, full.seconds)
    if (entry?.complainant !== false && !await agrees(app, id, request.body, app.now())) return await reply.redirect(request.path('complainStep', ['check']), 303)
    try {
      const { made, ref } = await submitDraft(app, id, app.now(), circumstancesOf(request, request.body, { unusual: used.unusual, begunAt: createdAt, now: app.now() }))
      if (made && entry === null) for (const limit of ['submission', 'submissions'] as const) request.countOne(limit)
      if (entry?.complainant === false) return await toDesk(request, reply, ref)
    } catch (error) {
      // The check page names what is missing, each with its link.
      if (error instanceof AppError && error.code === 'form_invalid') return await reply.redirect(request.path('complainStep', ['check']), 303)
      throw error
    }
    await reply.startSession('receipt', id)
    return await reply.redirect(request.path('receipt'), 303)
  })

  app.get(ROUTES.receipt, { schema: { querystring: ReceiptQuery }, config: own }, async (request, reply) => await show(app, request, reply, request.query.unwritten !== undefined))

  app.post(ROUTES.receipt, { schema: { body: Written }, config: own }, async (request, reply) => {
    const { ref, code } = await readReceipt(app, subjectOf(request), app.now())
    if (request.entry !== null) return await toDesk(request, reply, ref)
    if (code === null) return await reply.redirect(request.path('track'), 303) // from then on only who has the code
    if (request.body.written === undefined) return await reply.redirect(request.path('receipt', [], { unwritten: 1 }), 303)
    await reply.startSession('track', subjectOf(request), { label: ref })
    return await reply.redirect(request.path('tracking', [ref]), 303)
  })

  paper(app)

  app.post(ROUTES.complainDiscard, { config: draftOwn }, async (request, reply) => {
    const { submittedAt } = await readDraft(app, subjectOf(request))
    if (submittedAt !== null) return await reply.redirect(request.path('receipt'), 303) // what was sent is not unsent by another tab
    await discardDraft(app, app.files, subjectOf(request))
    await reply.endSession('draft')
    return await reply.redirect(request.path('complain', [], { discarded: 1 }), 303)
  })
}

/** Whoever entered it for somebody goes on at the desk: the query code is the complainant's alone. */
async function toDesk (request: FastifyRequest, reply: FastifyReply, ref: string): Promise<unknown> {
  for (const kind of ['draft', 'receipt'] as const) await reply.endSession(kind) // sent once more, the form would show it again
  return await reply.redirect(request.path('complaint', [ref]), 303)
}

function subjectOf (request: FastifyRequest): string {
  return request.session?.subject ?? ''
}

/** What a request shows of a machine or a flood: it is kept apart for somebody to look at, never refused (security.md F-6). */
function suspicionsIn (form: { website?: string }, { unusual, begunAt, now }: { unusual: boolean, begunAt: string, now: string }): Suspicion[] {
  return [
    ...form.website === undefined ? [] : ['trap' as const],
    ...isTooFast(begunAt, now) ? ['too_fast' as const] : [],
    ...unusual ? ['many_from_network' as const] : []
  ]
}

type Submitted = Static<typeof Submission>

/** What is known besides the answers. Staff are no machine, and where nobody complains nobody consents. */
function circumstancesOf (request: FastifyRequest, form: Submitted, seen: { unusual: boolean, begunAt: string, now: string }): Circumstances {
  const { entry, id: requestId, locale } = request
  return { consents: entry?.complainant === false ? {} : consentsIn(form), requestId, locale, ...entry === null ? { suspicions: suspicionsIn(form, seen) } : {} }
}

/** Too many complaints came from this network: the draft waits, and the page says for how long. */
async function busy (request: FastifyRequest, reply: FastifyReply, seconds: number): Promise<unknown> {
  return await reply.code(429).header('retry-after', String(seconds)).page('complaints/receipt/busy', {
    title: request.t('receipt.busy'), section: 'complain', noindex: true, hideSearch: true, minutes: Math.ceil(seconds / 60)
  })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, unwritten: boolean): Promise<unknown> {
  const fault = unwritten ? request.t('receipt.error.written') : null
  const id = subjectOf(request)
  const kept = await readReceipt(app, id, app.now())
  const found = await findTracking(app, id, app.now())
  const slips = kept.code === null ? [] : await readMemberCodes(app, id)
  return await reply.page('complaints/receipt/show', {
    title: request.t('receipt.title'),
    section: 'complain',
    noindex: true,
    hideSearch: true,
    ref: kept.ref,
    code: kept.code === null ? null : groupQueryCode(kept.code),
    slips: slips.map(slip => ({ ...slip, code: groupQueryCode(slip.code) })),
    trackAddress: app.address(request.locale, 'track'),
    urgent: found.urgent === true,
    submittedAt: kept.submittedAt,
    until: kept.codeUntil,
    clock: kept.code === null ? null : await remedyOf(app, request, found),
    bureau: request.locale === 'en' ? found.bureau.nameEn : found.bureau.name,
    due: dueOf(request, found),
    files: kept.code === null ? [] : filedWith(found),
    anonymous: kept.mode === 'anonymous',
    fault,
    ...fault === null ? {} : { errors: [{ field: 'written', text: fault }] }
  })
}
