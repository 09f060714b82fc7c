import { stringify } from 'csv-stringify/sync'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { App } from '../../../app.ts'
import { DELIVERY_LIMITS, readIssued, recordDelivery, registered, voidDocument, type Delivery, type IssuedView, type RegisterQuery as Wanted } from '../../../complaints/outcome/documents/service.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { allows } from '../../../domain/process/permissions.ts'
import { DOCUMENTS } from '../../../domain/process/documents.ts'
import { harmless } from '../../../domain/records/spreadsheet.ts'
import { DELIVERY_STATES, DELIVERY_WAYS, type DeliveryState, type DeliveryWay } from '../../../domain/supervision/deliveries.ts'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf, type Clerk } from '../../case/casework/actor.ts'
import { attempt } from '../../case/casework/faults.ts'
import { DeliveryForm, DoneQuery, IssuedParams, RegisterQuery, VoidForm } from './schema.ts'

interface Row { id: string, type: string, number: string, issued_at: string, voided_at: string | null, ref: string }
type Typed = Partial<Static<typeof DeliveryForm>>
interface Option { value: string, label: string }
interface Visit { typed?: Typed, text?: string, faults?: Fault[], done?: string, part?: 'delivery' | 'void' }

declare module '../../../views.ts' {
  interface Views {
    'desk/register/list': Frame & { rows: Row[], total: number, types: Option[], years: Option[], type: string, year: string, q: string, voided: boolean, file: string, previous: string | null, next: string | null }
    'desk/register/show': Frame & {
      document: IssuedView, complaint: { ref: string, href: string }, sheet: string, notice: string | null, ways: Option[], states: Option[], form: Typed, text: string, limits: typeof DELIVERY_LIMITS
      delivers: boolean, voids: boolean, voiding: boolean, faults: Record<string, string>
    }
  }
}

const SIZE = 50
const MOST = 20_000
const config = { permission: 'complaint.read', session: 'staff' } as const

/** The register of documents: by type, year and number, voided ones too; each with how it was delivered. */
export async function registerPages (app: App): Promise<void> {
  app.get(ROUTES.register, { schema: { querystring: RegisterQuery }, config }, async (request, reply) => await list(app, request, reply, request.query))

  app.get(ROUTES.registerFile, { schema: { querystring: RegisterQuery }, config }, async (request, reply) => {
    const rows = await rowsOf(app, request, request.query, { limit: MOST, offset: 0 })
    const head = ['number', 'type', 'issued', 'state', 'case'].map(name => request.t(`register.${name}`))
    const lines = rows.map(row => [harmless(row.number), request.t(`document.${row.type}`), localDate(row.issued_at), request.t(row.voided_at === null ? 'register.valid' : 'register.void'), row.ref])
    return await reply.type('text/csv; charset=utf-8; header=present').header('content-disposition', `attachment; filename="documents-${localDate(app.now())}.csv"`).send(`\uFEFF${stringify([head, ...lines], { record_delimiter: 'windows' })}`)
  })

  app.get(ROUTES.registered, { schema: { params: IssuedParams, querystring: DoneQuery }, config }, async (request, reply) => await show(app, request, reply, request.query))

  app.post(ROUTES.registeredDeliveries, { schema: { params: IssuedParams, body: DeliveryForm }, config: { permission: 'complaint.message', session: 'staff' } }, async (request, reply) => {
    const typed = request.body
    return await act(app, request, reply, { typed, done: 'delivery', part: 'delivery' }, async clerk => { await recordDelivery(app, clerk, request.params.id, deliveryOf(typed), app.now()) })
  })

  app.post(ROUTES.registeredVoids, { schema: { params: IssuedParams, body: VoidForm }, config: { permission: 'letter.sign', session: 'staff' } }, async (request, reply) => {
    const { text = '' } = request.body
    return await act(app, request, reply, { text, done: 'void', part: 'void' }, async clerk => { await voidDocument(app, clerk, { id: request.params.id, reason: text }, app.now()) })
  })
}

function deliveryOf ({ way = '', state = '', on_year: year = '', on_month: month = '', on_day: day = '', receiver = '', receipt = '', remark = '' }: Typed): Delivery {
  return { way: way as DeliveryWay, state: state as DeliveryState, on: `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`, receiver: receiver.trim(), receipt: receipt.trim(), remark: remark.trim() }
}

type Asked = Static<typeof RegisterQuery>

function wantedOf ({ type = '', year = '', q = '', void: voided }: Asked): Wanted {
  return { ...type === '' ? {} : { type }, ...year === '' ? {} : { year: Number(year) }, q: q.trim(), void: voided === 'yes' }
}

async function rowsOf (app: App, request: FastifyRequest, query: Asked, { limit, offset }: { limit: number, offset: number }): Promise<Row[]> {
  return await registered(app.db, await clerkOf(app, request), wantedOf(query)).select(['document.id', 'document.type', 'number', 'issued_at', 'voided_at', 'complaint.ref'])
    .orderBy('issued_at', 'desc').orderBy('document.number', 'desc').limit(limit).offset(offset).execute()
}

async function list (app: App, request: FastifyRequest, reply: FastifyReply, query: Asked): Promise<string> {
  const { page = 1, type = '', year = '', q = '' } = query
  const rows = await rowsOf(app, request, query, { limit: SIZE + 1, offset: (page - 1) * SIZE })
  const { total } = await registered(app.db, await clerkOf(app, request), wantedOf(query)).select(eb => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const { page: _page, ...rest } = query
  const href = (to: number): string => request.path('register', [], { ...rest, page: to })
  const thisYear = Number(localDate(app.now()).slice(0, 4))
  return await reply.page('desk/register/list', {
    title: request.t('register.title'),
    section: 'register',
    rows: rows.slice(0, SIZE),
    total,
    types: Object.keys(DOCUMENTS).map(value => ({ value, label: request.t(`document.${value}`) })),
    years: Array.from({ length: 10 }, (_, at) => String(thisYear - at)).map(value => ({ value, label: value })),
    type,
    year,
    q,
    voided: query.void === 'yes',
    file: request.path('registerFile', [], rest),
    previous: page > 1 ? href(page - 1) : null,
    next: rows.length > SIZE ? href(page + 1) : null
  })
}

async function act (app: App, request: FastifyRequest, reply: FastifyReply, visit: Visit, work: (clerk: Clerk) => Promise<void>): Promise<unknown> {
  return await attempt(app, request, reply, { work, again: async faults => await show(app, request, reply, { ...visit, faults, done: '' }), to: request.path('registered', [(request.params as { id: string }).id], { done: visit.done }) })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { typed, text = '', faults = [], done = '', part }: Visit): Promise<string> {
  const clerk = await clerkOf(app, request)
  const document = await readIssued(app, (request.params as { id: string }).id, clerk)
  const [year = '', month = '', day = ''] = localDate(app.now()).split('-')
  return await reply.page('desk/register/show', {
    title: `${request.t(`document.${document.type}`)} ${document.number}`,
    section: 'register',
    breadcrumbs: [{ text: request.t('register.title'), href: request.path('register') }, { text: document.number, lang: 'zh-CN' }],
    errors: faults,
    document,
    complaint: { ref: document.ref, href: request.path('complaint', [document.ref]) },
    sheet: request.path('document', [document.ref, document.id]),
    notice: hasWord(request.locale, `register_done.${done}`) ? request.t(`register_done.${done}`) : null,
    ways: DELIVERY_WAYS.map(value => ({ value, label: request.t(`delivery_way.${value}`) })),
    states: DELIVERY_STATES.map(value => ({ value, label: request.t(`delivery_state.${value}`) })),
    form: typed ?? { on_year: year, on_month: String(Number(month)), on_day: String(Number(day)) },
    text,
    limits: DELIVERY_LIMITS,
    delivers: allows(clerk.role, 'complaint.message'),
    voids: document.voided_at === null && allows(clerk.role, 'letter.sign'),
    voiding: part === 'void',
    faults: byField(faults)
  })
}
