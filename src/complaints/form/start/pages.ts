import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { dueOn, type Clock } from '../../../domain/time/clocks.ts'
import { isDate, localDate } from '../../../domain/time/calendar.ts'
import { DEVICE_LIFE, DRAFT_LIFE } from '../../../domain/process/drafts.ts'
import { DEFAULT_IDENTITY_MODE } from '../../../domain/process/identity-modes.ts'
import { AppError } from '../../../errors.ts'
import { ATTACHMENT_MEGABYTES, ATTACHMENTS } from '../../../files/limits.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { endOf, openDraft } from '../drafts/service.ts'
import { createDraft, discardDraft, readReceipt, saveDraft } from '../filing/service.ts'
import { loadReckoner, type Reckoner } from '../../../db/reckoner.ts'
import { Beginning, carriedIn, StartQuery, type Carried } from './schema.ts'
import { originsOf, type Chip } from './service.ts'

interface Table { columns: Array<{ label: string }>, rows: Array<{ cells: Array<{ text: string }> }> }
interface Period { clock: string, dayType: string, days: number, dueOn: string }

declare module '../../../views.ts' {
  interface Views {
    'complaints/start/show': Frame & {
      expired: boolean, discarded: boolean, waiting: boolean, shared: boolean, days: number, unsent: { until: string, hasCode: boolean, ownDevice: boolean } | null, sent: { ref: string, until: string } | null, origins: Array<{ label: string, href: string }>, carried: Array<{ name: string, value: string }>,
      limits: { files: number, megabytes: number }, periods: Period[], ours: boolean, sees: Table
    }
  }
}

const draftSession = { session: 'draft', sessionOptional: true } as const

/** Before the first question: who may complain, what happens and when, who sees what, what the bureau cannot do, other ways. */
export async function start (app: App): Promise<void> {
  app.get(ROUTES.complain, { schema: { querystring: StartQuery }, attachValidation: true, config: { permission: 'public', ...draftSession } }, async (request, reply) => {
    const { expired, discarded, waiting, shared, ...carried } = request.validationError === undefined ? request.query : {}
    return await show(app, request, reply, { carried, expired: expired !== undefined, discarded: discarded !== undefined, waiting: waiting !== undefined, shared: shared !== undefined })
  })

  app.post(ROUTES.complain, { schema: { body: Beginning }, config: { permission: 'public', limit: 'draft', ...draftSession } }, async (request, reply) => {
    const { device, replace } = request.body
    const carried = carriedIn(request.body)
    if (!await makeRoom(app, request, replace)) return await reply.redirect(request.path('complain', [], { ...carried, waiting: 1 }), 303)
    const used = request.usedOf('drafts')
    if (used.full) throw new AppError('too_many_requests', { seconds: used.seconds })
    const { target, rule } = await originsOf(app.db, carried)
    const own = device === 'own' // whoever says nothing may sit at a public computer
    const id = await createDraft(app, app.now(), own)
    const when = whenOf(carried, app.now())
    if (Object.keys({ ...target, ...rule }).length > 0 || when !== undefined) await saveDraft(app, id, { target, rule, ...when === undefined ? {} : { when } }, app.now())
    request.countOne('drafts')
    await reply.startSession('draft', id, { life: DEVICE_LIFE[own ? 'own' : 'shared'] })
    return await reply.redirect(request.path('complainStep', ['target']), 303)
  })
}

/** Whether a new form may begin: one that waits in this browser is deleted only when that is what its writer asked for, and left behind only when a code opens it. */
async function makeRoom (app: App, request: FastifyRequest, replace: string | undefined): Promise<boolean> {
  const { session } = request
  if (session === null) return true
  const waiting = await openDraft(app, session.subject)
  if (waiting !== null && replace === 'keep') return waiting.hasCode
  if (waiting !== null && replace !== 'delete') return false
  await discardDraft(app, app.files, session.subject)
  return true
}

interface Arrival { carried: Carried, expired: boolean, discarded: boolean, waiting: boolean, shared: boolean }

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
    days: DRAFT_LIFE.kept / 1440,
    unsent: await waitingHere(app, request),
    sent: await justSent(app, request),
    origins: chips.map(chip => ({ label: chipLabel(request, chip), href: request.path('complain', [], { ...Object.fromEntries(chips.filter(other => other !== chip).map(({ kind, value }) => [kind, value])), on: when?.date }) })),
    carried: [...chips.map(({ kind, value }) => ({ name: kind, value })), ...when === undefined ? [] : [{ name: 'on', value: when.date }]],
    limits: { files: ATTACHMENTS.files, megabytes: ATTACHMENT_MEGABYTES },
    ...periodsOf(await loadReckoner(app.db), app.now()),
    sees: whoSees(request)
  })
}

/** The day that the page before handed over; one that does not exist or lies ahead is none. */
function whenOf ({ on }: Carried, now: string): { date: string } | undefined {
  return on !== undefined && isDate(on) && on <= localDate(now) ? { date: on } : undefined
}

/** A draft that still waits in this browser; one that is sent or gone is none. */
async function waitingHere (app: App, request: FastifyRequest): Promise<{ until: string, hasCode: boolean, ownDevice: boolean } | null> {
  const draft = await openDraft(app, request.session?.subject)
  return draft === null ? null : { until: endOf(draft), hasCode: draft.hasCode, ownDevice: draft.ownDevice }
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
