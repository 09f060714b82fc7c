import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { App } from '../../../app.ts'
import { listAssigned } from '../../../complaints/work/assignments/service.ts'
import { findByRef, findBureau } from '../../../complaints/case/core/repository.ts'
import { addToRecord, EXAMINABLE, readRecord, returnRecord, SHEET_LIMITS, signRecord, writeRecord, type RecordView, type Sheet } from '../../../complaints/work/investigation/service.ts'
import { allows } from '../../../domain/process/permissions.ts'
import type { Status } from '../../../domain/process/workflow.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { AppError } from '../../../errors.ts'
import { byField, fieldErrors, type Fault } from '../../../forms/field-errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf, type Clerk } from '../../case/casework/actor.ts'
import { attempt, refusalOf } from '../../case/casework/faults.ts'
import { caseFrame } from '../../case/casework/present.ts'
import { ComplaintParams } from '../../case/casework/schema.ts'
import { AdditionForm, KindQuery, PartQuery, RecordForm, RecordParams, VersionForm } from './schema.ts'

type Typed = Partial<Static<typeof RecordForm>>
interface Visit { typed?: Typed, text?: string, faults?: Fault[], done?: string }

declare module '../../../views.ts' {
  interface Views {
    'desk/investigation/record': Frame & {
      ref: string, record: RecordView | null, form: Typed | null, others: Array<{ value: string, label: string, lang: string }>, limits: typeof SHEET_LIMITS
      mine: boolean, signed: boolean, returnable: boolean, text: string, notice: string | null, faults: Record<string, string>
    }
    'desk/investigation/sheet': Frame & { ref: string, caseNo: string, record: RecordView, bureau: string }
  }
}

/** Records of interviews and inspections: written by two supervisors, frozen by the first signature, never changed after the second. */
export async function recordPages (app: App): Promise<void> {
  const config = { permission: 'complaint.investigate', session: 'staff' } as const
  const read = { permission: 'complaint.read', session: 'staff' } as const

  app.get(ROUTES.recordNew, { schema: { params: ComplaintParams, querystring: KindQuery }, config }, async (request, reply) => {
    const [year = '', month = '', day = ''] = localDate(app.now()).split('-')
    return await show(app, request, reply, null, { typed: { kind: request.query.kind ?? 'interview', on_year: year, on_month: String(Number(month)), on_day: String(Number(day)) } })
  })

  app.post(ROUTES.records, { schema: { params: ComplaintParams, body: RecordForm }, config, attachValidation: true }, async (request, reply) => await save(app, request, reply, request.body))

  app.get(ROUTES.record, { schema: { params: RecordParams, querystring: PartQuery }, config: read }, async (request, reply) => await show(app, request, reply, request.params.id, request.query))

  app.post(ROUTES.record, { schema: { params: RecordParams, body: RecordForm }, config, attachValidation: true }, async (request, reply) => await save(app, request, reply, request.body, request.params.id))

  app.get(ROUTES.recordSheet, { schema: { params: RecordParams }, config: read }, async (request, reply) => {
    const row = await findByRef(app.db, request.params.ref, await clerkOf(app, request))
    const record = await readRecord(app, row, request.params.id)
    return await reply.page('desk/investigation/sheet', { title: request.t(`record_kind.${record.kind}`), ref: row.ref, caseNo: row.case_no ?? row.ref, record, bureau: (await findBureau(app.db, row.bureau_id)).name }, 'print')
  })

  app.post(ROUTES.recordSignatures, { schema: { params: RecordParams, body: VersionForm }, config }, async (request, reply) => {
    const { ref, id } = request.params
    return await act(app, request, reply, { done: 'signed' }, async clerk => { await signRecord(app, clerk, ref, { id, version: request.body.version }, app.now()) })
  })

  app.post(ROUTES.recordReturns, { schema: { params: RecordParams, body: VersionForm }, config }, async (request, reply) => {
    const { ref, id } = request.params
    return await act(app, request, reply, { done: 'returned' }, async clerk => { await returnRecord(app, clerk, ref, { id, version: request.body.version }, app.now()) })
  })

  app.post(ROUTES.recordAdditions, { schema: { params: RecordParams, body: AdditionForm }, config }, async (request, reply) => {
    const { ref, id } = request.params
    const { text = '' } = request.body
    return await act(app, request, reply, { done: 'added', text }, async clerk => { await addToRecord(app, clerk, ref, { id, text }, app.now()) })
  })
}

async function save (app: App, request: FastifyRequest, reply: FastifyReply, typed: Static<typeof RecordForm>, id?: string): Promise<unknown> {
  const faults = fieldErrors(request, 'investigate')
  if (faults.some(({ field }) => field === 'kind')) throw new AppError('bad_request') // nobody types it
  if (faults.length > 0) return await show(app, request, reply.code(422), id ?? null, { typed, faults })
  const { ref } = request.params as { ref: string }
  try {
    const { kind, second = 0, version = 1 } = typed
    const record = await writeRecord(app, await clerkOf(app, request), ref, { ...id === undefined ? {} : { id }, version, kind, second, sheet: sheetOf(typed) }, app.now())
    return await reply.redirect(request.path('record', [ref, record], { done: 'saved' }), 303)
  } catch (error) {
    const { status, faults } = refusalOf(request, error)
    return await show(app, request, reply.code(status), id ?? null, { typed, faults })
  }
}

function sheetOf ({ on_year: year = '', on_month: month = '', on_day: day = '', from = '', to = '', place = '', persons = '', content = '' }: Typed): Sheet {
  const time = (text: string): string => text.normalize('NFKC').replace(/^(\d):/, '0$1:')
  return { on: `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`, from: time(from), to: time(to), place, persons, content }
}

async function act (app: App, request: FastifyRequest, reply: FastifyReply, { done = '', ...typed }: Visit, work: (clerk: Clerk) => Promise<void>): Promise<unknown> {
  const { ref, id } = request.params as { ref: string, id: string }
  return await attempt(app, request, reply, { work, again: async faults => await show(app, request, reply, id, { ...typed, faults }), to: request.path('record', [ref, id], { done }) })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, id: string | null, { typed, text = '', faults = [], done }: Visit): Promise<string> {
  const clerk = await clerkOf(app, request)
  const row = await findByRef(app.db, (request.params as { ref: string }).ref, clerk)
  const record = id === null ? null : await readRecord(app, row, id)
  const key = `record_done.${done ?? ''}`
  const others = (await listAssigned(app.db, row.id)).filter(person => person.id !== clerk.id && person.cardNo !== null)
  return await reply.page('desk/investigation/record', {
    ...caseFrame(request, row.ref, request.t(`record_kind.${record?.kind ?? typed?.kind ?? 'interview'}`)),
    errors: faults,
    faults: byField(faults),
    ref: row.ref,
    record,
    ...partOf(clerk, EXAMINABLE.includes(row.status as Status) && allows(clerk.role, 'complaint.investigate'), record, typed),
    others: others.map(person => ({ value: String(person.id), label: `${person.name} ${person.cardNo}`, lang: 'zh-CN' })),
    limits: SHEET_LIMITS,
    text,
    notice: done !== undefined && hasWord(request.locale, key) ? request.t(key) : null
  })
}

/** What the reader may do with a record: write it while nobody has signed, sign it, give it back. */
function partOf (clerk: Clerk, open: boolean, record: RecordView | null, typed: Typed | undefined) {
  const own = record?.supervisors.find(person => person.id === clerk.id)
  const editable = open && (record === null || (record.state === 'draft' && own !== undefined))
  return { form: editable ? typed ?? formOf(record, clerk.id) : null, mine: open && own !== undefined, signed: own !== undefined && own.signedAt !== null, returnable: record?.state === 'frozen' }
}

function formOf (record: RecordView | null, me: number): Typed | null {
  if (record === null) return null
  const [year = '', month = '', day = ''] = record.on.split('-')
  const { kind, version, from, to, place, persons, content } = record
  return { kind, version, second: record.supervisors.find(person => person.id !== me)?.id ?? 0, on_year: year, on_month: String(Number(month)), on_day: String(Number(day)), from, to, place, persons, content }
}
