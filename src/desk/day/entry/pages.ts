import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { beginEntry, demandOwnEntry, dropEntry, listUnfinished, readEntry, SOURCE_LIMIT, type Unfinished } from '../../../complaints/form/entry/service.ts'
import { paperVersion } from '../../../complaints/form/paper/service.ts'
import { firstOpen } from '../../../complaints/form/steps/service.ts'
import { readDraft } from '../../../complaints/form/filing/service.ts'
import { DEVICE_LIFE } from '../../../domain/process/drafts.ts'
import { ENTERED_SOURCES, SOURCES } from '../../../domain/process/sources.ts'
import { citeChinese } from '../../../domain/records/laws.ts'
import { plain } from '../../../domain/records/codes.ts'
import { isDate, localDate } from '../../../domain/time/calendar.ts'
import { byField, inWords, type Fault } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../../case/casework/actor.ts'
import { EntryBody, EntryId, EntryQuery } from './schema.ts'

interface Option { value: string, label: string, hint: string }

declare module '../../../views.ts' {
  interface Views {
    'desk/entry/show': Frame & { form: EntryBody, faults: Record<string, string>, sources: Option[], unfinished: Unfinished[], limit: number, removed: boolean, sheet: { version: string, current: boolean } | null }
  }
}

const own = { permission: 'complaint.enter', session: 'staff' } as const

/** Entering for somebody who called, came or wrote: first where it comes from, then the same form that the public fills in. */
export async function entryPages (app: App): Promise<void> {
  app.get(ROUTES.entry, { schema: { querystring: EntryQuery }, config: own }, async (request, reply) => {
    const [year, month, day] = localDate(app.now()).split('-').map(Number)
    const { source, form: sheet } = request.query
    return await show(app, request, reply, { ...sheet === undefined ? {} : { sheet }, form: { ...source === undefined ? {} : { source }, received_on_year: String(year), received_on_month: String(month), received_on_day: String(day) }, removed: request.query.removed !== undefined })
  })

  app.post(ROUTES.entry, { schema: { body: EntryBody }, config: own }, async (request, reply) => {
    const form = request.body
    const read = await readEntry(app, { ...form, receivedOn: dateIn(form) }, localDate(app.now()))
    if ('faults' in read) return await show(app, request, reply.code(422), { form, errors: inWords(request, read.faults) })
    const id = await beginEntry(app, await clerkOf(app, request), read.entry, app.now())
    return await open(app, request, reply, id)
  })

  app.post(ROUTES.entryResumption, { schema: { body: EntryId }, config: own }, async (request, reply) => {
    await demandOwnEntry(app, request.body.id, request.actor?.id ?? 0)
    return await open(app, request, reply, request.body.id)
  })

  app.post(ROUTES.entryRemoval, { schema: { body: EntryId }, config: own }, async (request, reply) => {
    await dropEntry(app, app.files, request.body.id, request.actor?.id ?? 0)
    return await reply.redirect(request.path('entry', [], { removed: 1 }), 303)
  })
}

/** The form opens in this browser, for no longer than the desk itself would stay open. */
async function open (app: App, request: FastifyRequest, reply: FastifyReply, id: string): Promise<unknown> {
  const { answers } = await readDraft(app, id)
  await reply.startSession('draft', id, { life: DEVICE_LIFE.shared })
  return await reply.redirect(request.path('complainStep', [firstOpen(answers)]), 303)
}

/** The day that three fields name; null when they name none. */
function dateIn (form: EntryBody): string | null {
  const [year, month, day] = [form.received_on_year, form.received_on_month, form.received_on_day].map(part => plain(part ?? ''))
  const date = `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`
  return isDate(date) ? date : null
}

interface Shown { form: EntryBody, errors?: Fault[], removed?: boolean, sheet?: string }

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { form, errors = [], removed = false, sheet }: Shown): Promise<string> {
  return await reply.page('desk/entry/show', {
    title: request.t('entry.title'),
    section: 'entry',
    form,
    faults: byField(errors),
    sources: ENTERED_SOURCES.map(value => ({ value, label: request.t(`source.${value}`), hint: hintOf(request, value) })),
    unfinished: await listUnfinished(app, request.actor?.id ?? 0),
    limit: SOURCE_LIMIT,
    removed,
    sheet: sheet === undefined || !/^[0-9a-f]{8}$/.test(sheet) ? null : { version: sheet, current: sheet === paperVersion() },
    ...errors.length === 0 ? {} : { errors }
  })
}

/** What has to be given with a source, and the article that names it. */
function hintOf (request: FastifyRequest, source: typeof ENTERED_SOURCES[number]): string {
  const { asks, basis, complainant } = SOURCES[source]
  return [
    ...asks.length === 0 ? [] : [request.t(`source_asks.${asks.join('_')}`)],
    ...complainant ? [] : [request.t('source.no_complainant')],
    ...basis.map(citation => request.t('source.basis', { basis: citeChinese(citation) }))
  ].join(request.locale === 'en' ? ' ' : '')
}
