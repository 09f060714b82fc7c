import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../../app.ts'
import { listReminders, settleReminder } from '../../../complaints/work/reminders/service.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { dueState, type DueState } from '../../../domain/time/clocks.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../../case/casework/actor.ts'

/** A reminder as a line: what it is about, of which case, and until when. */
export interface ReminderLine { id: string, ref: string, title: string, text: string | null, state: DueState, on: string, href: string }

declare module '../../../views.ts' {
  interface Views {
    'desk/reminders/list': Frame & { lines: ReminderLine[], done: boolean }
  }
}

const Params = Type.Object({ id: Type.String({ maxLength: 120 }) })
const Query = Type.Object({ done: Type.Optional(Type.Literal('1')) })

/** What a person is to remember: clocks that have come far, and their own tasks; each can be ticked off. */
export async function reminderPages (app: App): Promise<void> {
  app.get(ROUTES.reminders, { schema: { querystring: Query }, config: { permission: 'complaint.list', session: 'staff' } }, async (request, reply) => {
    const { id } = await clerkOf(app, request)
    return await reply.page('desk/reminders/list', { title: request.t('reminder.title'), section: 'desk', lines: await reminderLines(app, request, id), done: request.query.done === '1' })
  })

  app.post(ROUTES.reminderEndings, { schema: { params: Params }, config: { permission: 'complaint.list', session: 'staff' } }, async (request, reply) => {
    await settleReminder(app, await clerkOf(app, request), request.params.id, app.now())
    return await reply.redirect(request.path('reminders', [], { done: '1' }), 303)
  })
}

/** The open reminders of a person, the nearest first. */
export async function reminderLines (app: App, request: FastifyRequest, accountId: number): Promise<ReminderLine[]> {
  const today = localDate(app.now())
  return (await listReminders(app, accountId)).map(({ id, ref, kind, clock, level, dueOn, text, at }) => ({
    id,
    ref,
    title: kind === 'task' ? request.t('reminder.task') : request.t(`reminder_level.${level ?? ''}`, { clock: request.t(`clock.${clock ?? ''}`) }),
    text,
    state: dueState(dueOn, today, localDate(at)),
    on: dueOn,
    href: request.path(kind === 'task' ? 'complaint' : 'caseClocks', [ref])
  }))
}
