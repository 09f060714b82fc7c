import type { FastifyReply, FastifyRequest } from 'fastify'
import { Value } from 'typebox/value'
import type { App } from '../../app.ts'
import { partsOf, receive, UPLOAD_BYTES, type Received } from '../../complaints/form/evidence/service.ts'
import { acknowledge, askForTime, findItemCase, saveAnswer, signAnswers, withdrawObjection } from '../../complaints/outcome/agency-answers/service.ts'
import { attachFiles, removeFile } from '../../complaints/outcome/agency-files/service.ts'
import { answerPlace } from '../../domain/supervision/answers.ts'
import { AppError, type ErrorCode } from '../../errors.ts'
import { ATTACHMENT_MEGABYTES, ATTACHMENTS, TOGETHER_MEGABYTES } from '../../files/limits.ts'
import { inWords, type Fault, type FieldFaults } from '../../forms/field-errors.ts'
import { formatNumber } from '../../i18n/format.ts'
import { ROUTES } from '../../paths.ts'
import { AnswerForm, ItemParams, SignForm, TimeForm } from './schema.ts'
import { personOf, showItem, type Person } from './views.ts'

const item = { permission: 'agency.item', session: 'staff' } as const
const sign = { permission: 'agency.sign', session: 'staff' } as const

/** What people of an agency do with an item: take note, write with files, sign, take an objection back, ask for time. */
export function itemActs (app: App): void {
  app.post(ROUTES.agencyReceipts, { schema: { params: ItemParams }, config: item }, async (request, reply) => {
    return await act(app, request, reply, { done: 'received', work: async person => { await acknowledge(app, person, request.params.id, app.now()) } })
  })

  app.post(ROUTES.agencyAnswers, { schema: { params: ItemParams }, bodyLimit: UPLOAD_BYTES, config: { ...item, ownFormCheck: true } }, async (request, reply) => await answer(app, request, reply))

  app.post(ROUTES.agencySignatures, { schema: { params: ItemParams, body: SignForm }, config: sign }, async (request, reply) => {
    return await act(app, request, reply, { done: 'signed', work: async person => { await signAnswers(app, person, { id: request.params.id, ...request.body }, app.now()) } })
  })

  app.post(ROUTES.agencyWithdrawals, { schema: { params: ItemParams }, config: sign }, async (request, reply) => {
    return await act(app, request, reply, { done: 'objection_withdrawn', work: async person => { await withdrawObjection(app, person, request.params.id, app.now()) } })
  })

  app.post(ROUTES.agencyExtensions, { schema: { params: ItemParams, body: TimeForm }, config: item }, async (request, reply) => {
    const { days = '', reason = '' } = request.body
    return await act(app, request, reply, { done: 'asked', work: async person => { await askForTime(app, person, { id: request.params.id, days: Number(days.normalize('NFKC').trim() || 'NaN'), reason }, app.now()) }, typed: { days, reason } })
  })
}

export interface Acting { done: string, work: (person: Person) => Promise<void>, typed?: Record<string, string>, also?: Fault[] }

/** Does it and goes back to the item; what is refused is said there, with what was typed. `also`: what of the same form was wrong before. */
export async function act (app: App, request: FastifyRequest, reply: FastifyReply, { done, work, typed = {}, also = [] }: Acting): Promise<unknown> {
  try {
    await work(personOf(request))
  } catch (error) {
    if (!(error instanceof AppError) || !MENDABLE.has(error.code)) throw error
    return await showItem(app, request, reply.code(error.status), { faults: [...faultsOf(request, error), ...also], typed })
  }
  if (also.length > 0) return await showItem(app, request, reply.code(422), { faults: also })
  return await reply.redirect(request.path('agencyItem', [(request.params as { id: string }).id], { done }), 303)
}

const MENDABLE: ReadonlySet<ErrorCode> = new Set(['form_invalid', 'stale_version', 'transition_refused'])

function faultsOf (request: FastifyRequest, { code, details }: AppError): Fault[] {
  if (code === 'form_invalid') return inWords(request, details['fields'] as FieldFaults | undefined ?? {})
  return [{ field: '', text: request.t(code !== 'stale_version' ? 'agency.closed' : details['signing'] === true ? 'agency.stale_signing' : 'agency.stale') }]
}

/** One form holds the words and the files of an answer, so that no button loses anything: files are kept, then what was written, then a file is removed. */
async function answer (app: App, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { id } = request.params as { id: string }
  const { ids, refused, fields } = await receivedIn(app, request, id)
  const form: unknown = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''))
  if (!Value.Check(AnswerForm, form)) throw new AppError('bad_request')
  const { kind, text = '', do: doing = 'save' } = form
  const place = { id, kind, no: Number(form.no) }
  const removed = /^remove_(.+)$/.exec(doing)?.[1]
  const work = async (person: Person): Promise<void> => {
    await attachFiles(app, person, { ...place, ids }, app.now())
    const filesAlone = text === '' && (ids.length > 0 || removed !== undefined || refused.length > 0)
    if (!filesAlone) await saveAnswer(app, person, { ...place, text, version: Number(form.version) }, app.now())
    if (removed !== undefined) await removeFile(app, app.files, person, { ...place, file: removed }, app.now())
  }
  return await act(app, request, reply, { done: removed === undefined ? 'saved' : 'removed', work, typed: { [answerPlace(kind, place.no)]: text }, also: refusedOf(request, refused, `files-${answerPlace(kind, place.no)}`) })
}

/** The parts of the form; the form's token holds before any file is kept, and no file of another agency's item is. */
async function receivedIn (app: App, request: FastifyRequest, id: string): Promise<Pick<Received, 'ids' | 'refused' | 'fields'>> {
  const person = personOf(request)
  if (!request.isMultipart()) {
    const { _csrf: token, ...fields } = (request.body ?? {}) as Record<string, string>
    request.checkFormToken(token)
    return { ids: [], refused: [], fields }
  }
  return await receive(app, app.files, partsOf(request), {
    ownerId: await findItemCase(app, person, id), ownerKind: 'complaint', by: 'agency', authorId: person.id, scanner: app.config.SUNLIT_SCANNER, checkToken: request.checkFormToken.bind(request), now: app.now()
  })
}

/** One sentence for each file that was not taken. */
function refusedOf (request: FastifyRequest, refused: Received['refused'], field: string): Fault[] {
  const values = { files: ATTACHMENTS.files, size: ATTACHMENT_MEGABYTES, together: TOGETHER_MEGABYTES, hourly: ATTACHMENTS.hourly, pixels: formatNumber(request.locale, ATTACHMENTS.pixels) }
  return refused.map(({ name, reason }) => ({ field, text: request.t(`file.${reason}`, { name, ...values }) }))
}
