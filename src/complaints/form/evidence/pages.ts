import multipart from '@fastify/multipart'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { AppError } from '../../../errors.ts'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { makeCode } from '../drafts/service.ts'
import { readDraft, saveDraft } from '../filing/service.ts'
import { StepQuery } from '../steps/schema.ts'
import { mayOpen, withAnswers } from '../steps/service.ts'
import { withSave } from '../wizard/typed.ts'
import { openAddress, stepFrame } from '../wizard/views.ts'
import { describe, detach, isDescription, MULTIPART, receive, UPLOAD_BYTES, type Received } from './service.ts'
import { fileFaults, fileField, fileRows, type FileField, type FileRow } from './views.ts'
import { partsOf } from './intake.ts'

declare module '../../../views.ts' {
  interface Views {
    'complaints/evidence/show': Frame & FileField & {
      frame: { no: number, total: number, returning: boolean }, files: Array<FileRow & { typed: string, error: string | undefined }>, fileFault: string | null, anonymous: boolean, tips: string[]
    }
  }
}

const own = { permission: 'complaint.own', session: 'draft' } as const
const PATH = ROUTES.complainStep.replace(':step', 'evidence')
const WORDS = /^description_([A-Za-z0-9_-]{22})$/

/**
 * Photographs and papers: may be passed over. One form holds all of it, what files show and files that were just chosen, so that no button loses
 * anything: each saves the words and takes the files before it does its own work.
 */
export async function evidence (app: App): Promise<void> {
  await app.register(multipart, MULTIPART)

  app.get(PATH, { schema: { querystring: StepQuery }, config: own }, async (request, reply) => await show(app, request, reply, {}))

  app.post(ROUTES.complainUpload, { bodyLimit: UPLOAD_BYTES, config: { ...own, ownFormCheck: true, limit: 'upload' } }, async (request, reply) => {
    if (!request.isMultipart()) throw new AppError('unsupported_media_type')
    const draftId = request.session?.subject ?? ''
    const received = await receive(app, app.files, partsOf(request), {
      ownerId: draftId, ownerKind: 'draft', by: 'complainant', scanner: app.config.SUNLIT_SCANNER, checkToken: request.checkFormToken.bind(request), now: app.now()
    })
    const { do: action = 'save' } = received.fields
    const words = wordsIn(received.fields)
    await describe(app, 'draft', draftId, new Map([...words].filter(([, text]) => isDescription(text))))
    if (action.startsWith('remove_')) await remove(app, draftId, action.slice('remove_'.length))
    const errors = faultsOf(request, received, words, action)
    if (errors.length > 0) return await show(app, request, reply.code(422), { errors, words })
    return await reply.redirect(await nextAddress(app, request, draftId, action), 303)
  })
}

/** Where a button leads once everything in the form is kept: on, away until later, or back to this page. */
async function nextAddress (app: App, request: FastifyRequest, draftId: string, action: string): Promise<string> {
  if (action === 'later') {
    await makeCode(app, draftId, app.now())
    return request.path('complainLater')
  }
  if (action !== 'save') return request.path('complainStep', ['evidence'])
  const draft = await readDraft(app, draftId)
  const answers = withSave(withAnswers(draft.answers, 'evidence', {}), 'evidence')
  await saveDraft(app, draftId, answers, app.now())
  return openAddress(request, answers)
}

/** Pressed twice, or in another tab before: it is gone either way. */
async function remove (app: App, draftId: string, id: string): Promise<void> {
  await detach(app, app.files, draftId, id).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'not_found') throw error
  })
}

/** What was typed about each file, by its id. */
function wordsIn (fields: Record<string, string>): Map<string, string> {
  return new Map(Object.entries(fields).flatMap(([name, text]): Array<[string, string]> => {
    const [, id] = WORDS.exec(name) ?? []
    return id === undefined ? [] : [[id, text]]
  }))
}

function faultsOf (request: FastifyRequest, received: Received, words: Map<string, string>, action: string): Fault[] {
  const { limits } = fileField(0)
  const long = [...words].filter(([id, text]) => !isDescription(text) && action !== `remove_${id}`)
    .map(([id, text]) => ({ field: `description_${id}`, text: request.t('evidence.error.description', { limit: limits.description, count: [...text].length }) }))
  const none = action === 'upload' && received.kept === 0 && received.refused.length === 0
  return [...fileFaults(request, received), ...none ? [{ field: 'files', text: request.t('file.none') }] : [], ...long]
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { errors = [], words }: { errors?: Fault[], words?: Map<string, string> }): Promise<unknown> {
  const draft = await readDraft(app, request.session?.subject ?? '')
  if (draft.submittedAt !== null) return await reply.redirect(request.path('receipt'), 303)
  if (!mayOpen('evidence', draft.answers)) return await reply.redirect(openAddress(request, draft.answers), 303)
  const faults = byField(errors)
  return await reply.page('complaints/evidence/show', {
    ...stepFrame(request, 'evidence', (request.query as StepQuery).return === 'check'),
    ...fileField(draft.attachments.length),
    files: fileRows(request, draft.attachments).map(file => ({ ...file, typed: words?.get(file.id) ?? file.description, error: faults[`description_${file.id}`] })),
    anonymous: draft.answers.mode === 'anonymous',
    tips: [...new Set((draft.answers.issues ?? []).map(({ ground }) => ground))],
    fileFault: faults['files'] ?? null,
    ...errors.length === 0 ? {} : { errors }
  })
}
