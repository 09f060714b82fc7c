import type { App } from '../../../app.ts'
import { countStuck, listStuck, type StuckLetter } from '../../../mail/outbox.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'

declare module '../../../views.ts' {
  interface Views { 'desk/letters/list': Frame & { rows: StuckLetter[], counts: Array<{ state: string, count: number }> } }
}

const MOST = 100

/** Letters that did not leave, or of which nobody knows it: what kind, by which way, when and why; never to whom, nor about what. */
export async function letterPages (app: App): Promise<void> {
  app.get(ROUTES.letters, { config: { permission: 'letter.review', session: 'staff' } }, async (request, reply) =>
    await reply.page('desk/letters/list', { title: request.t('letters.title'), section: 'letters', rows: await listStuck(app.db, MOST), counts: await countStuck(app.db) }))
}
