import type { FastifyRequest } from 'fastify'
import { RECTIFICATIONS, SORTS, VIEWS, type Queue } from '../../../complaints/case/reading/repository.ts'
import { FLAGS } from '../../../complaints/following/requests/repository.ts'
import { GROUNDS } from '../../../domain/process/grounds.ts'
import { PRIORITIES } from '../../../domain/work/priorities.ts'
import { SOURCES } from '../../../domain/process/sources.ts'
import { STATUSES } from '../../../domain/process/workflow.ts'
import type { Option } from './repository.ts'
import { MOST_COUNTED, type SavedView } from '../saved-views/service.ts'
import { COLUMNS, columnsOf, DUES, SIZES, writeList, type QueueQuery } from './schema.ts'

interface Choice { value: string, label: string, selected: boolean, lang?: string }
/** Views beside a list; `keep` leads to where this list is kept, `change` is the opened view while the list differs from it. */
export interface Saved { items: Array<{ name: string, href: string, count: string | null, current: boolean }>, keep: string, all: string, change: { name: string, shared: boolean, version: number, href: string } | null }
interface Chip { label: string, href: string, lang?: string }

/** Tabs with counts, keeping nothing but the view: a new view begins with a clean filter. */
export function tabsOf (request: FastifyRequest, queue: Queue, view: string): Array<{ label: string, href: string, count: number, current: boolean }> {
  return VIEWS.map(name => ({ label: request.t(`queue_view.${name}`), href: name === 'quarantine' ? request.path('quarantine') : request.path('queue', [], { view: name }), count: queue.views[name], current: name === view }))
}

/** The views that somebody keeps, with their counts. */
export function savedOf (request: FastifyRequest, query: QueueQuery, views: readonly SavedView[]): Saved {
  const list = writeList(query)
  const opened = views.find(({ id }) => id === query.saved)
  return {
    items: views.filter(view => view.list !== null).map(({ id, name, count }) => ({ name, href: request.path('savedView', [id]), count: count === null || count < MOST_COUNTED ? String(count ?? '') : request.t('saved_view.many'), current: id === query.saved })),
    keep: request.path('savedViews', [], { list }),
    all: request.path('savedViews'),
    change: opened?.list === null || opened?.editable !== true || writeList(opened.list) === list ? null : { name: opened.name, shared: opened.shared, version: opened.version, href: request.path('savedViewEdit', [opened.id]) }
  }
}

/** The filter panel: each choice as a word, the chosen one marked. */
export function panelOf (request: FastifyRequest, query: QueueQuery, queue: Queue, options: { agencies: Option[], handlers: Option[] }) {
  const english = request.locale === 'en'
  const named = (items: Option[], chosen: number | string | undefined): Choice[] => items.map(({ id, name, nameEn }) => ({ value: String(id), selected: id === chosen, ...english && typeof nameEn === 'string' ? { label: nameEn } : { label: name, ...english ? { lang: 'zh-CN' } : {} } }))
  const coded = (prefix: string, codes: readonly string[], chosen: string | undefined): Choice[] =>
    codes.map(code => ({ value: code, label: request.t(`${prefix}.${code}`), selected: code === chosen }))
  return {
    statuses: STATUSES.map(status => ({ value: status, label: request.t(`status.${status}`), count: queue.counts[status], checked: query.status?.includes(status) === true })),
    agencies: named(options.agencies, query.agency),
    handlers: [{ value: 'none', label: request.t('queue.nobody'), selected: query.handler === 'none' }, ...named(options.handlers, query.handler)],
    grounds: coded('ground', Object.keys(GROUNDS), query.ground),
    sources: coded('source', Object.keys(SOURCES), query.source),
    dues: coded('queue_due', DUES, query.due),
    flags: coded('flag', FLAGS, query.flag),
    rectifications: coded('queue_rectify', RECTIFICATIONS, query.rectify),
    priorities: coded('priority', PRIORITIES, query.priority),
    fresh: [{ value: '1', label: request.t('queue.unread'), checked: query.unread === 1 }],
    columns: COLUMNS.map(column => ({ value: column, label: request.t(`queue_column.${column}`), checked: columnsOf(query).includes(column) })),
    sorts: coded('queue_sort', SORTS, query.sort),
    sizes: SIZES.map(size => ({ value: String(size), label: request.t('queue.size', { size }), selected: size === (query.size ?? SIZES[0]) }))
  }
}
export type Panel = ReturnType<typeof panelOf>

/** What narrows the list, each with the address of the list without it. */
export function chipsOf (request: FastifyRequest, query: QueueQuery, panel: Panel): Chip[] {
  const without = (change: Partial<Record<keyof QueueQuery, undefined>> | { status: string[] }): string => request.path('queue', [], { ...query, page: undefined, ...change })
  const picked = (items: Choice[], fallback: string): { label: string, lang?: string } => {
    const item = items.find(item => item.selected)
    return item === undefined ? { label: fallback } : { label: item.label, ...item.lang === undefined ? {} : { lang: item.lang } }
  }
  return [
    ...(query.status ?? []).map(status => ({ label: request.t(`status.${status}`), href: without({ status: (query.status ?? []).filter(other => other !== status) }) })),
    ...query.agency === undefined ? [] : [{ ...picked(panel.agencies, request.t('queue.agency')), href: without({ agency: undefined }) }],
    ...query.ground === undefined ? [] : [{ ...picked(panel.grounds, ''), href: without({ ground: undefined }) }],
    ...query.handler === undefined ? [] : [{ ...picked(panel.handlers, request.t('queue.handler')), href: without({ handler: undefined }) }],
    ...query.source === undefined ? [] : [{ ...picked(panel.sources, ''), href: without({ source: undefined }) }],
    ...query.flag === undefined ? [] : [{ ...picked(panel.flags, ''), href: without({ flag: undefined }) }],
    ...query.unread === undefined ? [] : [{ label: request.t('queue.unread'), href: without({ unread: undefined }) }],
    ...query.rectify === undefined ? [] : [{ ...picked(panel.rectifications, ''), href: without({ rectify: undefined }) }],
    ...query.priority === undefined ? [] : [{ ...picked(panel.priorities, ''), href: without({ priority: undefined }) }],
    ...query.due === undefined ? [] : [{ ...picked(panel.dues, ''), href: without({ due: undefined }) }],
    ...query.q === undefined ? [] : [{ label: query.q, lang: 'zh-CN', href: without({ q: undefined }) }]
  ]
}
