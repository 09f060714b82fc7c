import type { App } from '../../../app.ts'
import { listAway, listPeople } from '../../../complaints/allotment/absence/service.ts'
import { listLoads } from '../../../complaints/allotment/workload/repository.ts'
import { CASEWORK } from '../../../domain/process/permissions.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../../case/casework/actor.ts'

interface Line { id: number, name: string, role: string, bureau: string, open: number, week: number, overdue: number, until: string | null, deputy: string | null, next: boolean, href: string, change: string }

declare module '../../../views.ts' {
  interface Views { 'desk/workload/show': Frame & { lines: Line[], unassigned: { open: number, overdue: number, href: string }, next: string | null } }
}

/** What each has in hand, and who might take the next: a suggestion, never more (features.md T8). */
export async function workloadPages (app: App): Promise<void> {
  app.get(ROUTES.workload, { config: { permission: 'complaint.assign', session: 'staff' } }, async (request, reply) => {
    const clerk = await clerkOf(app, request)
    const today = localDate(app.now())
    const people = await listPeople(app.db, clerk.bureauIds, CASEWORK)
    const away = await listAway(app.db, people.map(({ id }) => id), today)
    const loads = new Map((await listLoads(app.db, clerk, today)).map(load => [load.handlerId, load]))
    const none = loads.get(null)
    const lines = people.map(({ id, name, role, bureau, bureauId }) => ({
      id, name, role, bureau, bureauId, ...{ open: 0, week: 0, overdue: 0, ...loads.get(id) }, until: away.get(id)?.to ?? null, deputy: away.get(id)?.deputy ?? null,
      href: request.path('queue', [], { view: 'open', handler: id }), change: request.path('absences', [], { person: id })
    }))
    // Leaders hand out; of the others who are there, whoever has least of what presses comes first.
    const next = lines.filter(line => line.until === null && line.bureauId === request.actor?.bureauId && !['head', 'approver'].includes(line.role)).sort((a, b) => a.open - b.open || a.overdue + a.week - b.overdue - b.week || a.id - b.id)[0]
    return await reply.page('desk/workload/show', {
      title: request.t('nav.workload'),
      section: 'deskMore',
      lines: lines.map(({ bureauId: _bureau, ...line }) => ({ ...line, next: line.id === next?.id })),
      unassigned: { open: none?.open ?? 0, overdue: none?.overdue ?? 0, href: request.path('queue', [], { view: 'unassigned' }) },
      next: next?.name ?? null
    })
  })
}
