import type { App } from '../app.ts'
import { applyRuleChanges } from '../admin/deadlines/service.ts'
import { scanHeld } from '../complaints/case/attachments/held.ts'
import { inspectStorage, sweepOrphans, type Suspects } from '../complaints/case/storage/service.ts'
import { isClockSteady } from '../complaints/case/storage/steady-clock.ts'
import { resumeRecounts } from '../complaints/work/recount/service.ts'
import { remindOfClocks } from '../complaints/work/reminders/service.ts'
import { makeAnchor } from '../db/chain/anchors.ts'
import { writeMorningLetters } from '../desk/account/digest/service.ts'

/** A job that a timer of every process starts and that any number of them may do at once. `does` stands in the README; `run` gives how much was done. */
export interface Job { does: string, first: number, every: number, run: (app: App, signal: AbortSignal) => Promise<number> }

const SECOND = 1000
const MINUTE = 60 * SECOND
/** A store that does not answer, or files missing from what was restored, are in the log soon after the start. */
const FIRST_LOOK = 30 * SECOND
/** A day's anchor is there soon after the first start of that day; asking for it again costs one look by its key. */
const SOON = 2 * SECOND
/** Files that looked as if they belonged to nobody when this process looked last. */
const SUSPECTS: Suspects = new Set()

/** Jobs apart from the letters, each with a timer of its own; `npm run jobs -- <name>` does one now. */
export const APART = {
  anchor: { does: 'makes the day’s anchor of the audit chain', first: SOON, every: MINUTE, run: async app => await makeAnchor(app.db, app.keys, app.now()) ? 1 : 0 },
  deadlines: { does: 'puts changed periods into force on their day', first: SOON, every: MINUTE, run: async app => await applyRuleChanges(app, app.now()) },
  files: { does: 'sweeps stored files that belong to nobody, and misses those that are gone', first: FIRST_LOOK, every: 60 * MINUTE, run: tendFiles },
  // Levels are reached at midnight; a handler who took a case over learns of them within the quarter.
  reminders: { does: 'finishes recounts after a change of the calendar, and reminds of clocks at 50, 80 and 100 %', first: FIRST_LOOK, every: 15 * MINUTE, run: remind },
  morning: { does: 'writes each person’s morning letter on working days, from 08:30 China time', first: FIRST_LOOK, every: MINUTE, run: async (app, signal) => await writeMorningLetters(app, app.now(), signal) },
  scanner: { does: 'asks the virus scanner about files that are held', first: FIRST_LOOK, every: MINUTE, run: scan }
} as const satisfies Record<string, Job>
export type JobName = keyof typeof APART

async function scan (app: App): Promise<number> {
  const { clean, infected } = await scanHeld(app, app.files, app.config.SUNLIT_SCANNER, app.now())
  return clean + infected
}

async function remind (app: App, signal: AbortSignal): Promise<number> {
  await resumeRecounts(app, app.now(), signal)
  return await remindOfClocks(app, app.now(), signal)
}

/** Once an hour: what belongs to nobody goes, what is missing is told to whoever reads the log; `npm run files -- check` says which. */
async function tendFiles (app: App, signal: AbortSignal): Promise<number> {
  if (!await isClockSteady(app.db, app.now())) { // what was begun a day ago may be a minute old (security.md D-6)
    const { missing } = await inspectStorage(app, app.files, app.now(), signal)
    if (missing.length > 0) app.log.error({ missing: missing.length }, 'attachments without their file')
    return 0
  }
  const swept = await sweepOrphans(app, app.files, { now: app.now(), suspects: SUSPECTS, signal })
  if (swept.missing > 0) app.log.error(swept, 'attachments without their file')
  return swept.removed + swept.unfinished
}
