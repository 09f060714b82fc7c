import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { normaliseReference } from '../../../domain/records/receipts.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { AppError } from '../../../errors.ts'
import { byField, fieldErrors, type Fault } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { discardDraft, readDraft } from '../../form/filing/service.ts'
import { suggestedAgencies } from '../../form/naming/repository.ts'
import { textOf } from '../../form/steps/service.ts'
import type { StepForm } from '../../form/steps/schema.ts'
import { complaintFrom } from '../notes/conversion.ts'
import { additionFault, readVisit } from '../notes/fields.ts'
import { findAgencyNoted, findOfficerNoted } from '../notes/repository.ts'
import { addToNote, eraseNote, keepVisit, KEPT_DAYS, newOnce, onceIn, openVisit, readNote } from '../notes/service.ts'
import { Addition, Conversion, Deletion, NewQuery, Opening, VisitForm, VisitParams, VisitsQuery } from './schema.ts'
import { faultsIn, newPage, notePage, quiet, receiptPage, type NewPage, type NotePage, type OpenNote, type ReceiptPage } from './views.ts'

declare module '../../../views.ts' {
  interface Views {
    'complaints/visits/entrance': Frame & { expired: boolean, left: boolean, deleted: boolean, ref: string, faults: Record<string, string>, days: number }
    'complaints/visits/new': NewPage & { days: number }
    'complaints/visits/receipt': ReceiptPage
    'complaints/visits/show': NotePage
  }
}

const own = { permission: 'visit.own', session: 'visit' } as const

/** Private notes of inspections: written without an account, opened with a code, gone after sixty days. Nobody at the desk has a page that shows them. */
export async function visits (app: App): Promise<void> {
  app.get(ROUTES.visits, { schema: { querystring: VisitsQuery }, config: { permission: 'public' } }, async (request, reply) => await entrance(request, reply, '', [], request.query))

  app.post(ROUTES.visits, { schema: { body: Opening }, attachValidation: true, config: { permission: 'public', limit: 'track' } }, async (request, reply) => {
    const { ref = '', code = '' } = request.body as Partial<typeof request.body>
    const faults = fieldErrors(request, 'visit')
    if (faults.length > 0) return await entrance(request, reply.code(422), String(ref), faults)
    const asked = normaliseReference(ref, 'DF')
    if (asked !== null) app.countAttempt('receipt', asked)
    const opened = await openVisit(app, ref, code, app.now()).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'track_failed') return null
      throw error
    })
    // Unknown reference and wrong code are one answer (security.md R-4); the code is never sent back.
    if (opened === null) return await entrance(request, reply.code(404), ref, [{ field: 'ref', text: request.t('visit.failed') }])
    await reply.startSession('visit', opened.id)
    return await reply.redirect(request.path('visit', [opened.ref]), 303)
  })

  app.post(ROUTES.visitExit, { config: own }, async (request, reply) => {
    await reply.endSession('visit')
    return await reply.redirect(request.path('visits', [], { left: 1 }), 303)
  })

  write(app)
  read(app)
}

async function entrance (request: FastifyRequest, reply: FastifyReply, ref: string, errors: Fault[], notice: { expired?: string, left?: string, deleted?: string } = {}): Promise<string> {
  return await reply.page('complaints/visits/entrance', {
    ...quiet,
    title: request.t('visit.entrance_title'),
    expired: notice.expired !== undefined,
    left: notice.left !== undefined,
    deleted: notice.deleted !== undefined,
    ref,
    faults: byField(errors),
    days: KEPT_DAYS,
    ...errors.length === 0 ? {} : { errors }
  })
}

/** Writing a note: the form, and what its writer keeps. */
function write (app: App): void {
  const show = async (request: FastifyRequest, reply: FastifyReply, once: string, form: StepForm, errors: Fault[]): Promise<string> =>
    await reply.page('complaints/visits/new', { ...newPage(request, { once, form, errors, today: localDate(app.now()), agencies: await suggestedAgencies(app.db) }), days: KEPT_DAYS })

  app.get(ROUTES.visitNew, { schema: { querystring: NewQuery }, attachValidation: true, config: { permission: 'public', limit: 'lookup' } }, async (request, reply) =>
    await show(request, reply, newOnce(), await filledIn(app, request.validationError === undefined ? request.query : {}), []))

  app.post(ROUTES.visitNew, { schema: { body: VisitForm }, config: { permission: 'public', limit: 'draft' } }, async (request, reply) => {
    const form = request.body
    const { visit, faults } = readVisit(form, localDate(app.now()))
    if (Object.keys(faults).length > 0) return await show(request, reply.code(422), onceIn(textOf(form, 'once')), form, faultsIn(request, faults))
    await reply.startSession('visit', await keepVisit(app, textOf(form, 'once'), visit, app.now()))
    return await reply.redirect(request.path('visitReceipt'), 303)
  })

  app.get(ROUTES.visitReceipt, { config: own }, async (request, reply) => await reply.page('complaints/visits/receipt', receiptPage(request, await noteOf(app, request))))
}

/** Today, and what the page that led here knew. */
async function filledIn (app: App, { officer, agency, purpose }: NewQuery): Promise<StepForm> {
  const [year = '', month = '', day = ''] = localDate(app.now()).split('-')
  const noted = officer === undefined ? undefined : await findOfficerNoted(app.db, officer)
  const name = noted?.agency ?? (agency === undefined ? undefined : await findAgencyNoted(app.db, agency))
  return { date_year: year, date_month: String(Number(month)), date_day: String(Number(day)), agency: name ?? '', officers: noted?.number ?? '', purpose: purpose ?? '' }
}

/** Reading a note, adding to it, deleting it, complaining. */
function read (app: App): void {
  const show = async (request: FastifyRequest, reply: FastifyReply, note: OpenNote, rest: { typed?: string, errors?: Fault[] } = {}): Promise<string> =>
    await reply.page('complaints/visits/show', notePage(request, note, { open: await openDraft(app, request) !== null, ...rest }))

  app.get(ROUTES.visit, { schema: { params: VisitParams }, config: own }, async (request, reply) => await show(request, reply, await ownNote(app, request, request.params.ref)))

  app.post(ROUTES.visitAdditions, { schema: { params: VisitParams, body: Addition }, config: { ...own, limit: 'message' } }, async (request, reply) => {
    const note = await ownNote(app, request, request.params.ref)
    const text = request.body.addition ?? ''
    const fault = additionFault(text)
    if (fault !== null) return await show(request, reply.code(422), note, { typed: text, errors: faultsIn(request, { addition: fault }) })
    await addToNote(app, note.id, text, app.now())
    return await reply.redirect(request.path('visit', [note.ref]), 303)
  })

  app.post(ROUTES.visitDeletions, { schema: { params: VisitParams, body: Deletion }, config: own }, async (request, reply) => {
    const note = await ownNote(app, request, request.params.ref)
    if (request.body.confirm === undefined) return await show(request, reply.code(422), note, { errors: [{ field: 'confirm', text: request.t('visit.error.confirm') }] })
    await eraseNote(app, note.id)
    await reply.endSession('visit')
    return await reply.redirect(request.path('visits', [], { deleted: 1 }), 303)
  })

  // One step to the form of a complaint. One that this browser has not sent yet is never thrown away unasked.
  app.post(ROUTES.visitComplaints, { schema: { params: VisitParams, body: Conversion }, config: { ...own, limit: 'draft' } }, async (request, reply) => {
    const note = await ownNote(app, request, request.params.ref)
    const open = await openDraft(app, request)
    if (open !== null && request.body.replace === undefined) return await reply.redirect(`${request.path('visit', [note.ref])}#complain`, 303)
    if (open !== null) await discardDraft(app, app.files, open)
    await reply.startSession('draft', await complaintFrom(app, note.id, app.now(), { locale: request.locale, t: (key, values) => request.t(key, values) }))
    return await reply.redirect(request.path('complainStep', ['target']), 303)
  })
}

async function noteOf (app: App, request: FastifyRequest): Promise<OpenNote> {
  return await readNote(app, request.session?.subject ?? '', app.now())
}

/** The session's own note; any other reference does not exist for it. */
async function ownNote (app: App, request: FastifyRequest, ref: string): Promise<OpenNote> {
  const note = await noteOf(app, request)
  if (note.ref !== ref) throw new AppError('not_found')
  return note
}

/** A complaint that still waits in this browser. */
async function openDraft (app: App, request: FastifyRequest): Promise<string | null> {
  const session = await request.sessionOf('draft')
  const draft = session === null ? null : await readDraft(app, session.subject).catch(() => null)
  return draft?.submittedAt === null ? draft.id : null
}
