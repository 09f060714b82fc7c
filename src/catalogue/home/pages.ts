import type { App } from '../../app.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'

declare module '../../views.ts' {
  interface Views { 'catalogue/home/show': Frame }
}

export async function home (app: App): Promise<void> {
  app.get(ROUTES.home, { config: { permission: 'public' } }, async (request, reply) =>
    await reply.page('catalogue/home/show', { title: request.t('home.title') }))
}
