import type { FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { listKind, type ItemField, type ListName } from '../../domain/records/list-kinds.ts'
import { localDate } from '../../domain/time/calendar.ts'
import { formatDate } from '../../i18n/format.ts'
import type { Frame } from '../../views.ts'
import { itemList, dataOf, valueView, type ItemData } from './list.ts'
import { officialName, type Label } from '../lists/labels.ts'
import { listCounts } from '../lists/engine/find.ts'
import { listItemBases, listItemMatters, listNearby, type ItemBasisRow, type ItemRow } from './repository.ts'
import { listTitle } from './service.ts'

/** One row of a summary list. */
export interface ItemFact { key: string, value?: string, href?: string, lang?: string, list?: Array<{ text: string, href?: string }>, unverified?: boolean }
type Validity = 'ended' | 'expired' | 'not_yet'

export interface ItemView extends Frame {
  list: { title: string, href: string }
  code: string
  heading: string
  agency: (Label & { href: string }) | null
  prominent: ItemFact[]
  facts: ItemFact[]
  validity: { state: Validity, on: string | null } | null
  unverified: boolean
  fictional: boolean
  matters: Array<{ code: string, name: string, category: string }>
  /** the same agency's, or the same district's, in this list */
  others: { label: string, href: string } | null
  nearby: Array<{ title: string, href: string, street: string }>
  complain: string | null
  phone: string | null
  version: number
  dataOn: string
  source: string
}

/** Everything that the page of a record shows, read from the description of its list. */
export async function describeItem (app: App, request: FastifyRequest, name: ListName, row: ItemRow): Promise<ItemView> {
  const data = dataOf(row)
  const list = { title: listTitle(request, name), href: request.path('list', [name]) }
  const fields = Object.entries(listKind(name).fields)
  return {
    title: row.title,
    breadcrumbs: [{ text: request.t('items.title'), href: request.path('lists') }, { text: list.title, href: list.href }, { text: row.title, lang: 'zh-CN' }],
    list,
    register: { set: name, code: row.code },
    code: row.code,
    heading: row.title,
    agency: row.agency === null ? null : { ...officialName(request, { name: row.agency, name_en: row.agency_en }), href: request.path('agency', [row.agency_slug ?? '']) },
    prominent: fields.filter(([, field]) => field.prominent === true).map(([key, field]) => factOf(request, key, field, data) ?? { key: label(request, key), value: '', unverified: true }),
    facts: [...commonFacts(request, name, row), ...fields.filter(([, field]) => field.prominent !== true).flatMap(([key, field]) => factOf(request, key, field, data) ?? []), ...await lastFacts(app, request, row)],
    validity: validityOf(row, localDate(app.now())),
    unverified: row.verified === 0,
    fictional: row.fictional === 1,
    matters: await listItemMatters(app.db, [row.id]),
    others: await othersOf(app, request, name, row),
    nearby: await nearbyOf(app, request, name, row, data),
    complain: row.agency_slug === null ? null : request.path('complain', [], { agency: row.agency_slug }),
    phone: typeof data['phone'] === 'string' ? data['phone'] : null,
    version: row.version,
    dataOn: row.updated_at,
    source: row.source
  }
}

const label = (request: FastifyRequest, key: string): string => request.t(`column.item_${key}`)
const official = (request: FastifyRequest): { lang?: string } => request.locale === 'en' ? { lang: 'zh-CN' } : {}

function factOf (request: FastifyRequest, key: string, field: ItemField, data: ItemData): ItemFact | undefined {
  const view = valueView(key, field, data)
  if (view === undefined) return undefined
  const fact = { key: label(request, key) }
  if (view.codes !== undefined) return { ...fact, value: view.codes.map(({ words, code }) => request.t(`${words}.${code}`)).join(request.t('ui.between')) }
  if (view.day !== undefined) return { ...fact, value: formatDate(request.locale, view.day) }
  const text = view.text ?? ''
  if (field.type === 'phone') return { ...fact, value: text, href: `tel:${text}` }
  return field.type === 'url' ? { ...fact, value: text, href: text } : { ...fact, value: text, ...official(request) }
}

function commonFacts (request: FastifyRequest, name: ListName, row: ItemRow): ItemFact[] {
  const { facets } = listKind(name)
  const region = row.region === null ? { label: row.region_code, lang: undefined } : officialName(request, { name: row.region, name_en: row.region_en })
  const period = [['effective_from', row.effective_from], ['effective_to', row.effective_to]] as const
  return [
    ...row.category === null ? [] : [{ key: label(request, 'category'), value: request.t(`category.${row.category}`) }],
    ...facets.includes('agency') && row.agency === null ? [{ key: label(request, 'agency'), value: request.t('items.general') }] : [],
    { key: label(request, 'region'), value: region.label },
    ...period.flatMap(([key, date]) => date === null ? [] : [{ key: label(request, key), value: formatDate(request.locale, date) }])
  ]
}

async function lastFacts (app: App, request: FastifyRequest, row: ItemRow): Promise<ItemFact[]> {
  const bases = await listItemBases(app.db, [row.id])
  return [
    bases.length === 0 ? { key: label(request, 'bases'), value: '', unverified: true } : { key: label(request, 'bases'), ...official(request), list: bases.map(basis => basisLink(request, basis)) },
    ...row.note === null ? [] : [{ key: label(request, 'note'), value: row.note, ...official(request) }]
  ]
}

/** To the article where the law library has it, else to the statute, else no link. */
function basisLink (request: FastifyRequest, { law_name: law, article, article_no: no, slug, article_count: count }: ItemBasisRow): { text: string, href?: string } {
  const text = `《${law}》${article ?? ''}`
  if (slug === null) return { text }
  const sub = /条之([一二三四五六七八九十])/.test(article ?? '')
  return { text, href: no !== null && !sub && no <= (count ?? 0) ? request.path('article', [slug, no]) : request.path('statute', [slug]) }
}

function validityOf (row: ItemRow, today: string): ItemView['validity'] {
  if (row.status !== 'in_force') return { state: 'ended', on: null }
  if (row.effective_to !== null && row.effective_to < today) return { state: 'expired', on: row.effective_to }
  return row.effective_from !== null && row.effective_from > today ? { state: 'not_yet', on: row.effective_from } : null
}

/** The way back to the list narrowed to this record's agency, or to its district. */
async function othersOf (app: App, request: FastifyRequest, name: ListName, row: ItemRow): Promise<ItemView['others']> {
  const [facet, value] = listKind(name).facets.includes('region') ? ['region', row.region_code] : ['agency', row.agency_slug ?? '']
  const count = (await listCounts(app.db, itemList(name)))[facet]?.get(value) ?? 0
  if (count < 2) return null
  const region = officialName(request, { name: row.region ?? row.region_code, name_en: row.region_en }).label
  return { label: facet === 'region' ? request.t('items.nearby_all', { region, count }) : request.t('items.agency_all', { count }), href: request.path('list', [name], { [facet]: value }) }
}

/** Others of the same street first, then of the same district; only where a list is looked up by place. */
async function nearbyOf (app: App, request: FastifyRequest, name: ListName, row: ItemRow, data: ItemData): Promise<ItemView['nearby']> {
  if (!listKind(name).facets.includes('region')) return []
  const rows = (await listNearby(app.db, row)).map(other => ({ title: other.title, href: request.path('listItem', [name, other.code]), street: String(dataOf(other)['street'] ?? '') }))
  const here = (other: { street: string }): number => other.street === data['street'] ? 0 : 1
  return rows.sort((a, b) => here(a) - here(b)).slice(0, 6)
}
