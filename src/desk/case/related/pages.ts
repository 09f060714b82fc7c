import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { findByRef } from '../../../complaints/case/core/repository.ts'
import { findCase } from '../../../complaints/case/reading/service.ts'
import { NEAR_DAYS, putAside, readRelated, relate, TIE_KINDS, unrelate, type Candidate, type Past, type Tied } from '../../../complaints/work/related/service.ts'
import { allows } from '../../../domain/process/permissions.ts'
import { normaliseReference } from '../../../domain/records/receipts.ts'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import { ROUTES } from '../../../paths.ts'
import { clerkOf, type Clerk } from '../casework/actor.ts'
import { attempt } from '../casework/faults.ts'
import { ComplaintParams } from '../casework/schema.ts'
import { partFrame, type PartFrame } from '../parts/frame.ts'
import { DoneQuery, OtherForm, TieForm } from './schema.ts'

interface Visit { done?: string, faults?: Fault[], other?: string, kind?: string }

declare module '../../../views.ts' {
  interface Views {
    'desk/related/show': PartFrame & {
      notice: string | null, tied: Array<Tied & { removable: boolean }>, persons: number, candidates: Candidate[], past: Array<Past & { results: Array<{ ground: string, finding: string, redress: string }> }>
      kinds: Array<{ value: string, label: string, hint: string }>, kind: string, other: string, may: boolean, days: number, faults: Record<string, string>
    }
  }
}

/** What a case belongs together with, what it may, and how the like was decided before. Cases are tied, never merged. */
export async function relatedPages (app: App): Promise<void> {
  const config = { permission: 'complaint.claim', session: 'staff' } as const

  app.get(ROUTES.related, { schema: { params: ComplaintParams, querystring: DoneQuery }, config: { permission: 'complaint.read', session: 'staff' } }, async (request, reply) => await show(app, request, reply, request.query))

  app.post(ROUTES.related, { schema: { params: ComplaintParams, body: TieForm }, config, attachValidation: true }, async (request, reply) => {
    const { other, kind } = request.body
    return await act(app, request, reply, 'related', async clerk => { await relate(app, clerk, request.params.ref, { other: refIn(other), kind }, app.now()) })
  })

  app.post(ROUTES.relatedEndings, { schema: { params: ComplaintParams, body: OtherForm }, config }, async (request, reply) => {
    return await act(app, request, reply, 'unrelated', async clerk => { await unrelate(app, clerk, request.params.ref, refIn(request.body.other), app.now()) })
  })

  app.post(ROUTES.relatedRefusals, { schema: { params: ComplaintParams, body: OtherForm }, config }, async (request, reply) => {
    return await act(app, request, reply, 'aside', async clerk => { await putAside(app, clerk, request.params.ref, refIn(request.body.other), app.now()) })
  })
}

/** A reference however it was typed; what is none is nobody's. */
function refIn (typed = ''): string {
  return normaliseReference(typed) ?? typed
}

async function act (app: App, request: FastifyRequest, reply: FastifyReply, done: string, work: (clerk: Clerk) => Promise<void>): Promise<unknown> {
  const { other = '', kind = '' } = request.body as { other?: string, kind?: string }
  return await attempt(app, request, reply, { words: 'related', work, again: async faults => await show(app, request, reply, { other, kind, faults }), to: request.path('related', [(request.params as { ref: string }).ref], { done }) })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { done, faults = [], other = '', kind = '' }: Visit): Promise<string> {
  const clerk = await clerkOf(app, request)
  const row = await findByRef(app.db, (request.params as { ref: string }).ref, clerk)
  const complaint = await findCase(app, row.ref, app.now(), clerk)
  const { tied, candidates, past } = await readRelated(app, row, clerk)
  const key = `related_done.${done ?? ''}`
  return await reply.page('desk/related/show', {
    ...partFrame(request, complaint, 'related', app.now()),
    errors: faults,
    faults: byField(faults),
    notice: done !== undefined && hasWord(request.locale, key) ? request.t(key) : null,
    tied: tied.map(tie => ({ ...tie, removable: (TIE_KINDS as readonly string[]).includes(tie.kind) })),
    persons: tied.filter(tie => tie.kind === 'part_of' && !tie.lead).reduce((sum, tie) => sum + tie.persons, row.persons),
    candidates,
    past: past.map(found => ({ ...found, results: found.issues.map(issue => ({ ground: request.t(`ground.${issue.ground}`), finding: issue.finding === null ? '' : request.t(`finding.${issue.finding}`), redress: wordsOf(request, issue.redress) })) })),
    kinds: TIE_KINDS.map(kind => ({ value: kind, label: request.t(`tie_kind.${kind}`), hint: request.t(`tie_kind_help.${kind}`) })),
    kind: kind === '' ? 'related' : kind,
    other,
    may: allows(clerk.role, 'complaint.claim'),
    days: NEAR_DAYS
  })
}

function wordsOf (request: FastifyRequest, redress: string | null): string {
  return (redress ?? '').split(' ').filter(code => code !== '').map(code => request.t(`redress.${code}`)).join(request.t('ui.between'))
}
