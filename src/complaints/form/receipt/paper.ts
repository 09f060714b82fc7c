import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../../app.ts'
import { stepSentences } from '../../../catalogue/guide/service.ts'
import { groupQueryCode } from '../../../domain/records/receipts.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { ROUTES } from '../../../paths.ts'
import { drawQr, type QrDrawing } from '../../../qr.ts'
import type { Frame } from '../../../views.ts'
import { readReceipt } from '../filing/service.ts'
import { representedComplaint } from '../members/service.ts'
import { copyAsFiled, slipOf } from '../../following/proof/service.ts'
import { findTracking, type Tracking } from '../../case/reading/service.ts'
import { remedyClock, type RemedyClock } from '../../case/remedies/service.ts'
import { RefParams } from '../../following/tracking/schema.ts'

/** The date by which something is due, with what it rests on. */
export interface Due { on: string, assured: boolean, steps: string[], basis: string, kind: string }
interface PrintedSlip { text: string, digest: string, qr: QrDrawing, address: string }

declare module '../../../views.ts' {
  interface Views {
    'complaints/receipt/paper': Frame & {
      ref: string, code: string | null, submittedAt: string, bureau: string, due: Due | null, clock: RemedyClock | null, slip: PrintedSlip | null, trackAddress: string
      files: Array<{ name: string, size: number, sha256: string }>
      /** The same paper with the slip, or without. */
      other: { href: string, label: string }
    }
  }
}

const fromReceipt = { permission: 'complaint.own', session: 'receipt' } as const
const fromTracking = { permission: 'complaint.own', session: 'track' } as const
/** What is to stand on the paper: the code only if the person says so, because whoever holds the paper then reads the complaint. */
const Choice = Type.Object({ code: Type.Optional(Type.String()), slip: Type.Optional(Type.String()) })

/** The receipt on paper and the text that the slip's digest covers: for half an hour after sending, later with reference and code. */
export function paper (app: App): void {
  app.get(ROUTES.receiptPrint, { schema: { querystring: Choice }, config: fromReceipt }, async (request, reply) => {
    const id = request.session?.subject ?? ''
    const { code } = await readReceipt(app, id, app.now())
    if (code === null) return await overNow(request, reply)
    return await show(app, request, reply, { id, code: request.query.code === undefined ? null : code, slip: request.query.slip !== undefined, back: 'receipt' })
  })

  app.get(ROUTES.receiptCopy, { config: fromReceipt }, async (request, reply) => {
    const id = request.session?.subject ?? ''
    const { code } = await readReceipt(app, id, app.now())
    if (code === null) return await overNow(request, reply)
    return await sendCopy(app, reply, id)
  })

  app.get(ROUTES.trackReceipt, { schema: { params: RefParams, querystring: Choice }, config: fromTracking }, async (request, reply) => {
    const { id } = await representedComplaint(app, request, request.params.ref)
    return await show(app, request, reply, { id, code: null, slip: request.query.slip !== undefined, back: 'tracking' })
  })

  app.get(ROUTES.trackCopy, { schema: { params: RefParams }, config: fromTracking }, async (request, reply) => {
    const { id } = await representedComplaint(app, request, request.params.ref)
    return await sendCopy(app, reply, id)
  })
}

/** After the half hour only reference and code open anything: somebody else may sit at the computer now (security.md R-6). */
async function overNow (request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  return await reply.redirect(request.path('track', [], { receipt: 1 }), 303)
}

interface Wish { id: string, code: string | null, slip: boolean, back: 'receipt' | 'tracking' }

/** The same paper the other way round, for whoever changes their mind. */
function other (request: FastifyRequest, { code, slip, back }: Wish, ref: string): { href: string, label: string } {
  const query = { ...code === null ? {} : { code: 1 }, ...slip ? {} : { slip: 1 } }
  return {
    href: back === 'receipt' ? request.path('receiptPrint', [], query) : request.path('trackReceipt', [ref], query),
    label: request.t(slip ? 'paper_receipt.without_slip' : 'receipt.with_slip')
  }
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, wish: Wish): Promise<unknown> {
  const { id, code, slip, back } = wish
  const found = await findTracking(app, id, app.now())
  return await reply.page('complaints/receipt/paper', {
    title: request.t('paper_receipt.title'),
    noindex: true,
    back: { href: back === 'receipt' ? request.path('receipt') : request.path('tracking', [found.ref]) },
    ref: found.ref,
    code: code === null ? null : groupQueryCode(code),
    submittedAt: found.submittedAt,
    bureau: request.locale === 'en' ? found.bureau.nameEn : found.bureau.name,
    due: dueOf(request, found),
    clock: await remedyOf(app, request, found),
    slip: slip ? await printedSlip(app, request, id) : null,
    trackAddress: app.address(request.locale, 'track'),
    files: filedWith(found),
    other: other(request, wish, found.ref)
  }, 'print')
}

async function printedSlip (app: App, request: FastifyRequest, id: string): Promise<PrintedSlip> {
  const { slip, digest } = await slipOf(app, id)
  const address = app.address(request.locale, 'receiptCheck')
  return { text: slip, digest, qr: drawQr(`${address}#${slip}`), address }
}

/** The period that runs now. */
export function dueOf (request: FastifyRequest, { clocks }: Pick<Tracking, 'clocks'>): Due | null {
  const clock = clocks.find(({ stoppedOn }) => stoppedOn === null)
  if (clock === undefined) return null
  return { on: clock.dueOn, assured: clock.assured, steps: stepSentences(request, clock.steps), basis: request.locale === 'en' ? clock.basisEn : clock.basis, kind: clock.kind }
}

/** The last days for reconsideration and court, where a decision is known; null where none is. */
export async function remedyOf (app: App, request: FastifyRequest, { target, parallelDetails, paper }: Tracking): Promise<RemedyClock | null> {
  return await remedyClock(app.db, request, { target, parallel: parallelDetails, ...paper === undefined ? {} : { paper } }, localDate(app.now()))
}

/** The files that came with the complaint; those that came later belong to a message, whatever the clock said. */
export function filedWith ({ attachments }: Pick<Tracking, 'attachments'>): Array<{ name: string, size: number, sha256: string }> {
  return attachments.filter(({ messageId }) => messageId === null).map(({ name, size, sha256 }) => ({ name, size, sha256 }))
}

async function sendCopy (app: App, reply: FastifyReply, id: string): Promise<unknown> {
  const text = await copyAsFiled(app, id)
  return await reply.type('text/plain; charset=utf-8').header('cache-control', 'no-store')
    .header('content-disposition', `attachment; filename="complaint.txt"; filename*=UTF-8''${encodeURIComponent('投诉原文.txt')}`).send(text)
}
