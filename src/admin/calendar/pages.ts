import multipart from '@fastify/multipart'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { listMoved, type Moved } from '../../complaints/work/recount/service.ts'
import { findMissingYear } from '../../db/reckoner.ts'
import { AppError } from '../../errors.ts'
import { byField, type Fault } from '../../forms/field-errors.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { listChanges, listYears, type ChangeLine, type YearLine } from './repository.ts'
import { ChangeParams, NoticeForm } from './schema.ts'
import { MULTIPART, receiveNotice } from './upload.ts'
import { previewNotice, takeNotice, type Preview } from './service.ts'

interface Typed { text?: string, document_no?: string }

declare module '../../views.ts' {
  interface Views {
    'admin/calendar/show': Frame & { years: YearLine[], missing: number | null, changes: ChangeLine[], typed: Typed, faults: Record<string, string>, rows: string[] }
    'admin/calendar/preview': Frame & { preview: Preview, typed: Typed }
    'admin/calendar/change': Frame & { change: ChangeLine, moved: Moved[], total: number }
  }
}

const config = { permission: 'calendar.manage', session: 'staff' } as const
/** Lines of a report on a page; how many there are in all is said. */
const SHOWN = 200

/** The working calendar: what each year comes from, a notice taken in after it was looked at, and which due dates it moved. */
export async function calendarPages (app: App): Promise<void> {
  await app.register(multipart, MULTIPART)

  app.get(ROUTES.adminCalendar, { config }, async (request, reply) => await show(app, request, reply, {}))

  app.post(ROUTES.adminCalendarPreviews, { schema: { body: NoticeForm }, config }, async (request, reply) => {
    return await preview(app, request, reply, request.body)
  })

  app.post(ROUTES.adminCalendarUploads, { config: { ...config, ownFormCheck: true } }, async (request, reply) => {
    const { text, documentNo, fault } = await receiveNotice(request)
    const typed = { text, document_no: documentNo }
    if (fault !== null) return await show(app, request, reply.code(422), { typed: { ...typed, text: '' }, faults: [{ field: 'file', text: request.t(`calendar.${fault}`) }] })
    return await preview(app, request, reply, typed)
  })

  app.post(ROUTES.adminCalendarChanges, { schema: { body: NoticeForm }, config }, async (request, reply) => {
    const { actor } = request
    if (actor === null) throw new AppError('not_signed_in', { kind: 'staff' })
    const faults = await faultsOf(app, request, request.body)
    if (faults !== null) return await show(app, request, reply.code(422), { typed: request.body, ...faults })
    const { text = '', document_no: documentNo = '' } = request.body
    const { id } = await takeNotice(app, { id: actor.id, role: actor.role, requestId: request.id }, { text, documentNo }, app.now())
    return await reply.redirect(request.path('adminCalendarChange', [id]), 303)
  })

  app.get(ROUTES.adminCalendarChange, { schema: { params: ChangeParams }, config }, async (request, reply) => {
    const [change] = await listChanges(app.db, request.params.id)
    if (change === undefined) throw new AppError('not_found', { id: request.params.id })
    const { rows, total } = await listMoved(app.db, change.id, SHOWN)
    return await reply.page('admin/calendar/change', { ...frameOf(request, request.t('calendar.change', { year: change.year })), change, moved: rows, total })
  })
}

/** Shows what a notice would do, to be confirmed; or what is wrong with it, beside its text. */
async function preview (app: App, request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<string> {
  const faults = await faultsOf(app, request, typed)
  if (faults !== null) return await show(app, request, reply.code(422), { typed, ...faults })
  return await reply.page('admin/calendar/preview', { ...frameOf(request, request.t('calendar.preview')), preview: await previewNotice(app.db, typed.text ?? ''), typed })
}

/** What is wrong with a notice: for the summary, and row by row. */
async function faultsOf (app: App, request: FastifyRequest, { text = '', document_no: documentNo = '' }: Typed): Promise<{ faults: Fault[], rows: string[] } | null> {
  if (text === '') return { faults: [{ field: 'text', text: request.t('calendar.no_text') }], rows: [] }
  const { faults } = await previewNotice(app.db, text)
  if (faults.length > 0) {
    const rows = faults.slice(0, 50).map(({ row, code, value }) => request.t(row === 0 ? 'calendar.fault' : 'calendar.fault_row', { row, fault: request.t(`notice_fault.${code}`, { value }) }))
    return { faults: [{ field: 'text', text: request.t('calendar.has_faults') }], rows }
  }
  if (!text.trimStart().startsWith('{') && documentNo === '') return { faults: [{ field: 'document_no', text: request.t('calendar.no_document') }], rows: [] }
  return null
}

function frameOf (request: FastifyRequest, title: string): Frame {
  return { title, section: 'adminCalendar', breadcrumbs: [{ text: request.t('nav.adminCalendar'), href: request.path('adminCalendar') }, { text: title }] }
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { typed = {}, faults = [], rows = [] }: { typed?: Typed, faults?: Fault[], rows?: string[] }): Promise<string> {
  return await reply.page('admin/calendar/show', {
    title: request.t('nav.adminCalendar'),
    section: 'adminCalendar',
    errors: faults,
    faults: byField(faults),
    rows,
    years: await listYears(app.db),
    missing: await findMissingYear(app.db, app.now()),
    changes: await listChanges(app.db),
    typed
  })
}
