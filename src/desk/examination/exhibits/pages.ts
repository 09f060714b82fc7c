import multipart from '@fastify/multipart'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { findByRef, findBureau } from '../../../complaints/case/core/repository.ts'
import { MULTIPART, partsOf, receive, UPLOAD_BYTES } from '../../../complaints/form/evidence/service.ts'
import { listFiles, readExhibits, readFootage, relyOn, requestFootage, settleFootage, TEXT_MOST, type Exhibit, type Footage } from '../../../complaints/work/exhibits/service.ts'
import { EXAMINABLE } from '../../../complaints/work/investigation/service.ts'
import { findCase, type Case } from '../../../complaints/case/reading/service.ts'
import { allows } from '../../../domain/process/permissions.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { dueState } from '../../../domain/time/clocks.ts'
import { AppError } from '../../../errors.ts'
import { ACCEPT, ATTACHMENT_MEGABYTES, ATTACHMENTS } from '../../../files/limits.ts'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import { formatDate } from '../../../i18n/format.ts'
import { hasWord, translate } from '../../../i18n/index.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf, type Clerk } from '../../case/casework/actor.ts'
import { attempt } from '../../case/casework/faults.ts'
import { ComplaintParams } from '../../case/casework/schema.ts'
import { deskFiles, fileFaultsOf, type DeskFile } from '../../case/files/service.ts'
import { partFrame, type PartFrame } from '../../case/parts/frame.ts'
import { DoneQuery, FootageAnswer, FootageForm, ReliedOn, SheetParams } from './schema.ts'

interface Visit { done?: string, faults?: Fault[], footage?: string }
interface ExhibitLine extends Omit<Exhibit, 'file' | 'issues'> { file: DeskFile, source: string, came: string, issues: Array<{ no: number, relied: boolean }>, noteField: string }

declare module '../../../views.ts' {
  interface Views {
    'desk/exhibits/show': PartFrame & {
      notice: string | null, exhibits: ExhibitLine[], loose: DeskFile[], footage: Array<Footage & { due: string, answerField: string }>, typed: string, limit: number, writable: boolean
      upload: { accept: string, room: number, files: number, megabytes: number }, faults: Record<string, string>
    }
    'desk/exhibits/sheet': Frame & { ref: string, caseNo: string, agency: string | null, request: Footage, bureau: string, on: string, words: { title: string, nobody: string, due: string } }
  }
}

/** The evidence of a case: numbered, with digests, what each is relied on for and who opened it; recordings asked of the agency. */
export async function exhibitPages (app: App): Promise<void> {
  await app.register(multipart, MULTIPART)
  const config = { permission: 'complaint.investigate', session: 'staff' } as const
  const read = { permission: 'attachment.read', session: 'staff' } as const

  app.get(ROUTES.exhibits, { schema: { params: ComplaintParams, querystring: DoneQuery }, config: read }, async (request, reply) => await show(app, request, reply, request.query))

  app.post(ROUTES.exhibits, { schema: { params: ComplaintParams }, config }, async (request, reply) => {
    return await act(app, request, reply, { done: 'listed' }, async clerk => { await listFiles(app, clerk, request.params.ref, app.now()) })
  })

  app.post(ROUTES.exhibitUploads, { schema: { params: ComplaintParams }, bodyLimit: UPLOAD_BYTES, config: { ...config, ownFormCheck: true } }, async (request, reply) => {
    if (!request.isMultipart()) throw new AppError('unsupported_media_type')
    const clerk = await clerkOf(app, request)
    const { id } = await findByRef(app.db, request.params.ref, clerk)
    const { refused, kept } = await receive(app, app.files, partsOf(request), {
      ownerId: id, ownerKind: 'complaint', by: 'evidence', authorId: clerk.id, scanner: app.config.SUNLIT_SCANNER, checkToken: request.checkFormToken.bind(request), now: app.now()
    })
    const faults = kept === 0 && refused.length === 0 ? [{ field: 'files', text: request.t('exhibits.no_file') }] : fileFaultsOf(request, refused)
    if (kept > 0) await listFiles(app, clerk, request.params.ref, app.now())
    if (faults.length > 0) return await show(app, request, reply.code(422), { faults })
    return await reply.redirect(request.path('exhibits', [request.params.ref], { done: 'uploaded' }), 303)
  })

  app.post(ROUTES.exhibitReliances, { schema: { params: ComplaintParams, body: ReliedOn }, config }, async (request, reply) => {
    const { no, issue = [], note = '' } = request.body
    return await act(app, request, reply, { done: 'relied' }, async clerk => { await relyOn(app, clerk, request.params.ref, { no, issues: issue, note }, app.now()) })
  })

  app.post(ROUTES.footage, { schema: { params: ComplaintParams, body: FootageForm }, config }, async (request, reply) => {
    const { footage = '' } = request.body
    return await act(app, request, reply, { done: 'footage', footage }, async clerk => { await requestFootage(app, clerk, request.params.ref, footage, app.now()) })
  })

  app.post(ROUTES.footageAnswers, { schema: { params: ComplaintParams, body: FootageAnswer }, config, attachValidation: true }, async (request, reply) => {
    const { no, state, answer = '' } = request.body
    return await act(app, request, reply, { done: 'footage_settled' }, async clerk => { await settleFootage(app, clerk, request.params.ref, { no, state, answer }, app.now()) })
  })

  app.get(ROUTES.footageSheet, { schema: { params: SheetParams }, config: read }, async (request, reply) => {
    const clerk = await clerkOf(app, request)
    const row = await findByRef(app.db, request.params.ref, clerk)
    const found = (await readFootage(app, row)).find(({ no }) => no === request.params.no)
    if (found === undefined) throw new AppError('not_found', { no: request.params.no })
    const { agency } = await findCase(app, row.ref, app.now(), clerk)
    return await reply.page('desk/exhibits/sheet', {
      title: request.t('exhibits.sheet_title'), ref: row.ref, caseNo: row.case_no ?? row.ref, agency: agency?.name ?? null, request: found, bureau: (await findBureau(app.db, row.bureau_id)).name,
      on: formatDate('zh-CN', found.askedAt),
      words: { title: translate('zh-CN', 'exhibits.sheet_title'), nobody: translate('zh-CN', 'exhibits.sheet_nobody'), due: translate('zh-CN', 'exhibits.sheet_due', { date: formatDate('zh-CN', found.dueOn) }) } // what goes out is Chinese
    }, 'print')
  })
}

async function act (app: App, request: FastifyRequest, reply: FastifyReply, { done, ...typed }: Visit, work: (clerk: Clerk) => Promise<void>): Promise<unknown> {
  return await attempt(app, request, reply, { words: 'exhibits', work, again: async faults => await show(app, request, reply, { ...typed, faults }), to: request.path('exhibits', [(request.params as { ref: string }).ref], { done }) })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { done, faults = [], footage }: Visit): Promise<string> {
  const clerk = await clerkOf(app, request)
  const row = await findByRef(app.db, (request.params as { ref: string }).ref, clerk)
  const complaint = await findCase(app, row.ref, app.now(), clerk)
  const { exhibits, loose } = await readExhibits(app, row)
  const key = `exhibits_done.${done ?? ''}`
  const today = localDate(app.now())
  return await reply.page('desk/exhibits/show', {
    ...partFrame(request, complaint, 'exhibits', app.now()),
    errors: faults,
    faults: byField(faults),
    notice: done !== undefined && hasWord(request.locale, key) ? request.t(key) : null,
    exhibits: linesOf(request, complaint, exhibits),
    loose: deskFiles(request, row.ref, loose),
    footage: (await readFootage(app, row)).map(line => ({ ...line, due: line.state === 'open' ? dueState(line.dueOn, today, localDate(line.askedAt)) : '', answerField: `answer_${line.no}` })),
    typed: footage ?? templateOf(complaint),
    limit: TEXT_MOST,
    writable: allows(clerk.role, 'complaint.investigate') && EXAMINABLE.includes(complaint.status),
    upload: { accept: ACCEPT, room: ATTACHMENTS.files, files: ATTACHMENTS.files, megabytes: ATTACHMENT_MEGABYTES }
  })
}

function linesOf (request: FastifyRequest, complaint: Case, exhibits: readonly Exhibit[]): ExhibitLine[] {
  const files = deskFiles(request, complaint.ref, exhibits.map(({ file }) => file))
  return exhibits.flatMap((exhibit, index) => {
    const file = files[index]
    return file === undefined
      ? []
      : [{
          ...exhibit, file, source: request.t(`exhibit_source.${exhibit.file.side}`), came: exhibit.file.at, noteField: `note_${exhibit.no}`,
          issues: complaint.issues.map(({ no }) => ({ no, relied: exhibit.issues.includes(no) }))
        }]
  })
}

/** What a request for recordings usually says, in Chinese as it goes out; nothing of it comes from the complainant's words. */
function templateOf ({ occurredOn, links }: Case): string {
  const t = (key: string, values?: Record<string, string>): string => translate('zh-CN', key, values)
  const officers = links.filter(({ kind }) => kind === 'officer').map(({ name, key }) => name ?? key).join('、')
  return t('exhibits.template', { day: occurredOn === null ? t('exhibits.template_day') : formatDate('zh-CN', occurredOn), officers: officers === '' ? t('exhibits.template_officers') : officers })
}
