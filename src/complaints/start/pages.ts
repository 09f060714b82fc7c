import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../app.ts'
import { dueOn, type Clock } from '../../domain/time/clocks.ts'
import { isDate, localDate } from '../../domain/time/calendar.ts'
import { DEFAULT_IDENTITY_MODE } from '../../domain/process/identity-modes.ts'
import { ATTACHMENT_MEGABYTES, ATTACHMENTS } from '../../files/limits.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { createDraft, discardDraft, readDraft, readReceipt, saveDraft } from '../filing/service.ts'
import { loadReckoner, type Reckoner } from '../../db/reckoner.ts'
import { Carried, StartQuery } from './schema.ts'
import { originsOf, type Chip } from './service.ts'

interface Table { columns: Array<{ label: string }>, rows: Array<{ cells: Array<{ text: string }> }> }
interface Period { clock: string, dayType: string, days: number, dueOn: string }

declare module '../../views.ts' {
  interface Views {
    'complaints/start/show': Frame & {
      expired: boolean, discarded: boolean, open: boolean, sent: { ref: string, until: string } | null, origins: Array<{ label: string, href: string }>, carried: Array<{ name: string, value: string }>,
      limits: { files: number, megabytes: number }, periods: Period[], ours: boolean, sees: Table
    }
  }
}

const draftSession = { session: 'draft', sessionOptional: true } as const

/** Before the first question: who may complain, what happens and when, who sees what, what the bureau cannot do, other ways. */
export async function start (app: App): Promise<void> {
  app.get(ROUTES.complain, { schema: { querystring: StartQuery }, attachValidation: true, config: { permission: 'public', ...draftSession } }, async (request, reply) => {
    const { expired, discarded, ...carried } = request.validationError === undefined ? request.query : {}
    return await show(app, request, reply, { carried, expired: expired !== undefined, discarded: discarded !== undefined })
  })

  app.post(ROUTES.complain, { schema: { body: Type.Union([Carried, Type.Null()]) }, config: { permission: 'public', limit: 'draft', ...draftSession } }, async (request, reply) => {
    if (request.session !== null) await discardDraft(app, app.files, request.session.subject)
    const { target } = await originsOf(app.db, request.body ?? {})
    const id = await createDraft(app, app.now())
    const when = whenOf(request.body, app.now())
    if (Object.keys(target).length > 0 || when !== undefined) await saveDraft(app, id, { target, ...when === undefined ? {} : { when } }, app.now())
    await reply.startSession('draft', id)
    return await reply.redirect(request.path('complainStep', ['target']), 303)
  })
}

interface Arrival { carried: Carried, expired: boolean, discarded: boolean }

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { carried, ...came }: Arrival): Promise<string> {
  const { chips } = await originsOf(app.db, carried)
  const when = whenOf(carried, app.now())
  return await reply.page('complaints/start/show', {
    title: request.t('complain.title'),
    description: request.t('complain.description'),
    section: 'complain',
    noindex: true,
    hideSearch: true,
    ...came,
    open: await hasOpenDraft(app, request),
    sent: await justSent(app, request),
    origins: chips.map(chip => ({ label: chipLabel(request, chip), href: request.path('complain', [], { ...Object.fromEntries(chips.filter(other => other !== chip).map(({ kind, value }) => [kind, value])), on: when?.date }) })),
    carried: [...chips.map(({ kind, value }) => ({ name: kind, value })), ...when === undefined ? [] : [{ name: 'on', value: when.date }]],
    limits: { files: ATTACHMENTS.files, megabytes: ATTACHMENT_MEGABYTES },
    ...periodsOf(await loadReckoner(app.db), app.now()),
    sees: whoSees(request)
  })
}

/** The day that the page before handed over; one that does not exist or lies ahead is none. */
function whenOf (carried: Carried | null, now: string): { date: string } | undefined {
  const { on } = carried ?? {}
  return on !== undefined && isDate(on) && on <= localDate(now) ? { date: on } : undefined
}

/** A draft that still waits in this browser; one that is sent or gone is none. */
async function hasOpenDraft (app: App, request: FastifyRequest): Promise<boolean> {
  if (request.session === null) return false
  const draft = await readDraft(app, request.session.subject).catch(() => null)
  return draft?.submittedAt === null
}

/** The complaint that this browser sent a moment ago, as long as its query code can still be shown. */
async function justSent (app: App, request: FastifyRequest): Promise<{ ref: string, until: string } | null> {
  const session = await request.sessionOf('receipt')
  const receipt = session === null ? null : await readReceipt(app, session.subject, app.now()).catch(() => null)
  return receipt === null || receipt.code === null ? null : { ref: receipt.ref, until: receipt.codeUntil }
}

function chipLabel (request: FastifyRequest, chip: Chip): string {
  const { kind, value } = chip
  const label = request.locale === 'en' ? chip.labelEn : chip.label
  if (kind !== 'prohibition') return request.t(`origin.${kind}`, { label })
  return label === null ? request.t('origin.prohibition_untitled', { no: value }) : request.t('origin.prohibition', { no: value, label })
}

/** What the profile promises, with the date for a complaint sent today. `ours`: a length is the bureau's own choice, not law. */
function periodsOf ({ rules, calendar }: Reckoner, now: string): { periods: Period[], ours: boolean } {
  const shown = (['accept', 'handle'] satisfies Clock[]).flatMap(clock => rules.get(clock) ?? [])
  return {
    periods: shown.map(rule => ({ clock: rule.clock, dayType: rule.dayType, days: rule.days, dueOn: dueOn(now, rule, calendar).date })),
    ours: shown.some(rule => rule.kind === 'our_default')
  }
}

function whoSees (request: FastifyRequest): Table {
  const modes = [DEFAULT_IDENTITY_MODE, 'named', 'anonymous']
  return {
    columns: [{ label: request.t('complain.sees_what') }, ...modes.map(mode => ({ label: request.t(`complain.mode_${mode}`) }))],
    rows: ['bureau', 'agency', 'text', 'answer', 'cost'].map(topic => ({
      cells: [{ text: request.t(`complain.sees_${topic}`) }, ...modes.map(mode => ({ text: request.t(`complain.sees_${topic}_${mode}`) }))]
    }))
  }
}
