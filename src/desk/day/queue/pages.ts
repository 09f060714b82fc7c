import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { listQueue } from '../../../complaints/case/reading/repository.ts'
import { clerkOf } from '../../case/casework/actor.ts'
import { recordSearch } from '../../upkeep/audit/service.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { allows } from '../../../domain/process/permissions.ts'
import { hasWord } from '../../../i18n/index.ts'
import { ROUTES } from '../../../paths.ts'
import { pagerOf, type Pager } from '../../../pager.ts'
import type { Frame } from '../../../views.ts'
import { MOST_ROWS } from '../../../complaints/work/bulk/service.ts'
import { readHabits, shortcutsOf, type Shortcut } from '../../account/habits/service.ts'
import { actsFor } from '../bulk/choices.ts'
import { readViews } from '../saved-views/service.ts'
import { chipsOf, panelOf, savedOf, tabsOf, type Panel, type Saved } from './panel.ts'
import { listComplainedAgencies, listHandlers, listSupervisorNames } from './repository.ts'
import { lineOf, type Line } from './rows.ts'
import { columnsOf, filterOf, QueueQuery, writeList, type Column } from './schema.ts'

interface Tab { label: string, href: string, count: number, current: boolean }

declare module '../../../views.ts' {
  interface Views {
    'desk/queue/list': Frame & {
      view: string, q: string, size: number | null, tabs: Tab[], saved: Saved, list: string, notice: string | null, shortcuts: Shortcut[], claims: boolean, shows: Partial<Record<Column, true>>, panel: Panel, chips: Array<{ label: string, href: string }>, clear: string
      acts: Array<{ value: string, label: string }>, most: number, rows: Line[], total: number, from: number, to: number, pager: Pager
    }
  }
}

/** Saved views that stand beside a list with their counts; the rest has a page of its own. */
const BESIDE = 8

/** The list of cases. */
export async function queuePages (app: App): Promise<void> {
  app.get(ROUTES.queue, { schema: { querystring: QueueQuery }, config: { permission: 'complaint.list', session: 'staff' } }, async (request, reply) => {
    return await showQueue(app, request, reply, request.query)
  })
}

/** What was done to a case before one came back to the list. */
function noticeOf (request: FastifyRequest, done: string | undefined, about: string | undefined): string | null {
  const key = `case_done.${done ?? ''}`
  return about !== undefined && hasWord(request.locale, key) ? request.t('after.done', { ref: about, text: request.t(key) }) : null
}

async function showQueue (app: App, request: FastifyRequest, reply: FastifyReply, { done, about, ...query }: QueueQuery): Promise<string> {
  const today = localDate(app.now())
  const clerk = await clerkOf(app, request)
  const { bureauIds } = clerk
  const view = query.view ?? 'open'
  const columns = columnsOf(query)
  const queue = await listQueue(app.db, filterOf(query, clerk), today)
  const supervisors = columns.includes('supervisors') ? await listSupervisorNames(app.db, queue.rows.map(row => row.ref)) : new Map<string, string[]>()
  const views = await readViews(app, { ...clerk, bureauId: request.actor?.bureauId ?? 0 }, today, BESIDE)
  if (query.q !== undefined && query.page === undefined && request.actor !== null) await recordSearch(app, { ...request.actor, requestId: request.id }, { q: query.q, total: queue.total }, app.now())
  const panel = panelOf(request, query, queue, { agencies: await listComplainedAgencies(app.db, bureauIds), handlers: await listHandlers(app.db, bureauIds) })
  const from = (queue.page - 1) * queue.size + 1
  return await reply.page('desk/queue/list', {
    title: request.t('queue.title', { view: request.t(`queue_view.${view}`) }),
    section: 'queue',
    view,
    q: query.q ?? '',
    size: query.size ?? null,
    tabs: tabsOf(request, queue, query.saved === undefined ? view : ''),
    saved: savedOf(request, query, views),
    list: writeList(query),
    shows: Object.fromEntries(columns.map(column => [column, true])),
    panel,
    notice: noticeOf(request, done, about),
    shortcuts: (await readHabits(app, clerk.id)).keys ? shortcutsOf(request) : [],
    claims: allows(clerk.role, 'complaint.claim'),
    chips: chipsOf(request, query, panel),
    clear: request.path('queue', [], { view }),
    acts: actsFor(clerk.role).map(value => ({ value, label: request.t(`bulk_act.${value}`) })),
    most: MOST_ROWS,
    rows: queue.rows.map(row => lineOf(request, row, today, { supervisors: supervisors.get(row.ref), list: writeList(query) })),
    total: queue.total,
    from,
    to: from + queue.rows.length - 1,
    pager: pagerOf(queue.page, queue.pages, page => request.path('queue', [], { ...query, page }))
  })
}
