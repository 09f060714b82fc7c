import type { FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { localDate } from '../../domain/time/calendar.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { listIndustries, type ExemptionLine, type Industry, type MatterLine } from './repository.ts'
import { IndustryParams } from './schema.ts'
import { changesOf, conductOf, exemptionsOf, findIndustry, groupsOf, quarterStart, type Group } from './service.ts'

interface Line { code: string, name: string, agency: string, agencyLang: string | undefined, kinds: string }
interface GroupView { category: string, total: number, lines: Line[], folded: Line[], more: string | null }
interface Tile { label: string, intro: string, href: string, total: number }

declare module '../../views.ts' {
  interface Views {
    'catalogue/industries/list': Frame & { tiles: Tile[] }
    'catalogue/industries/show': Frame & { lead: string, total: number, all: string, check: string, permits: GroupView | null, groups: GroupView[], exemptions: ExemptionLine[], since: string, changes: Array<{ code: string, name: string, at: string, version: number }> }
    'catalogue/industries/check': Frame & { permits: Line[], conducts: Array<Line & { conduct: string }>, inspections: Line[], on: string }
  }
}

/** Matters of one power in the open; the others unfold. */
const OPEN = 12
/** A self-check list is printed, so it is nearly whole. */
const PRINTED = { permit: 50, penalty: 120, inspection: 50 } as const

/** The register from where a trade stands: what it needs, what it may not do, who may come. */
export async function industries (app: App): Promise<void> {
  app.get(ROUTES.industries, { config: { permission: 'public' } }, async (request, reply) => await reply.page('catalogue/industries/list', {
    title: request.t('industries.title'),
    description: request.t('industries.lead'),
    section: 'matters',
    tiles: (await listIndustries(app.db)).map(industry => ({ label: nameOf(request, industry), intro: request.locale === 'en' ? industry.intro_en : industry.intro, href: request.path('industry', [industry.slug]), total: industry.total }))
  }))

  app.get(ROUTES.industry, { schema: { params: IndustryParams }, config: { permission: 'public' } }, async (request, reply) => {
    const industry = await findIndustry(app.db, request.params.slug)
    const found = await groupsOf(app.db, industry)
    const groups = found.map(group => groupView(request, industry, group))
    const today = localDate(app.now())
    return await reply.page('catalogue/industries/show', {
      ...frameOf(request, industry),
      lead: request.locale === 'en' ? industry.intro_en : industry.intro,
      total: industry.total,
      all: request.path('matters', [], { industry: industry.slug }),
      check: request.path('industryCheck', [industry.slug]),
      permits: groups.find(({ category }) => category === 'permit') ?? null,
      groups: groups.filter(({ category }) => category !== 'permit'),
      exemptions: await exemptionsOf(app.db, found),
      since: quarterStart(today),
      changes: (await changesOf(app.db, industry, today)).map(({ code, name, at, version }) => ({ code, name, at, version }))
    })
  })

  app.get(ROUTES.industryCheck, { schema: { params: IndustryParams }, config: { permission: 'public' } }, async (request, reply) => {
    const industry = await findIndustry(app.db, request.params.slug)
    const found = new Map((await groupsOf(app.db, industry, PRINTED)).map(({ category, lines }) => [category, lines]))
    const linesOf = (category: string): MatterLine[] => found.get(category) ?? []
    return await reply.page('catalogue/industries/check', {
      ...frameOf(request, industry, request.t('industries.check_title', { name: nameOf(request, industry) })),
      noindex: true,
      permits: linesOf('permit').map(line => lineView(request, line)),
      conducts: linesOf('penalty').map(line => ({ ...lineView(request, line), conduct: conductOf(line) ?? line.name })),
      inspections: linesOf('inspection').map(line => lineView(request, line)),
      on: localDate(app.now())
    })
  })
}

function nameOf (request: FastifyRequest, { name, name_en: nameEn }: Industry): string {
  return request.locale === 'en' ? nameEn : name
}

function frameOf (request: FastifyRequest, industry: Industry, below?: string): Pick<Frame, 'section' | 'breadcrumbs'> & { title: string } {
  const name = nameOf(request, industry)
  const own = below === undefined ? { text: name } : { text: name, href: request.path('industry', [industry.slug]) }
  return {
    title: below ?? name,
    section: 'matters',
    breadcrumbs: [{ text: request.t('industries.title'), href: request.path('industries') }, own, ...below === undefined ? [] : [{ text: request.t('industries.check') }]]
  }
}

function groupView (request: FastifyRequest, { slug }: Industry, { category, total, lines }: Group): GroupView {
  const views = lines.map(line => lineView(request, line))
  return { category, total, lines: views.slice(0, OPEN), folded: views.slice(OPEN), more: total > lines.length ? request.path('matters', [], { industry: slug, category }) : null }
}

function lineView (request: FastifyRequest, line: MatterLine): Line {
  const english = request.locale === 'en'
  return {
    code: line.code,
    name: line.name,
    agency: english ? line.agency_en ?? line.agency : line.agency,
    agencyLang: english && line.agency_en === null ? 'zh-CN' : undefined,
    kinds: (line.penalty_kinds ?? '').split(' ').filter(kind => kind !== '').map(kind => request.t(`penalty_kind.${kind}`)).join(request.t('ui.between'))
  }
}
