import type { App } from './app.ts'
import { sweepContacts } from './catalogue/corrections/service.ts'
import { sendLetters } from './mail/send.ts'
import type { Transport } from './mail/transport.ts'
import { writeDigests } from './open/subscriptions/service.ts'

const EVERY_MS = 60_000

/**
 * Writes what is due to subscribers, sends what waits and forgets what is kept no longer. Any number of processes may do so at once: each letter is
 * written and taken up once. What fails does not keep back the next: letters that wait are sent even where nothing can be written.
 */
export async function runJobs (app: App, transport: Transport, signal?: AbortSignal): Promise<void> {
  const failed = (job: string) => (error: Error): number => {
    app.log.error({ job, err: { type: error.name, message: error.message } }, 'jobs')
    return 0
  }
  await sweepContacts(app, app.now()).catch(failed('contacts'))
  const written = await writeDigests(app, app.now(), signal).catch(failed('digests'))
  const sent = await sendLetters(app.db, app.keys, transport, () => app.now(), signal)
  if (written > 0 || Object.values(sent).some(count => count > 0)) app.log.info({ written, ...sent }, 'letters')
}

/** Does the jobs once a minute, one run after the other, until the application closes; the letter in hand is finished first. */
export function startJobs (app: App, transport: Transport): void {
  let running: Promise<void> | null = null
  const closing = new AbortController()
  const timer = setInterval(() => {
    running ??= runJobs(app, transport, closing.signal)
      .catch((error: Error) => { app.log.error({ err: { type: error.name, message: error.message } }, 'jobs') })
      .finally(() => { running = null })
  }, EVERY_MS)
  timer.unref()
  app.addHook('onClose', async () => {
    clearInterval(timer)
    closing.abort()
    await running
    transport.close()
  })
}
