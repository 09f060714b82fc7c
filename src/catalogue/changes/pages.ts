import type { FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { CHANGES, codesOf } from '../../domain/records/enumerations.ts'
import { isDate } from '../../domain/time/calendar.ts'
import { formatDate, formatNumber } from '../../i18n/format.ts'
import { hasWord } from '../../i18n/index.ts'
import { pageNumber, pagerOf, type Pager, type Span } from '../../pager.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame, Views } from '../../views.ts'
import { dayCounts, listChanges, type Changed, type DayCount } from './repository.ts'
import { ChangesQuery } from './schema.ts'
import { CHANGE_SETS, COUNTED, namesOfChanged } from './sets.ts'

interface Link { label: string, href: string }
interface Entry { change: string, set: string, name: string, lang: string | undefined, href: string | null, version: number, versionHref: string | null, reason: string }
interface Option { value: string, label: string, count: number, checked: boolean }
interface Table { columns: Array<{ label: string, numeric?: boolean }>, rows: Array<{ cells: Array<{ text: string }> }> }

declare module '../../views.ts' {
  interface Views {
    'catalogue/changes/list': Frame & Span & {
      action: string, facets: Array<{ name: string, legend: string, options: Option[], more: Option[] }>, chips: Link[], clear: string
      day: string | null, asked: string, dateType: 'date' | 'text', fault: string | null, entries: Entry[], counted: string[], pager: Pager, newer: Link | null, older: Link | null, days: Array<Link & { count: number }>, years: Table
    }
  }
}

const PER = 50
/** Days offered beside the one that is shown. */
const DAYS = 12
const CHANGE_KINDS = codesOf(CHANGES)

/** What was published, day by day, and how much of each kind in a year. */
export async function changes (app: App): Promise<void> {
  app.get(ROUTES.changes, { schema: { querystring: ChangesQuery }, config: { permission: 'public', limit: 'search' } }, async (request, reply) => {
    const { query } = request
    if (query.day !== undefined && !isDate(query.day)) reply.code(400)
    return await reply.page('catalogue/changes/list', await describeChanges(app, request))
  })
}

async function describeChanges (app: App, request: FastifyRequest<{ Querystring: ChangesQuery }>): Promise<Views['catalogue/changes/list']> {
  const { query } = request
  const all = await dayCounts(app.db)
  const found = all.filter(row => passes(row, query, 'set') && passes(row, query, 'change'))
  const days = daysOf(found)
  const fault = query.day === undefined || isDate(query.day) ? null : request.t('changes.fault_day', { asked: query.day.slice(0, 40) })
  const at = placeOf(days, fault === null ? query.day : undefined)
  const day = days[at]?.day ?? null
  return {
    title: day === null ? request.t('changes.title') : request.t('changes.title_day', { date: formatDate(request.locale, day) }),
    noindex: query.set !== undefined || query.change !== undefined || query.page !== undefined,
    hideSearch: true,
    action: request.path('changes'),
    ...panelOf(request, all, query),
    day,
    asked: query.day ?? '',
    fault,
    dateType: fault === null ? 'date' : 'text', // a date field takes no day that does not exist
    ...day === null ? NO_DAY : await showDay(app, request, found.filter(row => row.day === day), day),
    newer: linkTo(request, query, days[at - 1]?.day),
    older: linkTo(request, query, day === null ? undefined : days[at + 1]?.day),
    days: days.slice(0, DAYS).map(row => ({ ...addressed(request, query, row.day), count: row.count })),
    years: yearsOf(request, found)
  }
}

/** The newest day up to the one that was asked for, or the newest of all. */
function placeOf (days: Array<{ day: string }>, asked: string | undefined): number {
  return asked === undefined ? 0 : days.findIndex(({ day }) => day <= asked)
}

const NO_DAY = { entries: [], counted: [], pager: { items: [], previous: null, next: null }, total: 0, from: 0, to: 0 }

const valueOf = (row: DayCount, facet: 'set' | 'change'): string => facet === 'set' ? row.kind : row.change
const passes = (row: DayCount, query: ChangesQuery, facet: 'set' | 'change'): boolean => query[facet]?.includes(valueOf(row, facet)) ?? true

function daysOf (rows: DayCount[]): Array<{ day: string, count: number }> {
  const counts = new Map<string, number>()
  for (const { day, count } of rows) counts.set(day, (counts.get(day) ?? 0) + count)
  return Array.from(counts, ([day, count]) => ({ day, count }))
}

/** The changes of one day: records by name, and how many there were of those that are not named. */
async function showDay (app: App, request: FastifyRequest<{ Querystring: ChangesQuery }>, rows: DayCount[], day: string) {
  const { query } = request
  const named = rows.filter(row => row.kind in CHANGE_SETS)
  const total = named.reduce((sum, row) => sum + row.count, 0)
  const pages = Math.max(1, Math.ceil(total / PER))
  const page = Math.min(pageNumber(query.page), pages)
  const found = await listChanges(app.db, day, { kinds: [...new Set(named.map(row => row.kind))], changes: [...new Set(named.map(row => row.change))], limit: PER, offset: (page - 1) * PER })
  return {
    entries: await entriesOf(app, request, found),
    counted: rows.filter(row => !(row.kind in CHANGE_SETS)).map(row => request.t('changes.counted', { set: setWord(request, row.kind), change: changeWord(request, row.change), count: formatNumber(request.locale, row.count) })),
    pager: pagerOf(page, pages, number => request.path('changes', [], { ...kept(query), day, page: number === 1 ? '' : number })),
    total,
    from: (page - 1) * PER + 1,
    to: (page - 1) * PER + found.length
  }
}

async function entriesOf (app: App, request: FastifyRequest, found: Changed[]): Promise<Entry[]> {
  const kinds = Map.groupBy(found, row => row.kind)
  const names = new Map(await Promise.all(Array.from(kinds, async ([kind, rows]) => [kind, await namesOfChanged(app.db, kind, [...new Set(rows.map(row => row.recordId))])] as const)))
  return found.map(row => {
    const record = names.get(row.kind)?.get(row.recordId)
    return {
      change: row.change,
      set: setWord(request, row.kind),
      name: record?.name ?? request.t('changes.unnamed', { set: setWord(request, row.kind), no: record?.params.at(-1) ?? row.recordId }),
      lang: request.locale === 'en' && record?.name !== null && record !== undefined ? 'zh-CN' : undefined,
      href: record === undefined || record.route === null ? null : request.path(record.route, record.params),
      version: row.version,
      versionHref: row.kind === 'matter' && record !== undefined ? request.path('matterVersion', [...record.params, row.version]) : null,
      reason: row.reason
    }
  })
}

const kept = (query: ChangesQuery) => ({ set: query.set ?? [], change: query.change ?? [] })

function addressed (request: FastifyRequest, query: ChangesQuery, day: string): Link {
  return { label: formatDate(request.locale, day), href: request.path('changes', [], { ...kept(query), day }) }
}

function linkTo (request: FastifyRequest, query: ChangesQuery, day: string | undefined): Link | null {
  return day === undefined ? null : addressed(request, query, day)
}

function setWord (request: FastifyRequest, kind: string): string {
  return hasWord(request.locale, `change_set.${kind}`) ? request.t(`change_set.${kind}`) : kind
}

function changeWord (request: FastifyRequest, change: string): string {
  return hasWord(request.locale, `change_kind.${change}`) ? request.t(`change_kind.${change}`) : change
}

/** The filters with what each value would give under the other filter. */
function panelOf (request: FastifyRequest, all: DayCount[], query: ChangesQuery) {
  const facets = (['set', 'change'] as const).map(name => {
    const other = name === 'set' ? 'change' : 'set'
    const counts = new Map<string, number>()
    for (const row of all) if (passes(row, query, other)) counts.set(valueOf(row, name), (counts.get(valueOf(row, name)) ?? 0) + row.count)
    const order = name === 'set' ? [...Object.keys(CHANGE_SETS), ...COUNTED] : CHANGE_KINDS
    const options = order.filter(value => counts.has(value) || query[name]?.includes(value) === true)
      .map(value => ({ value, label: name === 'set' ? setWord(request, value) : changeWord(request, value), count: counts.get(value) ?? 0, checked: query[name]?.includes(value) === true }))
    return { name, legend: request.t(`changes.facet_${name}`), options, more: [] }
  })
  const chips = facets.flatMap(({ name, options }) => options.filter(option => option.checked).map(option => ({
    label: option.label, href: request.path('changes', [], { ...kept(query), [name]: (query[name] ?? []).filter(value => value !== option.value) })
  })))
  return { facets, chips, clear: request.path('changes') }
}

/** How many changes of each kind there were in each year. */
function yearsOf (request: FastifyRequest, rows: DayCount[]): Table {
  const years = Map.groupBy(rows, row => row.day.slice(0, 4))
  return {
    columns: [{ label: request.t('changes.year') }, ...CHANGE_KINDS.map(change => ({ label: changeWord(request, change), numeric: true }))],
    rows: Array.from(years, ([year, found]) => ({
      cells: [{ text: year }, ...CHANGE_KINDS.map(change => ({ text: formatNumber(request.locale, found.reduce((sum, row) => row.change === change ? sum + row.count : sum, 0)) }))]
    })).slice(0, 20)
  }
}
