import { setTimeout as pause } from 'node:timers/promises'
import type { App } from './app.ts'
import { APART, type Job } from './jobs/table.ts'
import { sweepContacts } from './catalogue/corrections/service.ts'
import { writeNews } from './complaints/following/notices/service.ts'
import { answerRequests, sweepCodeRequests } from './complaints/following/reissue/service.ts'
import { isClockSteady } from './complaints/case/storage/steady-clock.ts'
import { sweepSessions } from './db/sessions.ts'
import { hasDue } from './mail/outbox.ts'
import { sendLetters } from './mail/send.ts'
import type { Transport } from './mail/transport.ts'
import { writeDigests } from './open/subscriptions/service.ts'
import { followKeys } from './vault/keys.ts'

const EVERY_MS = 60_000
/** So long the end of the process waits for a store that does not answer. */
const PATIENCE_MS = 3000
/** Somebody waits for a code in front of a page: letters do not wait for the other jobs. */
const LETTERS_MS = 5000
/** How soon a running portal uses a key that was exchanged (`keys_cli.rotated` promises ten seconds). */
const FOLLOW_MS = 5000

/**
 * Writes what is due to subscribers, sends what waits and forgets what is kept no longer. Any number of processes may do so at once: each letter is
 * written and taken up once. What fails does not keep back the next: letters that wait are sent even where nothing can be written.
 */
export async function runJobs (app: App, transport: Transport, signal?: AbortSignal): Promise<void> {
  const failed = (job: string) => (error: Error): number => {
    app.log.error({ job, err: { type: error.name, message: error.message } }, 'jobs')
    return 0
  }
  if (await isClockSteady(app.db, app.now()).catch(() => false)) { // security.md D-6
    await sweepContacts(app, app.now()).catch(failed('contacts'))
    await sweepSessions(app.db, app.now()).catch(failed('sessions'))
  }
  const written = await writeDigests(app, app.now(), signal).catch(failed('digests'))
  await sweepCodeRequests(app, app.now()).catch(failed('code_requests'))
  const told = await writeWaited(app).catch(failed('news'))
  const sent = await sendLetters(app.db, app.keys, transport, () => app.now(), signal)
  if (written + told > 0 || Object.values(sent).some(count => count > 0)) app.log.info({ written: written + told, ...sent }, 'letters')
}

/** Letters about complaints: codes for those who lost theirs and wait in front of the page, and news. */
async function writeWaited (app: App): Promise<number> {
  return await answerRequests(app, app.now()) + await writeNews(app, app.now())
}

/** Only what people wait for: news of complaints and codes. Asks first, so that a quiet portal writes nothing. */
async function runLetters (app: App, transport: Transport, signal?: AbortSignal): Promise<void> {
  await writeWaited(app)
  if (await hasDue(app.db, app.now())) await sendLetters(app.db, app.keys, transport, () => app.now(), signal)
}

/** Follows the register of keys. Where a key's file is missing on this machine nothing is taken in until it is there, and the log says so. */
function startFollowing (app: App): void {
  const timer = setInterval(() => {
    followKeys(app.db, app.keys).catch((error: Error) => { app.log.error({ err: { type: error.name, message: error.message } }, 'keys') })
  }, FOLLOW_MS)
  timer.unref()
  app.addHook('onClose', async () => { clearInterval(timer) })
}

/** Does the jobs once a minute and letters more often, one run after the other, until the application closes; the letter in hand is finished first. */
export function startJobs (app: App, transport: Transport): void {
  startFollowing(app)
  let running: Promise<void> | null = null
  const closing = new AbortController()
  let behind = false // the minute's jobs found letters being sent: they follow
  const start = (work: typeof runJobs): void => {
    if (running !== null) behind ||= work === runJobs
    running ??= work(app, transport, closing.signal)
      .catch((error: Error) => { app.log.error({ err: { type: error.name, message: error.message } }, 'jobs') })
      .finally(() => {
        running = null
        if (behind && !closing.signal.aborted) { behind = false; start(runJobs) }
      })
  }
  const timers = [setInterval(start, EVERY_MS, runJobs), setInterval(start, LETTERS_MS, runLetters)]
  for (const timer of timers) timer.unref()
  for (const [name, job] of Object.entries<Job>(APART)) startApart(app, name, job)
  app.addHook('onClose', async () => {
    for (const timer of timers) clearInterval(timer)
    closing.abort()
    await running
    transport.close()
  })
}

/** Apart from the letters: a bucket or a scanner that answers slowly keeps no letter back, nor the end of the process for long. */
function startApart (app: App, name: string, { run: work, first, every }: Job): void {
  let running: Promise<void> | null = null
  const closing = new AbortController()
  const run = (): void => {
    running ??= work(app, closing.signal)
      .then(made => { if (made > 0) app.log.info({ made }, name) })
      .catch((error: Error) => { if (!closing.signal.aborted) app.log.error({ err: { type: error.name, message: error.message } }, name) })
      .finally(() => { running = null })
  }
  const timers = [setTimeout(run, first), setInterval(run, every)]
  for (const timer of timers) timer.unref()
  app.addHook('onClose', async () => {
    for (const timer of timers) clearInterval(timer)
    closing.abort()
    if (running !== null) await Promise.race([running, pause(PATIENCE_MS)])
  })
}
