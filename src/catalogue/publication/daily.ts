import type { App } from '../../app.ts'
import { localDate } from '../../domain/time/calendar.ts'
import { expireDecisions } from './service.ts'

/**
 * Ends what is over before the first request of a day is answered: lists, search and exports read records that are kept in memory, so
 * they could otherwise show a decision a day longer. A database that takes nothing at the moment is asked again with the next request.
 */
export function endPublicationsDaily (app: App): void {
  let done = ''
  let running: Promise<void> | undefined
  app.addHook('onRequest', async () => {
    const today = localDate(app.now())
    if (today === done) return
    running ??= expireDecisions(app.db, app.now())
      .then(() => { done = today }, (error: Error) => { app.log.warn({ err: { type: error.name, message: error.message } }, 'publications not ended') })
      .finally(() => { running = undefined })
    await running
  })
}
