import type { App } from '../../../app.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'

declare module '../../../views.ts' {
  interface Views { 'desk/more/list': Frame }
}

/** What a person may open besides the bar, each with what it is for; which these are stands with the navigation. */
export async function morePages (app: App): Promise<void> {
  app.get(ROUTES.deskMore, { config: { permission: 'account.own', session: 'staff' } }, async (request, reply) => {
    return await reply.page('desk/more/list', { title: request.t('nav.deskMore'), section: 'deskMore' })
  })
}
