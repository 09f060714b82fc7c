import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { localDate } from '../../domain/time/calendar.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { listsOfAgency } from '../items/service.ts'
import type { Fact } from '../matters/record.ts'
import { latestDecisions, type DecisionLines } from '../decisions/repository.ts'
import { officialName } from '../lists/labels.ts'
import { readQuestion } from '../search/engine/query.ts'
import { highlight, type Piece } from '../search/engine/snippet.ts'
import { pageNumber, pagerOf, slicePage, type Pager, type Span } from '../../pager.ts'
import { listCounts } from '../lists/engine/find.ts'
import { MATTERS } from '../matters/list.ts'
import { countMattersByCategory, countOfficers, findAgency } from './repository.ts'
import { AgenciesQuery, AgencyParams } from './schema.ts'
import { AGENCY_FACETS, agencyOptions, filterAgencies, findAgencies, type AgencyFacet, type AgencyOption } from './service.ts'

const AGENCIES_A_PAGE = 50
const SHOWN = 8
type Agency = Awaited<ReturnType<typeof findAgency>>
interface Link { label: string, href: string }

declare module '../../views.ts' {
  interface Views {
    'catalogue/agencies/list': Frame & Span & {
      words: string, rows: Array<{ name: Piece[], nameEn: string | null, href: string, sector: string | null, level: string, matters: number }>
      facets: Array<{ name: AgencyFacet, legend: string, options: AgencyOption[], more: AgencyOption[] }>, keep: Array<{ name: string, value: string }>, chips: Link[], clear: string, pager: Pager
    }
    'catalogue/agencies/show': Frame & {
      agency: Agency, heading: { label: string, lang: string | undefined }, facts: Array<Fact & { unverified?: boolean }>
      categories: Array<Link & { count: number }>, matters: number, lists: Array<Link & { count: number }>, officers: number, decisions: DecisionLines & { href: string }, complain: string
    }
  }
}

/** The enforcement agencies: list and page of each. */
export async function agencies (app: App): Promise<void> {
  app.get(ROUTES.agencies, { schema: { querystring: AgenciesQuery }, config: { permission: 'public', limit: 'search' } }, async (request, reply) =>
    await showList(app, request, reply, request.query))

  app.get(ROUTES.agency, { schema: { params: AgencyParams }, config: { permission: 'public' } }, async (request, reply) =>
    await showAgency(app, request, reply, await findAgency(app.db, request.params.slug)))
}

async function showList (app: App, request: FastifyRequest, reply: FastifyReply, query: AgenciesQuery): Promise<string> {
  const question = readQuestion(query.q)
  const named = question.text !== '' && question.runs.length === 0 ? [] : await findAgencies(app.db, question.runs)
  const cut = slicePage(filterAgencies(named, query), pageNumber(query.page), AGENCIES_A_PAGE)
  const counts = await listCounts(app.db, MATTERS)
  return await reply.page('catalogue/agencies/list', {
    title: question.text === '' ? request.t('agencies.title') : request.t('agencies.title_filtered', { what: question.text }),
    hideSearch: true,
    words: question.text,
    rows: cut.items.map(agency => ({ name: highlight(agency.name, question.runs), nameEn: request.locale === 'en' ? agency.name_en : null, href: request.path('agency', [agency.slug]), sector: agency.sector, level: agency.level, matters: counts['agency']?.get(agency.slug) ?? 0 })),
    ...panelOf(request, named, query, question.text),
    ...cut.span,
    pager: pagerOf(cut.page, cut.pages, page => request.path('agencies', [], { ...filtersOf(query), q: question.text, page: page === 1 ? '' : page }))
  })
}

async function showAgency (app: App, request: FastifyRequest, reply: FastifyReply, agency: Agency): Promise<string> {
  const categories = await countMattersByCategory(app.db, agency.id)
  return await reply.page('catalogue/agencies/show', {
    title: officialName(request, agency).label,
    breadcrumbs: [{ text: request.t('agencies.title'), href: request.path('agencies') }, { text: agency.name, lang: 'zh-CN' }],
    register: { set: 'agencies', code: agency.slug },
    agency,
    heading: officialName(request, agency),
    facts: factsOf(request, agency),
    categories: categories.map(row => ({ label: request.t(`category.${row.category}`), count: row.count, href: request.path('matters', [], { category: row.category, agency: agency.slug }) })),
    matters: categories.reduce((sum, row) => sum + row.count, 0),
    lists: await listsOfAgency(app.db, request, agency),
    officers: await countOfficers(app.db, agency.id),
    decisions: { ...await latestDecisions(app.db, { agencyId: agency.id }, localDate(app.now())), href: request.path('decisions', [], { agency: agency.slug }) },
    complain: request.path('complain', [], { agency: agency.slug })
  })
}

const filtersOf = ({ level, sector, region }: AgenciesQuery): Record<string, string[]> => ({ level: level ?? [], sector: sector ?? [], region: region ?? [] })

/** The filter panel and the chips of what is chosen. */
function panelOf (request: FastifyRequest, named: Awaited<ReturnType<typeof findAgencies>>, query: AgenciesQuery, words: string) {
  const all = AGENCY_FACETS.map(name => ({ name, options: agencyOptions(request, named, query, name) }))
  return {
    facets: all.filter(({ options }) => options.length > 1 || options.some(option => option.checked))
      .map(({ name, options }) => ({ name, legend: request.t(`agencies.facet_${name}`), options: options.slice(0, SHOWN), more: options.slice(SHOWN, SHOWN + 40) })),
    keep: words === '' ? [] : [{ name: 'q', value: words }],
    chips: all.flatMap(({ name, options }) => options.filter(option => option.checked).map(option => ({
      label: option.label,
      href: request.path('agencies', [], { ...filtersOf(query), q: words, [name]: (query[name] ?? []).filter(value => value !== option.value) })
    }))),
    clear: request.path('agencies', [], { q: words })
  }
}

/** What nobody has confirmed is shown as such, never left out. */
function factsOf (request: FastifyRequest, agency: Agency): Array<Fact & { unverified?: boolean }> {
  const official = request.locale === 'en' ? { lang: 'zh-CN' } : {}
  const known = (key: string, value: string | null): Fact & { unverified?: boolean } => value === null ? { key: request.t(key), value: '', unverified: true } : { key: request.t(key), value, ...official }
  const region = agency.region === null ? { label: agency.region_code } : officialName(request, { name: agency.region, name_en: agency.region_en })
  return [
    known('agencies.duties', agency.duties),
    { key: request.t('agencies.kind'), value: request.t(`agency_kind.${agency.kind}`) },
    { key: request.t('agencies.facet_level'), value: request.t(`level.${agency.level}`) },
    { key: request.t('agencies.facet_region'), value: region.label },
    ...agency.sector === null ? [] : [known('agencies.facet_sector', agency.sector)],
    known('agencies.address', agency.address),
    known('agencies.phone', agency.phone),
    known('agencies.uscc', agency.uscc)
  ]
}
