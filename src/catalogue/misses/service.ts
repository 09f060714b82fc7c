import type { Kysely } from 'kysely'
import type { App } from '../../app.ts'
import type { Database } from '../../db/schema.ts'
import { fold } from '../../db/text.ts'
import { addDays, localDate } from '../../domain/time/calendar.ts'
import { suspectPersonal } from '../../domain/records/masking.ts'
import { addMisses, forgetMisses } from './repository.ts'

/** Longer ones are no words but stories, and stories tell who it was. */
const LONGEST = 40
/** Different words that are remembered until the next writing, and of one day. */
const [WAITING, A_DAY] = [500, 1000]
/** Kept so many days (settled with the bureau, no statute sets a period). */
export const KEPT_DAYS = 180
/** Words that were asked for only once are shown to nobody: they may be a name. */
export const SHOWN_FROM = 2
const WRITE_MS = 30_000

const waiting = new WeakMap<Kysely<Database>, Map<string, number>>()

/** The words as they may be kept, or null: nothing long, nothing with a number, an address or a telephone in it. */
export function keepable (typed: string): string | null {
  const words = fold(typed).replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
  const personal = suspectPersonal(typed).size > 0 || /\p{N}{5}/u.test(words.replaceAll(' ', '')) || /[@/]|www\./i.test(typed)
  return personal || words.length > LONGEST || Array.from(words.matchAll(/\p{L}/gu)).length < 2 ? null : words
}

/** Remembers what was looked for in vain: the words alone, without who, from where and at what time. Nothing is written here. */
export function noteMiss (db: Kysely<Database>, typed: string): void {
  const words = keepable(typed)
  const counts = waiting.get(db) ?? new Map<string, number>()
  waiting.set(db, counts)
  if (words === null || (counts.size >= WAITING && !counts.has(words))) return
  counts.set(words, (counts.get(words) ?? 0) + 1)
}

/** Writes what was remembered, and forgets what is older than 180 days. */
export async function writeMisses (db: Kysely<Database>, now: string): Promise<void> {
  const counts = waiting.get(db) ?? new Map<string, number>()
  waiting.delete(db)
  const today = localDate(now)
  if (counts.size === 0) return
  await db.transaction().execute(async trx => {
    await forgetMisses(trx, addDays(today, -KEPT_DAYS))
    await addMisses(trx, today, counts, A_DAY)
  })
}

/** Writes in batches, off the way of the visitors, and once more before the portal closes. */
export function writeMissesInTime (app: App): void {
  const write = async (): Promise<void> => await writeMisses(app.db, app.now())
  const timer = setInterval(() => {
    write().catch((error: Error) => { app.log.error({ err: { type: error.name, message: error.message } }, 'misses') })
  }, WRITE_MS)
  timer.unref()
  app.addHook('preClose', async () => {
    clearInterval(timer)
    await write()
  })
}
