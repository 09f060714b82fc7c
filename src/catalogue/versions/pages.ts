import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { isDate, localDate } from '../../domain/time/calendar.ts'
import { formatDate } from '../../i18n/format.ts'
import { pageNumber, pagerOf, slicePage, type Pager, type Span } from '../../pager.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import type { Label } from '../lists/labels.ts'
import { citationOf, describeContent, sourceOf, type ContentView } from '../matters/record.ts'
import { findMatter, type MatterRecord } from '../matters/repository.ts'
import { differencesOf, type Difference } from './compare/differences.ts'
import { showComparison } from './compare/page.ts'
import { listVersions, type VersionRow } from './repository.ts'
import { CompareQuery, DayParams, HistoryParams, HistoryQuery, VersionParams } from './schema.ts'
import { changeWord, endOf, publisherOf, readContents, readVersion, trailOf, versionOfDay, versionOfNumber, type Picked } from './service.ts'

interface Entry { version: number, at: string, change: string, by: Label, reason: string, file: string | null, changes: Difference[] | null, href: string, compare: string | null, present: boolean }

declare module '../../views.ts' {
  interface Views {
    'catalogue/versions/history': Frame & Span & { code: string, name: string, entries: Entry[], pager: Pager, date: string, dateType: 'date' | 'text', fault: string | null }
    'catalogue/versions/show': Frame & ContentView & {
      version: number, asked: string | null, from: string, until: string | null, present: boolean, change: string, reason: string, by: Label, links: Array<{ label: string, href: string }>, complain: string, source: Label, citation: string, address: string
    }
    'catalogue/versions/missing': Frame & { code: string, name: string, text: string, links: Array<{ label: string, href: string }> }
  }
}

const PER = 20

/** How a matter came to be what it is: all versions, each version by number and by day, and two beside each other. */
export async function versions (app: App): Promise<void> {
  app.get(ROUTES.matterHistory, { schema: { params: HistoryParams, querystring: HistoryQuery }, config: { permission: 'public' } }, async (request, reply) => {
    const matter = await findMatter(app.db, request.params.code)
    if (matter === undefined) return await unknown(request, reply, request.params.code)
    const { date, page } = request.query
    if (date !== undefined && isDate(date)) return await reply.redirect(request.path('matterOn', [matter.code, date]), 302)
    if (date !== undefined) reply.code(400)
    return await showHistory(app, request, reply, { matter, page: pageNumber(page), date: date ?? '' })
  })

  app.get(ROUTES.matterVersion, { schema: { params: VersionParams }, config: { permission: 'public' } }, async (request, reply) => {
    const { code, version } = request.params
    const matter = await findMatter(app.db, code)
    if (matter === undefined) return await unknown(request, reply, code)
    const all = await listVersions(app.db, matter.id)
    return await showPicked({ app, request, reply, matter, all }, versionOfNumber(all, version), null)
  })

  app.get(ROUTES.matterOn, { schema: { params: DayParams }, config: { permission: 'public' } }, async (request, reply) => {
    const { code, date } = request.params
    const matter = await findMatter(app.db, code)
    if (matter === undefined) return await unknown(request, reply, code)
    if (isDate(date) && date > localDate(app.now())) return await reply.redirect(request.path('matter', [code]), 302)
    const all = await listVersions(app.db, matter.id)
    return await showPicked({ app, request, reply, matter, all }, versionOfDay(all, date), date)
  })

  app.get(ROUTES.matterCompare, { schema: { params: HistoryParams, querystring: CompareQuery }, config: { permission: 'public' } }, async (request, reply) => {
    const matter = await findMatter(app.db, request.params.code)
    return matter === undefined ? await unknown(request, reply, request.params.code) : await showComparison({ app, request, matter }, reply, request.query)
  })
}

async function unknown (request: FastifyRequest, reply: FastifyReply, code: string): Promise<string> {
  return await reply.code(404).page('catalogue/matters/missing', { title: request.t('matters.missing'), section: 'matters', noindex: true, hideSearch: true, code })
}

async function showHistory (app: App, request: FastifyRequest, reply: FastifyReply, { matter, page: wanted, date }: { matter: MatterRecord, page: number, date: string }): Promise<string> {
  const all = await listVersions(app.db, matter.id)
  const { items, page, pages, span } = slicePage(all, wanted, PER)
  const contents = await readContents(app.db, matter, [...items.map(row => row.version), (items.at(-1)?.version ?? 0) - 1])
  const changesIn = (version: number): Difference[] | null => {
    const [before, after] = [contents.get(version - 1), contents.get(version)]
    return before === undefined || after === undefined ? null : differencesOf(request, before, after)
  }
  const heading = request.t('versions.history')
  return await reply.page('catalogue/versions/history', {
    title: request.t('versions.history_title', { name: matter.name }),
    ...trailOf(request, matter, heading),
    register: { set: 'matters', code: matter.code },
    code: matter.code,
    name: matter.name,
    entries: items.map(row => ({
      version: row.version,
      at: row.recorded_at,
      change: changeWord(request, row.change),
      by: publisherOf(request, row.actor),
      reason: row.reason,
      file: row.file_name,
      changes: changesIn(row.version),
      href: request.path('matterVersion', [matter.code, row.version]),
      compare: row.version > 1 ? request.path('matterCompare', [matter.code], { from: row.version - 1, to: row.version }) : null,
      present: row.version === matter.version
    })),
    pager: pagerOf(page, pages, number => request.path('matterHistory', [matter.code], { page: number === 1 ? '' : number })),
    ...span,
    date,
    dateType: date === '' ? 'date' : 'text', // a date field takes no day that does not exist
    fault: date === '' ? null : request.t('versions.fault_date', { asked: date })
  })
}

interface Showing { app: App, request: FastifyRequest, reply: FastifyReply, matter: MatterRecord, all: VersionRow[] }

/** A version, or why there is none; `asked` is the day of an address by day. */
async function showPicked (showing: Showing, picked: Picked, asked: string | null): Promise<string> {
  const { app, request, reply, matter, all } = showing
  const read = picked.row === undefined ? null : await readVersion(app.db, request, matter, picked.row.version, asked ?? localDate(picked.row.recorded_at))
  if (picked.row === undefined || read === null) return await showMissing(showing, picked.fault ?? 'none', asked)
  const { row } = picked
  const { content, bases } = read
  const title = asked === null ? request.t('versions.title', { name: content.name, version: row.version }) : request.t('versions.title_on', { name: content.name, date: formatDate(request.locale, asked) })
  return await reply.page('catalogue/versions/show', {
    title,
    ...trailOf(request, matter, request.t('versions.no', { version: row.version })),
    ...describeContent(request, content, bases),
    version: row.version,
    asked,
    from: row.recorded_at,
    until: endOf(all, row.version),
    present: row.version === matter.version,
    change: changeWord(request, row.change),
    reason: row.reason,
    by: publisherOf(request, row.actor),
    links: linksOf(request, matter, all, row.version),
    complain: request.path('complain', [], { matter: matter.code }),
    source: sourceOf(request, content),
    citation: citationOf(app, request, content, row.version),
    address: app.address(request.locale, 'matterVersion', [matter.code, row.version])
  })
}

/** From a version to the present one, to its neighbours and to what changed since. */
function linksOf (request: FastifyRequest, { code, version: present }: MatterRecord, all: VersionRow[], version: number): Array<{ label: string, href: string }> {
  const [older, newer] = [all.find(row => row.version < version), all.findLast(row => row.version > version)]
  const toVersion = (row: VersionRow | undefined, word: string) => row === undefined ? [] : [{ label: request.t(word, { version: row.version }), href: request.path('matterVersion', [code, row.version]) }]
  return [
    { label: request.t('versions.to_present'), href: request.path('matter', [code]) },
    ...toVersion(older, 'versions.to_older'),
    ...toVersion(newer, 'versions.to_newer'),
    ...version === present ? [] : [{ label: request.t('versions.to_compare'), href: request.path('matterCompare', [code], { from: version, to: present }) }],
    { label: request.t('versions.to_history'), href: request.path('matterHistory', [code]) }
  ]
}

async function showMissing ({ request, reply, matter, all }: Showing, fault: NonNullable<Picked['fault']>, asked: string | null): Promise<string> {
  const first = all.at(-1)
  const day = first === undefined ? '' : localDate(first.recorded_at)
  return await reply.code(fault === 'date' ? 400 : 404).page('catalogue/versions/missing', {
    title: request.t('versions.missing'),
    ...trailOf(request, matter, request.t('versions.missing')),
    code: matter.code,
    name: matter.name,
    text: request.t(`versions.fault_${fault}`, { asked: asked !== null && isDate(asked) ? formatDate(request.locale, asked) : (asked ?? '').slice(0, 40), first: day === '' ? '' : formatDate(request.locale, day), count: all.length, present: matter.version }),
    links: [
      { label: request.t('versions.to_present'), href: request.path('matter', [matter.code]) },
      ...fault === 'before_first' ? [{ label: request.t('versions.to_first'), href: request.path('matterOn', [matter.code, day]) }] : [],
      { label: request.t('versions.to_history'), href: request.path('matterHistory', [matter.code]) }
    ]
  })
}
