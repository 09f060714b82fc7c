import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { countBare, countCards, listKeepers, type Keepers } from '../../../catalogue/codes/repository.ts'
import { cardAddress, endCode, makeCodes, printCards, regionsOf, type Keeper } from '../../../catalogue/codes/service.ts'
import { findAgency } from '../../../catalogue/agencies/repository.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { AppError } from '../../../errors.ts'
import { byField, fieldErrors, type Fault } from '../../../forms/field-errors.ts'
import { pageNumber, pagerOf, type Pager } from '../../../pager.ts'
import { drawQr, type QrDrawing } from '../../../qr.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { CodesQuery, EndingForm, GIVEN_ENDINGS, MakeForm, SheetParams, SheetQuery } from './schema.ts'

interface PrintedCard { name: string, agency: string, number: string, fictional: boolean, qr: QrDrawing }

declare module '../../../views.ts' {
  interface Views {
    'desk/codes/list': Frame & Keepers & { q: string, pager: Pager }
    'desk/codes/sheet': Frame & {
      slug: string, agency: string, notice: string | null, missing: number, total: number, cards: PrintedCard[], pager: Pager, address: string, unset: boolean
      typed: { number: string, ending: string }, endings: Array<{ value: string, label: string }>, faults: Record<string, string>
    }
  }
}

const SIZE = 30
/** As many as are cut from one sheet of A4. */
const CARDS = 10
const own = { permission: 'code.manage', session: 'staff' } as const

/** Codes for certificates: whose are missing, a sheet to print, and what to do when one is lost. */
export async function codePages (app: App): Promise<void> {
  app.get(ROUTES.certificateCodes, { schema: { querystring: CodesQuery }, config: own }, async (request, reply) => {
    const q = request.query.q ?? ''
    const page = pageNumber(request.query.page)
    const whose = { regions: await regionsOf(app.db, request.actor?.bureauId ?? 0), q, today: localDate(app.now()) }
    const found = await listKeepers(app.db, whose, (page - 1) * SIZE, SIZE)
    const pages = Math.ceil(found.total / SIZE)
    return await reply.page('desk/codes/list', { title: request.t('codes.title'), section: 'certificateCodes', q, ...found, pager: pagerOf(Math.min(page, pages), pages, page => request.path('certificateCodes', [], { q, page })) })
  })

  app.get(ROUTES.certificateCodesOf, { schema: { params: SheetParams, querystring: SheetQuery }, config: own }, async (request, reply) => await show(app, request, reply, [], { number: '', ending: '' }))

  app.post(ROUTES.certificateCodesOf, { schema: { params: SheetParams, body: MakeForm }, config: own }, async (request, reply) => {
    const { id, slug } = await ownAgency(app, request)
    const { made } = await makeCodes(app, keeperOf(request), { agencyId: id, subject: slug }, app.now())
    return await reply.redirect(request.path('certificateCodesOf', [slug], { done: 'made', count: made }), 303)
  })

  app.post(ROUTES.codeEndings, { schema: { params: SheetParams, body: EndingForm }, config: own, attachValidation: true }, async (request, reply) => {
    const { id, slug } = await ownAgency(app, request)
    const { number = '', ending } = request.body as Partial<typeof request.body>
    const typed = { number: String(number), ending: String(ending ?? '') }
    const faults = fieldErrors(request, 'codes')
    if (faults.length > 0 || ending === undefined) return await show(app, request, reply.code(422), faults, typed)
    const outcome = await endCode(app, keeperOf(request), { number, ending, agencyId: id }, app.now())
    if (outcome !== 'ended') return await show(app, request, reply.code(422), [{ field: 'number', text: request.t(`codes.${outcome}`) }], typed)
    return await reply.redirect(request.path('certificateCodesOf', [slug], { done: 'ended' }), 303)
  })
}

function keeperOf (request: FastifyRequest): Keeper {
  return { id: request.actor?.id ?? null, role: request.actor?.role ?? '', requestId: request.id }
}

/** An agency of the person's own bureau, or of one below it; any other does not exist for them. */
async function ownAgency (app: App, request: FastifyRequest): Promise<{ id: number, slug: string, name: string }> {
  const { slug } = request.params as { slug: string }
  const agency = await findAgency(app.db, slug)
  const regions = await regionsOf(app.db, request.actor?.bureauId ?? 0)
  if (regions !== null && !regions.includes(agency.region_code)) throw new AppError('not_found', { slug })
  return agency
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, errors: Fault[], typed: { number: string, ending: string }): Promise<string> {
  const { id, slug, name } = await ownAgency(app, request)
  const { page: wanted, done, count } = request.query as { page?: string, done?: string, count?: string }
  const whose = { agencyId: id, today: localDate(app.now()) }
  const total = await countCards(app.db, whose)
  const pages = Math.max(1, Math.ceil(total / CARDS))
  const page = Math.min(pageNumber(wanted), pages)
  const cards = await printCards(app, whose, (page - 1) * CARDS, CARDS)
  return await reply.page('desk/codes/sheet', {
    title: request.t('codes.sheet_title', { agency: name }),
    section: 'certificateCodes',
    back: { href: request.path('certificateCodes') },
    slug,
    agency: name,
    notice: done === 'made' ? request.t('codes.made', { count: Number(count) || 0 }) : done === 'ended' ? request.t('codes.ended') : null,
    missing: await countBare(app.db, whose),
    total,
    cards: cards.map(card => ({ name: card.name, agency: card.agency, number: card.certificate_no, fictional: card.fictional === 1, qr: drawQr(cardAddress(app.config, card.code)) })),
    pager: pagerOf(page, pages, page => request.path('certificateCodesOf', [slug], { page })),
    address: cardAddress(app.config, ''),
    unset: app.config.SITE_ORIGIN === '',
    typed,
    endings: GIVEN_ENDINGS.map(ending => ({ value: ending, label: request.t(`codes.why_${ending}`) })),
    faults: byField(errors),
    ...errors.length === 0 ? {} : { errors }
  })
}
