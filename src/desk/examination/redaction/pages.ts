import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { App } from '../../../app.ts'
import { findByRef } from '../../../complaints/case/core/repository.ts'
import { findCase } from '../../../complaints/case/reading/service.ts'
import { listTargets, previewPicture, readRedactions, releaseRedaction, saveRedaction, takesBoxes, targetOf, type Cover, type RedactionView, type Target } from '../../../complaints/work/redaction/service.ts'
import { appendAudit } from '../../../db/audit.ts'
import { allows } from '../../../domain/process/permissions.ts'
import { spansOf, type Box, type Covered, type RedactionReason, type Span } from '../../../domain/records/redaction.ts'
import { AppError } from '../../../errors.ts'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf, type Clerk } from '../../case/casework/actor.ts'
import { attempt } from '../../case/casework/faults.ts'
import { caseFrame } from '../../case/casework/present.ts'
import { ComplaintParams } from '../../case/casework/schema.ts'
import { partFrame, type PartFrame } from '../../case/parts/frame.ts'
import { CoverForm, DoneQuery, RedactionParams, ReleaseForm } from './schema.ts'
import { keptOf, labelOf, linesOf, reasonsOf, sidesOf, stateOf, type Kept, type Line, type Piece } from './views.ts'

type Form = Static<typeof CoverForm>
interface Visit { typed?: Partial<Form>, faults?: Fault[], done?: string }

declare module '../../../views.ts' {
  interface Views {
    'desk/redaction/list': PartFrame & { lines: Line[] }
    'desk/redaction/show': Frame & {
      ref: string, rendering: Covered, target: Target, label: string, view: RedactionView, state: string, sides: { full: Piece[], covered: Piece[] }, kept: { spans: Kept[], boxes: Kept[] }
      boxes: boolean, picture: string | null, original: string | null, reasons: Array<{ value: string, label: string }>, typed: Partial<Form>, may: boolean, release: 'yes' | 'own' | 'no', notice: string | null, faults: Record<string, string>
    }
  }
}

/** What an agency and the public get to read of a case: each text and file is looked at, covered where it must be, and let out by a second person. */
export async function redactionPages (app: App): Promise<void> {
  const read = { permission: 'attachment.read', session: 'staff' } as const

  app.get(ROUTES.redact, { schema: { params: ComplaintParams }, config: read }, async (request, reply) => {
    const clerk = await clerkOf(app, request)
    const row = await findByRef(app.db, request.params.ref, clerk)
    const targets = await listTargets(app, row)
    const complaint = await findCase(app, row.ref, app.now(), clerk)
    return await reply.page('desk/redaction/list', { ...partFrame(request, complaint, 'redact', app.now()), lines: linesOf(request, row.ref, targets, await readRedactions(app, row, targets)) })
  })

  app.get(ROUTES.redaction, { schema: { params: RedactionParams, querystring: DoneQuery }, config: read }, async (request, reply) => await show(app, request, reply, request.query))

  app.get(ROUTES.redactionPicture, { schema: { params: RedactionParams }, config: read }, async (request, reply) => {
    const clerk = await clerkOf(app, request)
    const { ref, target } = request.params
    const { mediaType, content } = await previewPicture(app, app.files, clerk, request.params)
    await app.db.transaction().execute(async trx => {
      await appendAudit(trx, app.keys.audit, { at: app.now(), actorId: clerk.id, role: clerk.role, action: 'attachment.picture_read', subject: `${ref} ${target.replace('file.', '')}`, result: 'done', requestId: clerk.requestId })
    })
    reply.header('content-disposition', 'inline').header('content-security-policy', "sandbox; default-src 'none'").header('cache-control', 'no-store')
    return await reply.type(mediaType).send(content)
  })

  app.post(ROUTES.redaction, { schema: { params: RedactionParams, body: CoverForm }, config: { permission: 'redaction.make', session: 'staff' }, attachValidation: true }, async (request, reply) => {
    return await act(app, request, reply, { done: 'saved', typed: request.body }, async clerk => {
      const found = await targetOf(app, await findByRef(app.db, request.params.ref, clerk), request.params.target)
      await saveRedaction(app, clerk, request.params, { at: request.body.at ?? '', ...coverOf(request.body, found.text ?? '') }, app.now())
    })
  })

  app.post(ROUTES.redactionReleases, { schema: { params: RedactionParams, body: ReleaseForm }, config: { permission: 'redaction.release', session: 'staff' } }, async (request, reply) => {
    return await act(app, request, reply, { done: 'released' }, async clerk => { await releaseRedaction(app, app.files, clerk, { ...request.params, at: request.body.at ?? '' }, app.now()) })
  })
}

async function act (app: App, request: FastifyRequest, reply: FastifyReply, { done, typed }: Visit, work: (clerk: Clerk) => Promise<void>): Promise<unknown> {
  const { ref, rendering, target } = request.params as Static<typeof RedactionParams>
  const kept = typed === undefined ? {} : { typed }
  return await attempt(app, request, reply, { words: 'redact', work, again: async faults => await show(app, request, reply, { ...kept, faults }), to: request.path('redaction', [ref, rendering, target], { done }) })
}

/** What stays and what is added. Errors: `form_invalid`. */
function coverOf ({ span = [], box = [], words = '', reason, withheld, ...sides }: Form, text: string): Cover {
  const spans = span.map((kept): Span => { const [start, end, why] = kept.split('-'); return { start: Number(start), end: Number(end), reason: why as RedactionReason } })
  const boxes = box.map((kept): Box => { const [x, y, w, h, why] = kept.split('-'); return { x: Number(x), y: Number(y), w: Number(w), h: Number(h), reason: why as RedactionReason } })
  const more = words === '' ? [] : spansOf(text, words, reason ?? 'other')
  const box1 = boxIn(sides)
  const wrong = (field: string, key: string): AppError => new AppError('form_invalid', { fields: { [field]: { key } } })
  if (words !== '' && more.length === 0) throw wrong('words', 'redact.words_unknown')
  if ((words !== '' || box1 !== null) && reason === undefined) throw wrong('reason', 'redact.reason_missing')
  return { spans: [...spans, ...more], boxes: box1 === null ? boxes : [...boxes, { ...box1, reason: reason ?? 'other' }], withheld: withheld ?? null }
}

/** A box in percent, as typed or drawn, in thousandths; null where none is. Errors: `form_invalid`. */
function boxIn (sides: Pick<Form, 'x' | 'y' | 'w' | 'h'>): Omit<Box, 'reason'> | null {
  const given = [sides.x, sides.y, sides.w, sides.h].map(side => side ?? '')
  if (given.every(side => side === '')) return null
  const [x = NaN, y = NaN, w = NaN, h = NaN] = given.map(side => /^\d{1,3}([.．]\d{1,2})?$/.test(side.normalize('NFKC')) ? Math.round(Number(side.normalize('NFKC')) * 10) : NaN)
  if ([x, y, w, h].some(Number.isNaN)) throw new AppError('form_invalid', { fields: { x: { key: 'redact.box_wrong' } } })
  return { x, y, w, h }
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { typed, faults = [], done }: Visit): Promise<string> {
  const clerk = await clerkOf(app, request)
  const { ref, rendering, target: name } = request.params as Static<typeof RedactionParams>
  const row = await findByRef(app.db, ref, clerk)
  const targets = await listTargets(app, row)
  const target = targets.find(other => other.target === name)
  if (target === undefined) throw new AppError('not_found', { target: name })
  const view = (await readRedactions(app, row, [target]))(target, rendering)
  const label = labelOf(request, target, targets)
  const boxes = target.file !== null && takesBoxes(target.file) && target.file.state === 'ready'
  const key = `redact_done.${done ?? ''}`
  return await reply.page('desk/redaction/show', {
    ...caseFrame(request, ref, request.t('redact.title')),
    errors: faults,
    faults: byField(faults),
    ref, rendering, target, label, view, boxes,
    state: stateOf(view),
    sides: sidesOf(target, view),
    kept: keptOf(request, target, view),
    picture: boxes ? request.path('redactionPicture', [ref, rendering, name], { at: view.at }) : null,
    original: target.file === null ? null : request.path('attachment', [ref, target.file.id]),
    reasons: reasonsOf(request),
    typed: typed ?? {},
    may: allows(clerk.role, 'redaction.make'),
    release: releaseOf(clerk, view),
    notice: done !== undefined && hasWord(request.locale, key) ? request.t(key) : null
  })
}

function releaseOf (clerk: Clerk, { made, released, stale, authorId }: RedactionView): 'yes' | 'own' | 'no' {
  if (!made || released || stale || !allows(clerk.role, 'redaction.release')) return 'no'
  return authorId === clerk.id ? 'own' : 'yes'
}
