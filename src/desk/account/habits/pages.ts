import type { App } from '../../../app.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { readHabits, saveHabits, shortcutsOf, type Shortcut } from './service.ts'
import { AFTER, HabitForm, HabitQuery, SWITCH } from './schema.ts'

interface Choice { value: string, label: string, hint?: string }

declare module '../../../views.ts' {
  interface Views {
    'desk/habits/show': Frame & { keys: { options: Choice[], value: string }, after: { options: Choice[], value: string }, shortcuts: Shortcut[], done: boolean }
  }
}

const config = { permission: 'complaint.list', session: 'staff' } as const

/** How a person likes to work: single keys on or off, and where to go after a step. */
export async function habitPages (app: App): Promise<void> {
  app.get(ROUTES.habits, { schema: { querystring: HabitQuery }, config }, async (request, reply) => {
    const { keys, after } = await readHabits(app, request.actor?.id ?? 0)
    return await reply.page('desk/habits/show', {
      title: request.t('habits.title'),
      section: 'queue',
      back: { href: request.path('queue'), label: request.t('nav.queue') },
      keys: { options: SWITCH.map(value => ({ value, label: request.t(`habits.keys_${value}`) })), value: keys ? 'on' : 'off' },
      after: { options: AFTER.map(value => ({ value, label: request.t(`after.${value}`) })), value: after },
      shortcuts: shortcutsOf(request),
      done: request.query.done === '1'
    })
  })

  app.post(ROUTES.habits, { schema: { body: HabitForm }, config }, async (request, reply) => {
    await saveHabits(app, request.actor?.id ?? 0, { keys: request.body.keys === 'on', after: request.body.after })
    return await reply.redirect(request.path('habits', [], { done: '1' }), 303)
  })
}
