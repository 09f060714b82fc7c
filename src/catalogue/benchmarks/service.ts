import type { FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import type { Db } from '../../db/schema.ts'
import { articleOf } from '../../domain/records/citations.ts'
import { type BenchmarkRecord, type DiscretionRecord, type FineRule, type Tier, versionHeldOn } from '../../domain/records/benchmarks.ts'
import { tierRange, TIMES, type FenRange } from '../../domain/records/fine-check.ts'
import { isDate } from '../../domain/time/calendar.ts'
import { formatMoney, formatNumber } from '../../i18n/format.ts'
import { registerNames } from '../agencies/repository.ts'
import { articleNo } from '../law/service.ts'
import { officialName, type Label } from '../lists/labels.ts'
import { listBenchmarksOf, listMattersOf, statuteSlugs, type Version } from './repository.ts'

export interface TierView { tier: string, label: string, circumstances: string, match: string, conditions: string[], kinds: string, measures: string | null, range: string, floor: string, ceiling: string }
export interface BasisLink { label: string, href: string | null }
export interface MatterLink extends Label { code: string, agency: Label, ended: boolean }
export interface BenchmarkView { code: string, violation: string, list: string, from: string, fictional: boolean, verified: boolean, tiers: TierView[], legalText: string | null, bases: DiscretionRecord['bases'] }

/** A number of yuan as decisions write it (fen). */
export function amountText (request: FastifyRequest, fen: number): string {
  if (request.locale === 'en') return formatMoney('en', fen)
  const yuan = fen / 100
  return yuan >= 10_000 && yuan % 100 === 0 ? request.t('fine_amount.wan', { count: formatNumber('zh-CN', yuan / 10_000) }) : request.t('fine_amount.yuan', { count: formatNumber('zh-CN', yuan) })
}

/** A multiple (ten-thousandths of the base amount). */
function timesText (request: FastifyRequest, value: number): string {
  return value < TIMES ? request.t('fine_amount.percent', { count: formatNumber(request.locale, value * 100 / TIMES) }) : request.t('fine_amount.times', { count: formatNumber(request.locale, value / TIMES) })
}

/** Which sentence says a range: with both ends, one, or none; open ends do not include their number. */
function shapeOf ({ floor, ceiling, floorOpen, ceilingOpen }: { floor: boolean, ceiling: boolean, floorOpen: boolean, ceilingOpen: boolean }): string {
  if (floor && ceiling) return `between${floorOpen ? '_over' : ''}${ceilingOpen ? '_below' : ''}`
  return ceiling ? (ceilingOpen ? 'below' : 'upto') : (floorOpen ? 'over' : 'from')
}

/** A range in fen: 5万元以上、不满6.5万元. */
export function rangeText (request: FastifyRequest, { floor, ceiling, floorOpen, ceilingOpen }: FenRange): string {
  if (ceiling === 0) return request.t('fine_range.none')
  const shape = shapeOf({ floor: floor > 0, ceiling: ceiling !== null, floorOpen, ceilingOpen })
  return request.t(`fine_range.${shape}`, { floor: amountText(request, floor), ceiling: amountText(request, ceiling ?? 0) })
}

/** What a rule says by itself: amounts, or multiples of a base amount. */
export function ruleText (request: FastifyRequest, rule: FineRule): string {
  const { unit, floor, ceiling } = rule
  if (unit === null || (floor === null && ceiling === null)) return ''
  const text = (value: number | null): string => unit === 'times' ? timesText(request, value ?? 0) : amountText(request, value ?? 0)
  const shape = shapeOf({ floor: (floor ?? 0) > 0, ceiling: ceiling !== null, floorOpen: rule.floor_open === 1, ceilingOpen: rule.ceiling_open === 1 })
  const range = request.t(`fine_range.${shape}`, { floor: text(floor), ceiling: text(ceiling) })
  return unit === 'times' ? request.t('fine_range.of_base', { base: request.t(`base_amount.${rule.base ?? 'other'}`), range }) : range
}

/** One tier as a row of a table. */
export function tierView (request: FastifyRequest, tier: Tier): TierView {
  const range = tierRange(tier, null)
  const spared = typeof range !== 'string' && range.ceiling === 0
  const end = (value: number | null): string => value === null ? '' : tier.unit === 'times' ? timesText(request, value) : formatMoney(request.locale, value)
  return {
    tier: tier.tier,
    label: request.t(`tier.${tier.tier}`),
    circumstances: tier.circumstances,
    match: tier.conditions.length > 1 ? request.t(`match.${tier.match}`) : '',
    conditions: tier.conditions,
    kinds: (tier.kinds ?? '').split(' ').filter(kind => kind !== '').map(kind => request.t(`penalty_kind.${kind}`)).join(request.t('ui.between')),
    measures: tier.measures,
    range: spared ? request.t('fine_range.none') : ruleText(request, tier),
    floor: spared ? '' : end(tier.floor),
    ceiling: spared ? '' : end(tier.ceiling)
  }
}

/** A list and its version in one line. */
export function listText ({ list_name: name, list_version: version }: Pick<DiscretionRecord, 'list_name' | 'list_version'>): string {
  return [name, version].filter(part => part !== null).join(' ')
}

/** Whether a quoted clause breaks off before the items that it announces. */
export function isExcerpt (text: string | null): boolean {
  return text !== null && /[：:]\s*$/.test(text)
}

/** The benchmarks of a matter with their tiers, for the page of the matter. */
export async function benchmarksOfMatter (db: Db, request: FastifyRequest, matter: { code: string, base_code: string | null }): Promise<BenchmarkView[]> {
  return (await listBenchmarksOf(db, matter)).map(({ state }) => ({
    code: state.code,
    violation: state.violation,
    list: listText(state),
    from: state.effective_from,
    fictional: state.fictional === 1,
    verified: state.verified === 1,
    tiers: state.tiers.map(tier => tierView(request, tier)),
    legalText: state.legal_text,
    bases: state.bases
  }))
}

/** The penalty clauses that a record rests on, with their places in the law library. */
export async function basisLinks (app: App, request: FastifyRequest, bases: DiscretionRecord['bases']): Promise<BasisLink[]> {
  const slugs = await statuteSlugs(app.db, bases.map(basis => basis.law_key))
  return bases.map(basis => {
    const slug = slugs.get(basis.law_key)
    const place = basis.article === null ? null : articleOf(basis.article)
    const href = slug === undefined ? null : place === null ? request.path('statute', [slug]) : request.path('article', [slug, articleNo({ article_no: place.article, sub_no: place.sub })])
    return { label: `《${basis.law_name.replace(/[《》]/g, '')}》${basis.article ?? ''}`, href }
  })
}

/** The matters that a record is about. */
export async function matterLinks (app: App, request: FastifyRequest, keys: string[]): Promise<MatterLink[]> {
  return (await listMattersOf(app.db, keys)).map(row => ({ code: row.code, ...officialName(request, { name: row.name, name_en: null }), agency: officialName(request, { name: row.agency, name_en: row.agency_en }), ended: row.status !== 'in_force' }))
}

/** What an agency is called in the reader's language, with the address of its page. */
export async function agencyLink (app: App, request: FastifyRequest, id: number): Promise<Label & { href: string } | null> {
  const agency = (await registerNames(app.db)).agencies.find(one => one.id === id)
  return agency === undefined ? null : { ...officialName(request, agency), href: request.path('agency', [agency.slug]) }
}

/** The state that an address asks for: a version, a day, or else the present one; undefined where there is no such state. */
export function chooseVersion<R extends DiscretionRecord> (versions: Array<Version<R>>, query: { version?: unknown, on?: unknown }): Version<R> | undefined {
  if (query.version !== undefined) return versions.find(({ version }) => String(version) === query.version)
  if (query.on === undefined) return versions[0]
  return typeof query.on === 'string' && isDate(query.on) ? versionHeldOn(versions, query.on) : undefined
}

export type { BenchmarkRecord }
