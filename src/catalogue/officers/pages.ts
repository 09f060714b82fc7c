import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { appendAudit } from '../../db/audit.ts'
import { normaliseCertificate } from '../../domain/records/codes.ts'
import { AppError } from '../../errors.ts'
import { byField } from '../../forms/field-errors.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { registerNames } from '../agencies/repository.ts'
import { lookUp, type Asked } from './lookup.ts'
import { findBySlug, MOST, officersUpdatedAt, type Officer } from './repository.ts'
import { LIMITS, OfficerParams, OfficersQuery, VerifyQuery } from './schema.ts'
import { verdictOf, verify, type Verdict } from './service.ts'

interface Choice { name: string, href: string }

declare module '../../views.ts' {
  interface Views {
    'catalogue/officers/verify': Frame & { limits: typeof LIMITS, typed: string, verdict: Verdict | null, faults: Record<string, string> }
    'catalogue/officers/lookup': Frame & {
      limits: typeof LIMITS, asked: Asked, faults: Record<string, string>, units: string[], near: Choice[]
      found: Verdict[], many: boolean, most: number, missing: Verdict | null
    }
    'catalogue/officers/show': Frame & { verdict: Verdict }
  }
}

/** Names offered while typing: a page stays small, and any other name can be typed all the same. */
const MOST_UNITS = 300
const NOTHING: Asked = { number: undefined, name: undefined, agency: undefined }

// The state of a certificate is true at one moment, and who asks about whom is nobody's business: not cached, not indexed, not counted by person.
const CONFIG = { permission: 'public', cache: 'none', limit: 'lookup' } as const

/** Is this person an officer, and is the certificate valid today? For the door (number) and for later (name and unit). */
export async function officers (app: App): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => { reply.header('x-robots-tag', 'noindex') })

  app.get(ROUTES.verify, { schema: { querystring: VerifyQuery }, config: { ...CONFIG, camera: true }, attachValidation: true }, async (request, reply) => {
    const typed = silent(request) ? undefined : single(request.query.number)
    const number = typed === undefined || request.validationError !== undefined ? null : normaliseCertificate(typed)
    if (typed !== undefined && number !== null) return await showVerdict(request, reply, await verify(app, number, typed), typed)
    const asked = /[?&]number(=|&|$)/.test(request.url) && !silent(request)
    return await showForm(request, reply, typed ?? '', asked ? request.t(typed === undefined ? 'verify.fault_empty' : 'verify.fault_number') : null)
  })

  app.get(ROUTES.officers, { schema: { querystring: OfficersQuery }, config: CONFIG, attachValidation: true }, async (request, reply) => {
    const { number, name, agency } = request.query
    const typed = silent(request) ? NOTHING : { number: single(number), name: single(name), agency: single(agency) }
    if (typed.number !== undefined) return await reply.redirect(request.path('verify', [], { number: typed.number }), 302)
    return await showLookup(app, request, reply, typed)
  })

  // Without HEAD: whether an address exists is told to nobody who does not read the page.
  app.get(ROUTES.officer, { schema: { params: OfficerParams }, config: CONFIG, exposeHeadRoute: false }, async (request, reply) => {
    const officer = await findBySlug(app.db, request.params.slug)
    if (officer === null) throw new AppError('not_found')
    const title = officer.details?.name ?? request.t('verify.withheld_title')
    return await reply.page('catalogue/officers/show', {
      ...frame(title),
      breadcrumbs: [{ text: request.t('nav.verify'), href: request.path('verify') }, { text: title, ...(officer.details === null ? {} : { lang: 'zh-CN' }) }],
      verdict: verdictOf(officer, app.now(), { dataAt: await officersUpdatedAt(app.db), number: null })
    })
  })
}

const frame = (title: string) => ({ title, section: 'verify', noindex: true, hideSearch: true }) as const

/** HEAD gets the empty form, whatever was asked: the length of an answer tells nothing either. */
function silent (request: FastifyRequest): boolean {
  return request.method === 'HEAD'
}

/** A field given twice is no answer to the question; the first one is kept for mending. */
function single (value: unknown): string | undefined {
  return Array.isArray(value) ? String(value[0]) : value as string | undefined
}

async function showVerdict (request: FastifyRequest, reply: FastifyReply, verdict: Verdict, typed: string): Promise<string> {
  const title = request.t(`officer_status.${verdict.status}`)
  return await reply.page('catalogue/officers/verify', { ...frame(title), limits: LIMITS, typed, verdict, faults: {} })
}

async function showForm (request: FastifyRequest, reply: FastifyReply, typed: string, fault: string | null): Promise<string> {
  const errors = fault === null ? [] : [{ field: 'number', text: fault }]
  if (fault !== null) reply.code(422)
  return await reply.page('catalogue/officers/verify', { ...frame(request.t('verify.title')), limits: LIMITS, typed, verdict: null, faults: fault === null ? {} : { number: fault }, ...(fault === null ? {} : { errors }) })
}

/** A look-up by name is nobody's business, except where somebody of the bureau makes it: the public is not recorded, staff are, with the certificates that they were shown. */
async function recordLookup (app: App, request: FastifyRequest, found: readonly Officer[]): Promise<void> {
  const session = await request.sessionOf('staff')
  if (session === null) return
  const account = await app.db.selectFrom('account').select(['id', 'role']).where('id', '=', Number(session.subject)).executeTakeFirst()
  if (account === undefined) return
  const subject = found.length === 0 ? '(0)' : found.slice(0, 5).map(officer => officer.details?.number ?? officer.slug).join(' ')
  await app.db.transaction().execute(async trx => {
    await appendAudit(trx, app.keys.audit, { at: app.now(), actorId: account.id, role: account.role, action: 'officer.searched', subject, result: 'done', requestId: request.id })
  })
}

async function showLookup (app: App, request: FastifyRequest, reply: FastifyReply, typed: Asked): Promise<string> {
  const { asked, faults, near, found } = await lookUp(app, request, typed)
  if (found !== null) await recordLookup(app, request, found)
  const dataAt = await officersUpdatedAt(app.db)
  const { agencies } = await registerNames(app.db)
  const judged = (officer: Officer | null): Verdict => verdictOf(officer, app.now(), { dataAt, number: null })
  if (faults.length > 0) reply.code(422)
  return await reply.page('catalogue/officers/lookup', {
    ...frame(request.t(found === null ? 'verify.lookup_title' : 'verify.lookup_results')),
    ...(faults.length > 0 ? { errors: faults } : {}),
    limits: LIMITS,
    asked,
    faults: byField(faults),
    units: agencies.slice(0, MOST_UNITS).map(agency => agency.name),
    near: near.map(({ name, slug }) => ({ name, href: request.path('officers', [], { name: asked.name, agency: slug }) })),
    found: (found ?? []).slice(0, MOST).map(judged),
    many: (found?.length ?? 0) > MOST,
    most: MOST,
    missing: found?.length === 0 ? judged(null) : null
  })
}
