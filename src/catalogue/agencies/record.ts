import type { FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { AGENCY_FIELDS, AGENCY_SECTIONS, readAgencyDetails, type AgencyFieldName, type AgencySection } from '../../domain/records/agency-fields.ts'
import { localDate } from '../../domain/time/calendar.ts'
import { formatDate, formatNumber } from '../../i18n/format.ts'
import type { Frame } from '../../views.ts'
import { countByDays, latestDecisions, type DecisionLines } from '../decisions/repository.ts'
import { listsOfAgency } from '../items/service.ts'
import { officialName, type Label } from '../lists/labels.ts'
import type { Fact } from '../matters/record.ts'
import { publicationFigures, timelinessJudge, type PublicationFigures } from '../publication/timeliness.ts'
import { supervisionView, type SupervisionView } from '../supervision/record.ts'
import { countMattersByCategory, countOfficers, dataFreshness, listEntrustments, listRelatives, type findAgency } from './repository.ts'

type Agency = Awaited<ReturnType<typeof findAgency>>
type Known = Fact & { unverified?: boolean }
type Link = Label & { href: string }
interface EntrustmentView { given: boolean, code: string, other: Label & { href: string | null }, facts: Fact[], ended: boolean, fictional: boolean }

export interface AgencyView extends Frame {
  agency: Agency, heading: Label, sections: Array<{ section: AgencySection, rows: Known[] }>, below: Link[], entrustments: EntrustmentView[]
  categories: Array<{ label: string, href: string, count: number }>, matters: number, lists: Array<{ label: string, count: number, href: string }>, officers: number, decisions: DecisionLines & { href: string }, figures: PublicationFigures, supervision: SupervisionView
  freshness: { columns: Array<{ label: string, numeric?: true }>, rows: Array<{ cells: Array<{ text: string }> }> }, complain: string
}

/** Everything that the page of an agency says. */
export async function describeAgency (app: App, request: FastifyRequest, agency: Agency): Promise<AgencyView> {
  const { db } = app
  const today = localDate(app.now())
  const categories = await countMattersByCategory(db, agency.id)
  const { superior, below } = await listRelatives(db, agency)
  const link = (row: { slug: string, name: string, name_en: string | null }): Link => ({ ...officialName(request, row), href: request.path('agency', [row.slug]) })
  return {
    title: officialName(request, agency).label,
    breadcrumbs: [{ text: request.t('agencies.title'), href: request.path('agencies') }, { text: agency.name, lang: 'zh-CN' }],
    agency,
    register: { set: 'agencies', code: agency.slug },
    heading: officialName(request, agency),
    sections: sectionsOf(request, agency, superior === undefined ? undefined : link(superior)),
    below: below.map(link),
    entrustments: (await listEntrustments(db, agency.id)).map(row => entrustmentView(request, agency.id, row, today)),
    categories: categories.map(row => ({ label: request.t(`category.${row.category}`), count: row.count, href: request.path('matters', [], { category: row.category, agency: agency.slug }) })),
    matters: categories.reduce((sum, row) => sum + row.count, 0),
    lists: await listsOfAgency(db, request, agency),
    officers: await countOfficers(db, agency.id),
    decisions: { ...await latestDecisions(db, { agencyId: agency.id }, today), href: request.path('decisions', [], { agency: agency.slug }) },
    figures: publicationFigures(await countByDays(db, agency.id), await timelinessJudge(db)),
    supervision: await supervisionView(db, request, agency.id, today),
    freshness: await freshnessTable(app, request, agency.id),
    complain: request.path('complain', [], { agency: agency.slug })
  }
}

const chinese = (request: FastifyRequest): { lang?: string } => request.locale === 'en' ? { lang: 'zh-CN' } : {}
const missing = (key: string): Known => ({ key, value: '', unverified: true })

/** What nobody has confirmed is shown as such, never left out. */
function sectionsOf (request: FastifyRequest, agency: Agency, superior: Link | undefined): AgencyView['sections'] {
  const official = chinese(request)
  const known = (key: string, value: string | null): Known => value === null ? missing(request.t(key)) : { key: request.t(key), value, ...official }
  const region = agency.region === null ? { label: agency.region_code } : officialName(request, { name: agency.region, name_en: agency.region_en })
  const columns: Record<AgencySection, Known[]> = {
    what: [
      known('agencies.duties', agency.duties),
      { key: request.t('agencies.kind'), value: request.t(`agency_kind.${agency.kind}`) },
      { key: request.t('facet.level'), value: request.t(`level.${agency.level}`) },
      { key: request.t('facet.region'), value: region.label },
      ...agency.sector === null ? [] : [known('facet.sector', agency.sector)],
      ...superior === undefined ? [] : [{ key: request.t('column.superior'), value: superior.label, href: superior.href, ...superior.lang === undefined ? {} : { lang: superior.lang } }],
      { key: request.t('column.vertical'), value: request.t(`agencies.vertical_${agency.vertical}`) },
      known('agencies.uscc', agency.uscc)
    ],
    where: [known('agencies.address', agency.address), known('agencies.phone', agency.phone)],
    confirmation: []
  }
  const details = readAgencyDetails(agency.details)
  return AGENCY_SECTIONS.map(section => ({ section, rows: [...columns[section], ...fieldRows(request, section, details)] }))
}

function fieldRows (request: FastifyRequest, section: AgencySection, details: ReturnType<typeof readAgencyDetails>): Known[] {
  return (Object.keys(AGENCY_FIELDS) as AgencyFieldName[]).filter(name => AGENCY_FIELDS[name].section === section).flatMap(name => {
    const field = AGENCY_FIELDS[name]
    const key = request.t(`column.agency_${name}`)
    const value = details[name]
    if (value === undefined) return 'needed' in field ? [missing(key)] : []
    if (field.type === 'date') return [{ key, value: formatDate(request.locale, value) }]
    if (field.type === 'flag') return [{ key, value: request.t(`agencies.flag_${value}`) }]
    if (field.type === 'url') return [{ key, value, href: value }]
    return [{ key, value, ...field.type === 'text' ? chinese(request) : {} }]
  })
}

/** Both bodies, the matters, the powers and the period of an entrustment (行政处罚法 20 二). */
function entrustmentView (request: FastifyRequest, agencyId: number, row: Awaited<ReturnType<typeof listEntrustments>>[number], today: string): EntrustmentView {
  const given = row.principal_id === agencyId
  const other = given
    ? { ...officialName(request, { name: row.agent_name, name_en: null }), href: row.agent_slug === null ? null : request.path('agency', [row.agent_slug]) }
    : { ...officialName(request, { name: row.principal, name_en: row.principal_en }), href: request.path('agency', [row.principal_slug]) }
  const until = row.valid_to === null ? request.t('agencies.entrusted_open', { from: formatDate(request.locale, row.valid_from) }) : request.t('agencies.entrusted_span', { from: formatDate(request.locale, row.valid_from), to: formatDate(request.locale, row.valid_to) })
  const official = chinese(request)
  const facts: Fact[] = [
    { key: request.t('agencies.entrusted_matters'), value: row.matters, ...official },
    { key: request.t('agencies.entrusted_powers'), value: row.powers ?? '', ...official },
    { key: request.t('agencies.entrusted_basis'), value: row.basis, ...official },
    { key: request.t('agencies.entrusted_period'), value: until },
    { key: request.t('agencies.entrusted_notice'), value: row.notice_url ?? '', href: row.notice_url ?? '' }
  ]
  return { given, code: row.code, other, facts: facts.filter(fact => fact.value !== ''), ended: row.status !== 'in_force' || (row.valid_to !== null && row.valid_to < today), fictional: row.fictional === 1 }
}

async function freshnessTable (app: App, request: FastifyRequest, agencyId: number): Promise<AgencyView['freshness']> {
  const rows = await dataFreshness(app.db, agencyId)
  return {
    columns: [{ label: request.t('agencies.data_kind') }, { label: request.t('agencies.data_count'), numeric: true }, { label: request.t('agencies.data_at') }],
    rows: rows.map(({ kind, count, at }) => ({ cells: [{ text: request.t(`agencies.data_${kind}`) }, { text: formatNumber(request.locale, count) }, { text: at === null ? request.t('agencies.data_none') : formatDate(request.locale, at) }] }))
  }
}
