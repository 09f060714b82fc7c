import type { FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { localDate } from '../../domain/time/calendar.ts'
import { isPower } from '../../domain/process/rights.ts'
import { formatDate } from '../../i18n/format.ts'
import type { Frame } from '../../views.ts'
import { latestDecisions, type DecisionLines } from '../decisions/repository.ts'
import { benchmarksOfMatter, isExcerpt, type BenchmarkView } from '../benchmarks/service.ts'
import { exemptionsOfMatter, reliefFacts, type ExemptionView } from '../exemptions/service.ts'
import { briefRights, type RightView } from '../guide/service.ts'
import { listTrades, tradeNamesOf } from '../industries/repository.ts'
import { listsOfMatter, type ListGroup } from '../items/service.ts'
import { officialName, type Label } from '../lists/labels.ts'
import { serviceData } from '../register/ld.ts'
import { paragraphsOf } from '../search/engine/snippet.ts'
import { basisViews, type BasisView } from './content/bases.ts'
import { presentContent, type MatterContent } from './content/content.ts'
import { finesOf, type FinesView } from './content/fines.ts'
import { linesOf, period, type ContentLine } from './content/lines.ts'
import { relatedLinks, type CountedLink } from './content/related.ts'
import { listArticles, listBases, listLastVersions, listPredecessors, listProhibitions, listSiblings, listSuccessors, type MatterRecord, type SuccessionRow } from './repository.ts'

/** One row of a summary list. */
export interface Fact { key: string, value?: string, href?: string, lang?: string, list?: Array<{ text: string, href?: string }> }

/** What every version of a matter shows, the present one and those before. */
export interface ContentView {
  code: string
  name: string
  category: string
  repealed: boolean
  suspended: boolean
  endedOn: string | null
  conduct: string | null
  agency: Label & { href: string | null }
  parts: Readonly<Partial<Record<ContentLine['part'], ContentLine[]>>>
  bases: BasisView[]
  fines: FinesView | null
}

export interface MatterView extends Frame, ContentView {
  glance: Fact[]
  /** since when it is published as ended, where no day is given */
  endedSince: string | null
  predecessors: SuccessionRow[]
  successors: SuccessionRow[]
  benchmarks: BenchmarkView[]
  exemptions: ExemptionView[]
  prohibitions: Array<{ no: number, label: string | null, lang: string | undefined, href: string }>
  siblings: { rows: Array<Label & { href: string, compare: string }>, more: boolean }
  lists: ListGroup[]
  decisions: DecisionLines & { href: string }
  rights: RightView[]
  power: string | null
  complain: string
  related: CountedLink[]
  history: { rows: Array<{ version: number, at: string, change: string, reason: string, href: string }>, href: string, compare: string | null }
  version: number
  dataOn: string
  source: Label
  citation: string
}

/** Everything that the page of a matter says. */
export async function describeRecord (app: App, request: FastifyRequest, matter: MatterRecord): Promise<MatterView> {
  const { code, category } = matter
  const found = await listBases(app.db, matter.id)
  const content = presentContent(matter, found, tradeNamesOf(await listTrades(app.db), matter.tags))
  const [benchmarks, exemptions] = [await benchmarksOfMatter(app.db, request, matter), await exemptionsOfMatter(app.db, request, matter)]
  const view = describeContent(request, content, basisViews(request, found, await listArticles(app.db, found)).map(basis => quotedBy(benchmarks, basis)))
  const history = await historyOf(app, request, matter)
  return {
    title: matter.name,
    section: 'matters',
    breadcrumbs: [{ text: request.t('matters.title'), href: request.path('matters') }, { text: request.t(`category.${category}`), href: request.path('matters', [], { category }) }, { text: code }],
    register: { set: 'matters', code },
    ld: serviceData(app, request, { ...matter, updatedAt: matter.updated_at }),
    ...view,
    glance: [...glanceOf(request, matter, view), ...category === 'penalty' ? reliefFacts(request, benchmarks, exemptions) : []],
    endedSince: view.repealed ? history.rows.find(row => row.change === 'cancelled')?.at ?? null : null,
    predecessors: await listPredecessors(app.db, code),
    successors: view.repealed ? await listSuccessors(app.db, code) : [],
    benchmarks,
    exemptions,
    prohibitions: await prohibitionsOf(app, request, matter),
    siblings: await siblingsOf(app, request, matter),
    lists: await listsOfMatter(app.db, request, code),
    decisions: { ...await latestDecisions(app.db, { matterId: matter.id }, localDate(app.now())), href: request.path('decisions', [], { matter: code }) },
    rights: await briefRights(app.db, request, category),
    power: isPower(category) ? category : null,
    complain: request.path('complain', [], { matter: code }),
    related: await relatedLinks(app.db, request, matter, found),
    history,
    version: matter.version,
    dataOn: matter.updated_at,
    source: sourceOf(request, content),
    citation: citationOf(app, request, content, matter.version)
  }
}

/** A basis without a text of its own, with the one that a benchmark of the matter quotes of the same article. */
function quotedBy (benchmarks: readonly BenchmarkView[], basis: BasisView): BasisView {
  if (basis.paragraphs.length > 0) return basis
  const text = benchmarks.find(one => one.legalText !== null && one.bases.some(cited => cited.law_name.replace(/[《》]/g, '') === basis.law && cited.article === basis.article))?.legalText ?? null
  return text === null ? basis : { ...basis, paragraphs: paragraphsOf(text), byBenchmark: true, excerpt: isExcerpt(text) }
}

/** What a matter says in one version, with the texts that its bases had. */
export function describeContent (request: FastifyRequest, content: MatterContent, bases: BasisView[]): ContentView {
  const { category, name, agency, status, details } = content
  const fines = category === 'penalty' ? finesOf(request, bases) : null
  return {
    code: content.code,
    name,
    category,
    repealed: status === 'repealed',
    suspended: status === 'suspended',
    endedOn: status === 'repealed' ? details.cancel_on ?? null : null,
    conduct: /^对(.+?)的?(?:行政)?处罚$/u.exec(category === 'penalty' ? name : '')?.[1] ?? null,
    agency: { ...officialName(request, agency), href: agency.slug === null ? null : request.path('agency', [agency.slug]) },
    parts: Object.groupBy(linesOf(request, content).filter(line => line.key !== 'bases' && line.key !== 'prohibition_nos'), line => line.part),
    bases,
    fines: fines === null || fines.rows.length === 0 ? null : fines
  }
}

/** How a version is cited. */
export function citationOf (app: App, request: FastifyRequest, { name, code }: MatterContent, version: number): string {
  return request.t('matters.citation', { name, code, version, site: app.site[request.locale].name })
}

/** Where a version came from: a file by its name, anything else as it names itself. */
export function sourceOf (request: FastifyRequest, { source }: MatterContent): Label {
  return /\.(csv|xlsx)$/i.test(source) ? { label: request.t('matters.source_register', { file: source }), lang: undefined } : officialName(request, { name: source, name_en: null })
}

function glanceOf (request: FastifyRequest, matter: MatterRecord, { parts, fines, agency }: ContentView): Fact[] {
  const head = new Map(parts.head?.map(line => [line.key, line]))
  const row = (key: string, href?: string): Fact[] => {
    const line = head.get(key)
    return line === undefined ? [] : [{ key: line.label, value: line.value, ...line.lang === undefined ? {} : { lang: line.lang }, ...href === undefined ? {} : { href } }]
  }
  const limit = period(request, matter.statutory_days, matter.day_unit)
  return [
    ...row('agency', agency.href ?? ''),
    ...row('category'),
    ...limit === '' ? [] : [{ key: request.t('matters.statutory_days'), value: limit }],
    ...fines === null ? [] : [{ key: request.t('fines.heading'), value: fines.span ?? request.t('fines.see_below'), href: '#fines' }],
    ...row('levels'),
    ...row('region'),
    ...row('field', request.path('matters', [], { field: matter.field })),
    { key: request.t('matters.last_changed'), value: request.t('versions.on_day', { version: matter.version, date: formatDate(request.locale, matter.updated_at) }), href: request.path('matterHistory', [matter.code]) }
  ]
}

async function prohibitionsOf (app: App, request: FastifyRequest, matter: MatterRecord): Promise<MatterView['prohibitions']> {
  const rows = await listProhibitions(app.db, (matter.prohibition_nos ?? '').match(/\d+/g)?.map(Number) ?? [])
  return rows.map(row => ({ no: row.no, ...row.title === null ? { label: null, lang: undefined } : officialName(request, { name: row.title, name_en: row.title_en }), href: request.path('prohibition', [row.no]) }))
}

async function siblingsOf (app: App, request: FastifyRequest, matter: MatterRecord): Promise<MatterView['siblings']> {
  const siblings = matter.base_code === null ? [] : await listSiblings(app.db, matter.base_code, matter.id)
  return {
    rows: siblings.slice(0, 50).map(row => ({ href: request.path('matter', [row.code]), compare: request.path('matterCompare', [matter.code], { with: row.code }), ...officialName(request, row) })),
    more: siblings.length > 50
  }
}

async function historyOf (app: App, request: FastifyRequest, matter: MatterRecord): Promise<MatterView['history']> {
  const rows = await listLastVersions(app.db, matter.id)
  return {
    rows: rows.map(row => ({ version: row.version, at: row.recorded_at, change: row.change, reason: row.reason, href: request.path('matterVersion', [matter.code, row.version]) })),
    href: request.path('matterHistory', [matter.code]),
    compare: matter.version > 1 ? request.path('matterCompare', [matter.code]) : null
  }
}
