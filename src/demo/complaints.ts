import { createDraft, prepareReceipt, readReceipt, saveDraft, submitDraft } from '../complaints/form/filing/service.ts'
import type { Actor, Parts } from '../complaints/case/core/service.ts'
import type { Db } from '../db/schema.ts'
import { addDays, createCalendar, localDate, startOfDay, type Calendar } from '../domain/time/calendar.ts'
import type { FileStore } from '../files/store.ts'
import { StartError } from '../db/start-error.ts'
import { answersOf } from './answers.ts'
import type { DemoPack, Step, Story } from './schema.ts'
import { perform, type DemoCase, type Stage } from './steps.ts'

const MINUTE = 60_000
/** Offices open at half past eight. */
const OPENING = 510

/** One thing that happens on one day of the demo city. */
interface Happening { at: string, run: () => Promise<void> }
interface Planned { story: Story, steps: Step[], start: string, at: number }

/**
 * Files the demo complaints and lets them have happened what their fates say, in the order of time, as the audit chain and the number
 * series would have seen it. Gives reference and query code of the first one.
 */
export async function fileComplaints (parts: Parts, pack: DemoPack, now: string, files?: FileStore): Promise<{ ref: string, code: string } | null> {
  const calendar = createCalendar(await parts.db.selectFrom('calendar_day').select(['date', 'is_workday as isWorkday']).execute())
  const stage: Stage = { parts, actors: await listActors(parts.db), files }
  const cases = pack.cases.map((_one, at) => planCase(pack, at, calendar, now))
  const drafts = await Promise.all(cases.map(async planned => await prepareDraft(parts, pack, planned)))
  const happenings = cases.flatMap((planned, at) => happeningsOf(stage, drafts[at] as DemoCase, planned, calendar, now))
  let tracking: { ref: string, code: string } | null = null
  for (const { at, run } of happenings.sort((a, b) => a.at < b.at ? -1 : a.at > b.at ? 1 : 0)) {
    await run()
    tracking ??= await codeOf(parts, drafts[0], cases[0], at)
  }
  // Staff have opened what they worked on: only what nobody has taken up yet is new.
  await parts.db.updateTable('complaint').set({ unread: 0 }).where('fictional', '=', 1).where('status', '!=', 'submitted').execute()
  return tracking
}

function planCase (pack: DemoPack, at: number, calendar: Calendar, now: string): Planned {
  const [key, fate, ago] = pack.cases[at] as DemoPack['cases'][number]
  const story = pack.stories.find(one => one.key === key)
  const steps = pack.fates[fate]
  if (story === undefined || steps === undefined) throw new StartError('pack_invalid', { why: `demo.json/cases/${at}: ${story === undefined ? key : fate} is not there` })
  return { story, steps, start: instantOn(workdayBefore(localDate(now), ago, calendar), at * 11, now), at }
}

async function prepareDraft (parts: Parts, pack: DemoPack, { story, start, at }: Planned): Promise<DemoCase> {
  const id = await createDraft(parts, start)
  await saveDraft(parts, id, await answersOf(parts.db, pack, story, { at, date: localDate(start) }), start)
  const { ref } = await prepareReceipt(parts, id)
  return { id, ref, issues: story.issues.length }
}

/** The submission, and every step whose day has come; what would lie in the future has not happened yet. */
function happeningsOf (stage: Stage, demo: DemoCase, { steps, start, at }: Planned, calendar: Calendar, now: string): Happening[] {
  const submission = { at: start, run: async () => { await submitDraft(stage.parts, demo.id, start, { requestId: 'demo', fictional: true }) } }
  const later = steps.map((step, number) => {
    const day = calendar.addWorkingDays(localDate(start), step.after).date
    const moment = instantOn(day, at * 11 % 160 + (number + 1) * 17) // in the order of the steps, all within one day
    return { at: moment, run: async () => { await perform(stage, demo, step, moment) } }
  })
  const future = later.findIndex(happening => happening.at > now)
  return [submission, ...future < 0 ? later : later.slice(0, future)]
}

/** Within the office hours of a day, never after `latest`. */
function instantOn (date: string, minutes: number, latest?: string): string {
  const instant = new Date(Date.parse(startOfDay(date)) + (OPENING + minutes % 480) * MINUTE).toISOString()
  return latest !== undefined && instant > latest ? new Date(Date.parse(latest) - MINUTE).toISOString() : instant
}

/** The day so many working days before; with zero the day itself. */
function workdayBefore (today: string, days: number, calendar: Calendar): string {
  let date = today
  for (let left = days; left > 0;) {
    date = addDays(date, -1)
    if (calendar.isWorkday(date)) left--
  }
  return date
}

async function codeOf (parts: Parts, demo: DemoCase | undefined, planned: Planned | undefined, at: string): Promise<{ ref: string, code: string } | null> {
  if (demo === undefined || planned === undefined || planned.start !== at) return null
  const { ref, code } = await readReceipt(parts, demo.id, at)
  return code === null ? null : { ref, code }
}

async function listActors (db: Db): Promise<ReadonlyMap<string, Actor>> {
  const accounts = await db.selectFrom('account').select(['id', 'role']).where('fictional', '=', 1).orderBy('id').execute()
  return new Map(accounts.toReversed().map(({ id, role }) => [role, { id, role, requestId: 'demo' } as Actor])) // of two with one role the first
}
