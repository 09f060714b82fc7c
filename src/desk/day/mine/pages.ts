import type { FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { absentFor } from '../../../complaints/allotment/absence/service.ts'
import { listFirst } from '../../../complaints/case/reading/repository.ts'
import { findMissingYear } from '../../../db/reckoner.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { allows, type Role } from '../../../domain/process/permissions.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../../case/casework/actor.ts'
import { findPreviousSignIn } from '../queue/repository.ts'
import { lineOf, type Line } from '../queue/rows.ts'
import { waitsOf, type Wait } from './service.ts'

interface Group { name: string, label: string, href: string, total: number, rows: Line[] }

declare module '../../../views.ts' {
  interface Views {
    'desk/mine/show': Frame & {
      today: string, missing: number | null, manages: boolean, previous: { at: string | null, failures: number }, handles: boolean, audits: boolean, waits: Wait[], calm: boolean, groups: Group[]
    }
  }
}

/** What waits for a person today; each group shows a few and leads to the whole. */
const GROUPS = [
  { name: 'overdue', filter: { view: 'overdue' } },
  { name: 'today', filter: { view: 'open', due: 'today' } },
  { name: 'week', filter: { view: 'open', due: 'week' } },
  { name: 'mine', filter: { view: 'unread' }, mine: true },
  { name: 'verify', filter: { view: 'verify' }, mine: true },
  { name: 'triage', filter: { view: 'triage' } },
  { name: 'quarantine', filter: { view: 'quarantine' } }
] as const
const SHOWN = 5

/** My day: what is due, what waits for one's own decision, what one looks after for somebody who is away. */
export async function minePages (app: App): Promise<void> {
  app.get(ROUTES.desk, { config: { permission: 'account.own', session: 'staff' } }, async (request, reply) => {
    const { actor } = request
    const role = actor?.role ?? null
    if (allows(role, 'agency.item')) return await reply.redirect(request.path('agencyItems'), 303)
    const handles = allows(role, 'complaint.list')
    const waits = handles ? await waitsOf(app, request, await clerkOf(app, request)) : []
    const groups = handles ? await groupsOf(app, request) : []
    return await reply.page('desk/mine/show', {
      title: request.t('nav.desk'),
      section: 'desk',
      today: localDate(app.now()),
      missing: await missingFor(app, role),
      manages: allows(role, 'calendar.manage'),
      previous: await findPreviousSignIn(app.db, actor?.id ?? 0),
      handles,
      audits: allows(role, 'audit.read'),
      waits,
      calm: handles && waits.length === 0 && groups.every(({ total }) => total === 0),
      groups
    })
  })
}

/** Whoever leads or keeps the calendar is told when the holidays of a year are missing. */
async function missingFor (app: App, role: Role | null): Promise<number | null> {
  return allows(role, 'extension.decide') || allows(role, 'calendar.manage') ? await findMissingYear(app.db, app.now()) : null
}

async function groupsOf (app: App, request: FastifyRequest): Promise<Group[]> {
  const today = localDate(app.now())
  const { id: me, bureauIds } = await clerkOf(app, request)
  const standIns = (await absentFor(app.db, me, today)).map(({ id, name }) => ({ name: `deputy-${id}`, label: request.t('day.deputy', { name }), filter: { view: 'open' as const, handler: id } }))
  const own = GROUPS.map(({ name, filter, ...group }) => ({ name, label: request.t(`day.${name}`), filter: { ...filter, ...'mine' in group ? { handler: me } : {} } }))
  const groups: Group[] = []
  for (const { name, label, filter } of [...standIns, ...own]) {
    const { rows, total } = await listFirst(app.db, { bureauIds, me, size: SHOWN, ...filter }, today)
    groups.push({ name, label, href: request.path('queue', [], filter), total, rows: rows.map(row => lineOf(request, row, today)) })
  }
  return groups
}
