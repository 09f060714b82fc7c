import type { FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { localDate } from '../../domain/time/calendar.ts'
import { isPower } from '../../domain/process/rights.ts'
import type { Frame } from '../../views.ts'
import { briefRights, type RightView } from '../guide/service.ts'
import { listsOfMatter, type ListGroup } from '../items/service.ts'
import { serviceData } from '../register/ld.ts'
import { latestDecisions, type DecisionLines } from '../decisions/repository.ts'
import { articleNo } from '../law/service.ts'
import { listArticles, listBases, listProhibitions, listSiblings, type ArticleRecord, type BasisRecord, type MatterRecord } from './repository.ts'
import { paragraphsOf } from '../search/engine/snippet.ts'
import { officialName } from '../lists/labels.ts'

/** One row of a summary list. */
export interface Fact { key: string, value?: string, href?: string, lang?: string, list?: Array<{ text: string, href?: string }> }
export interface BasisView { law: string, article: string | null, lawHref: string | null, articleHref: string | null, paragraphs: string[], textDate: string | null, quoted: boolean }

export interface MatterView extends Frame {
  code: string
  name: string
  category: string
  repealed: boolean
  conduct: string | null
  agency: { label: string, lang: string | undefined, href: string }
  facts: Fact[]
  glance: Fact[]
  bases: BasisView[]
  prohibitions: Array<{ no: number, label: string | null, lang: string | undefined, href: string }>
  siblings: { rows: Array<{ href: string, label: string, lang: string | undefined }>, more: boolean }
  lists: ListGroup[]
  decisions: DecisionLines & { href: string }
  rights: RightView[]
  power: string | null
  complain: string
  version: number
  dataOn: string
  source: { label: string, lang: string | undefined }
  citation: string
}

/** Everything that the page of a matter says. */
export async function describeRecord (app: App, request: FastifyRequest, matter: MatterRecord): Promise<MatterView> {
  const bases = await listBases(app.db, matter.id)
  const articles = await listArticles(app.db, bases)
  const siblings = matter.base_code === null ? [] : await listSiblings(app.db, matter.base_code, matter.id)
  const prohibitions = await listProhibitions(app.db, (matter.prohibition_nos ?? '').match(/\d+/g)?.map(Number) ?? [])
  const decisions = await latestDecisions(app.db, { matterId: matter.id }, localDate(app.now()))
  return {
    title: matter.name,
    section: 'matters',
    breadcrumbs: [{ text: request.t('matters.title'), href: request.path('matters') }, { text: request.t(`category.${matter.category}`), href: request.path('matters', [], { category: matter.category }) }, { text: matter.code }],
    register: { set: 'matters', code: matter.code },
    ld: serviceData(app, request, { ...matter, updatedAt: matter.updated_at }),
    code: matter.code,
    name: matter.name,
    category: matter.category,
    repealed: matter.status !== 'in_force',
    conduct: /^对(.+?)的?(?:行政)?处罚$/u.exec(matter.category === 'penalty' ? matter.name : '')?.[1] ?? null,
    agency: { ...officialName(request, { name: matter.agency, name_en: matter.agency_en }), href: request.path('agency', [matter.agency_slug]) },
    facts: factsOf(request, matter),
    glance: glanceOf(request, matter),
    bases: joinParagraphs(bases.map(basis => basisView(request, basis, articles))),
    prohibitions: prohibitions.map(row => ({ no: row.no, ...row.title === null ? { label: null, lang: undefined } : officialName(request, { name: row.title, name_en: row.title_en }), href: request.path('prohibition', [row.no]) })),
    siblings: { rows: siblings.slice(0, 50).map(row => ({ href: request.path('matter', [row.code]), ...officialName(request, row) })), more: siblings.length > 50 },
    lists: await listsOfMatter(app.db, request, matter.code),
    decisions: { ...decisions, href: request.path('decisions', [], { matter: matter.code }) },
    rights: await briefRights(app.db, request, matter.category),
    power: isPower(matter.category) ? matter.category : null,
    complain: request.path('complain', [], { matter: matter.code }),
    version: matter.version,
    dataOn: matter.updated_at,
    source: /\.(csv|xlsx)$/i.test(matter.source) ? { label: request.t('matters.source_register', { file: matter.source }), lang: undefined } : officialName(request, { name: matter.source, name_en: null }),
    citation: request.t('matters.citation', { name: matter.name, code: matter.code, version: matter.version, site: app.site[request.locale].name })
  }
}

function words (request: FastifyRequest, list: string, codes: string | null): string {
  return (codes ?? '').split(' ').filter(code => code !== '').map(code => request.t(`${list}.${code}`)).join(request.t('ui.between'))
}

function period (request: FastifyRequest, days: number | null, unit: string | null): string {
  return days === null ? '' : request.t(`matters.period_${unit ?? 'working_days'}`, { count: days })
}

const given = (facts: Fact[]): Fact[] => facts.filter(fact => fact.value !== '' || fact.list !== undefined)

function factsOf (request: FastifyRequest, matter: MatterRecord): Fact[] {
  const official = request.locale === 'en' ? { lang: 'zh-CN' } : {}
  return given([
    { key: request.t('matters.penalty_kinds'), value: words(request, 'penalty_kind', matter.penalty_kinds) },
    { key: request.t('matters.targets'), value: words(request, 'target', matter.targets) },
    { key: request.t('matters.statutory_days'), value: period(request, matter.statutory_days, matter.day_unit) },
    { key: request.t('matters.promise_days'), value: period(request, matter.promise_days, matter.day_unit) },
    { key: request.t('matters.frequency_cap'), value: matter.frequency_cap ?? '', ...official },
    { key: request.t('matters.aliases'), value: matter.aliases ?? '', ...official },
    { key: request.t('matters.note'), value: matter.note ?? '', ...official },
    { key: request.t('matters.guide'), value: /^https?:\/\//.test(matter.guide_url ?? '') ? matter.guide_url ?? '' : '', href: matter.guide_url ?? '' }
  ])
}

function glanceOf (request: FastifyRequest, matter: MatterRecord): Fact[] {
  const region = matter.region === null ? { label: matter.region_code, lang: undefined } : officialName(request, { name: matter.region, name_en: matter.region_en })
  return given([
    { key: request.t('facet.category'), value: request.t(`category.${matter.category}`) },
    { key: request.t('facet.level'), value: words(request, 'level', matter.levels) },
    { key: request.t('facet.region'), value: region.label },
    { key: request.t('facet.field'), value: matter.field ?? '', ...request.locale === 'en' ? { lang: 'zh-CN' } : {}, href: request.path('matters', [], { field: matter.field }) }
  ])
}

/** The article that a basis names: the longest label that begins it, else the plain one of that number. */
function articleOf (basis: BasisRecord, articles: ArticleRecord[]): ArticleRecord | undefined {
  const same = articles.filter(article => article.statute_id === basis.statute_id && article.article_no === basis.article_no)
  const named = same.filter(article => basis.article?.startsWith(article.label) === true)
  return named.sort((a, b) => b.label.length - a.label.length)[0] ?? same.find(article => article.sub_no === 0)
}

function basisView (request: FastifyRequest, basis: BasisRecord, articles: ArticleRecord[]): BasisView {
  const article = articleOf(basis, articles)
  const text = article?.body ?? basis.quoted_text
  return {
    law: basis.law_name.replace(/^《(.*)》$/u, '$1'),
    article: basis.article,
    lawHref: basis.slug === null ? null : request.path('statute', [basis.slug]),
    articleHref: basis.slug === null || article === undefined ? null : request.path('article', [basis.slug, articleNo(article)]),
    paragraphs: paragraphsOf(text),
    textDate: article === undefined ? null : basis.text_date,
    quoted: article === undefined && text !== null
  }
}

/** Paragraphs of one article that are cited one after the other share its text: 第三十五条第一款、第三十五条第二款. */
function joinParagraphs (bases: BasisView[]): BasisView[] {
  const joined: BasisView[] = []
  for (const basis of bases) {
    const last = joined.at(-1)
    if (last !== undefined && basis.articleHref !== null && last.articleHref === basis.articleHref) last.article = `${last.article ?? ''}、${basis.article ?? ''}`
    else joined.push(basis)
  }
  return joined
}
