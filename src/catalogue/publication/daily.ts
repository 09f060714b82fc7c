import type { App } from '../../app.ts'
import { localDate } from '../../domain/time/calendar.ts'
import { expireDecisions } from './service.ts'

/** How long a database that took nothing is left alone, in milliseconds. */
const PAUSE_MS = 60_000

/**
 * Ends what is over before the first request of a day is answered: lists, search and exports read records that are kept in memory, so
 * they could otherwise show a decision a day longer. A database that takes nothing at the moment is asked again after a minute, so that
 * not every visitor waits for it.
 */
export function endPublicationsDaily (app: App): void {
  let done = ''
  let notBefore = 0
  let running: Promise<void> | undefined
  app.addHook('onRequest', async () => {
    const now = app.now()
    const today = localDate(now)
    if (today === done || Date.parse(now) < notBefore) return
    running ??= expireDecisions(app.db, now)
      .then(() => { done = today }, (error: Error) => {
        notBefore = Date.parse(now) + PAUSE_MS
        app.log.warn({ err: { type: error.name, message: error.message } }, 'publications not ended')
      })
      .finally(() => { running = undefined })
    await running
  })
}
