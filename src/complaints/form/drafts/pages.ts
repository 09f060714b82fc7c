import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { DEVICE_LIFE, DEVICES, type Device } from '../../../domain/process/drafts.ts'
import { groupQueryCode, normaliseQueryCode } from '../../../domain/records/receipts.ts'
import { AppError } from '../../../errors.ts'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { discardDraft, readDraft } from '../filing/service.ts'
import { firstOpen } from '../steps/service.ts'
import { Resumption, ResumeQuery } from './schema.ts'
import { draftBehind, draftCode, endOf, makeCode, moveTo, openDraft } from './service.ts'

interface Choice { value: Device, label: string, hint: string }

declare module '../../../views.ts' {
  interface Views {
    'complaints/drafts/later': Frame & { code: string | null, until: string, ownDevice: boolean, next: string }
    'complaints/drafts/resume': Frame & { left: boolean, expired: boolean, faults: Record<string, string>, device: string, devices: Choice[], days: number }
  }
}

const own = { permission: 'complaint.own', session: 'draft' } as const
const quiet = { section: 'complain', noindex: true, hideSearch: true } as const

/** An unsent complaint put aside and taken up again, here or elsewhere, with nothing but its code. */
export async function drafts (app: App): Promise<void> {
  app.get(ROUTES.complainLater, { config: own }, async (request, reply) => {
    const draft = await readDraft(app, request.session?.subject ?? '')
    if (draft.submittedAt !== null) return await reply.redirect(request.path('receipt'), 303)
    return await reply.page('complaints/drafts/later', {
      ...quiet,
      title: request.t('later.title'),
      back: { href: request.path('complainStep', [firstOpen(draft.answers)]) },
      code: draft.hasCode ? groupQueryCode(draftCode(app.keys, draft.id)) : null,
      until: endOf(draft),
      ownDevice: draft.ownDevice,
      next: request.path('complainStep', [firstOpen(draft.answers)])
    })
  })

  app.post(ROUTES.complainLater, { config: { ...own, limit: 'draft' } }, async (request, reply) => {
    await makeCode(app, request.session?.subject ?? '', app.now())
    return await reply.redirect(request.path('complainLater'), 303)
  })

  // Only who has a code may lock the form: without one, nobody could open it again.
  app.post(ROUTES.complainExit, { config: own }, async (request, reply) => {
    const draft = await openDraft(app, request.session?.subject)
    if (draft?.hasCode === false) return await reply.redirect(request.path('complainLater'), 303)
    await reply.endSession('draft')
    return await reply.redirect(request.path('complainResume', [], { left: 1 }), 303)
  })

  app.get(ROUTES.complainResume, { schema: { querystring: ResumeQuery }, attachValidation: true, config: { permission: 'public' } }, async (request, reply) => {
    return await entrance(request, reply, { came: request.validationError === undefined ? request.query : {} })
  })

  app.post(ROUTES.complainResume, { schema: { body: Resumption }, attachValidation: true, config: { permission: 'public', limit: 'resume' } }, async (request, reply) => await resume(app, request, reply, request.body))
}

async function resume (app: App, request: FastifyRequest, reply: FastifyReply, form: Resumption): Promise<unknown> {
  const deletes = form.do === 'delete'
  const device = DEVICES.find(name => name === form.device)
  const typed = String(form.code ?? '')
  const faults = faultsOf(request, typed, deletes || device !== undefined)
  if (faults.length > 0) return await entrance(request, reply.code(422), { errors: faults, device })
  request.demandTry('draft_code')
  const id = await draftBehind(app, typed, app.now())
  // Wrong, sent, deleted, over: one answer (security.md R-4). The code is never sent back.
  if (id === null) {
    request.countFailure('draft_code')
    return await entrance(request, reply.code(404), { errors: [{ field: 'code', text: request.t('resume.failed') }], device })
  }
  if (deletes) return await remove(app, request, reply, id)
  const here = await request.sessionOf('draft')
  const other = here?.subject === id ? null : await openDraft(app, here?.subject)
  // Another form waits in this browser, and no code opens it: it must not be lost by the way.
  if (other?.hasCode === false) return await reply.redirect(request.path('complain', [], { waiting: 1 }), 303)
  await moveTo(app, id, device ?? 'shared')
  await reply.startSession('draft', id, { life: DEVICE_LIFE[device ?? 'shared'] })
  const { answers } = await readDraft(app, id)
  return await reply.redirect(request.path('complainStep', [firstOpen(answers)]), 303)
}

/** What was sent meanwhile is not deleted: it is the same answer as for any other code that opens nothing. */
async function remove (app: App, request: FastifyRequest, reply: FastifyReply, id: string): Promise<unknown> {
  await discardDraft(app, app.files, id)
  const left = await readDraft(app, id).catch((error: unknown) => { if (error instanceof AppError) return null; throw error })
  if (left !== null) return await entrance(request, reply.code(404), { errors: [{ field: 'code', text: request.t('resume.failed') }] })
  return await reply.redirect(request.path('complain', [], { discarded: 1 }), 303)
}

function faultsOf (request: FastifyRequest, code: string, deviceKnown: boolean): Fault[] {
  return [
    ...normaliseQueryCode(code) === null ? [{ field: 'code', text: request.t(code === '' ? 'resume.error.code' : 'resume.error.shape') }] : [],
    ...deviceKnown ? [] : [{ field: 'device', text: request.t('resume.error.device') }]
  ]
}

interface Entrance { errors?: Fault[], came?: ResumeQuery, device?: Device | undefined }

async function entrance (request: FastifyRequest, reply: FastifyReply, { errors = [], came = {}, device }: Entrance): Promise<unknown> {
  return await reply.page('complaints/drafts/resume', {
    ...quiet,
    title: request.t('resume.title'),
    back: { href: request.path('complain') },
    left: came.left !== undefined,
    expired: came.expired !== undefined,
    faults: byField(errors),
    device: device ?? '',
    devices: DEVICES.map(value => ({ value, label: request.t(`device.${value}`), hint: request.t(`device_help.${value}`) })),
    days: DEVICE_LIFE.own.idle / 1440,
    ...errors.length === 0 ? {} : { errors }
  })
}
