import type { App } from '../app.ts'
import { accountRequestPages } from './account-requests/pages.ts'
import { accountAdmin } from './accounts/pages.ts'
import { calendarPages } from './calendar/pages.ts'
import { deadlinePages } from './deadlines/pages.ts'

/** The features of this wing, each with its own routes. */
const FEATURES = [
  accountAdmin,
  accountRequestPages,
  calendarPages,
  deadlinePages
]

/** The house's own affairs: every page needs a signed-in person with the right; never indexed. A one-time password is changed first. */
export async function admin (app: App): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => { reply.header('x-robots-tag', 'noindex, nofollow') })
  app.addHook('onRequest', async (request, reply) => {
    if (request.actor?.passwordTemporary !== true) return
    return await reply.redirect(request.path('password'), 303)
  })
  for (const feature of FEATURES) await app.register(feature)
}
