import type { FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { listOrder } from '../../../complaints/case/reading/repository.ts'
import { allows } from '../../../domain/process/permissions.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { filterOf, readList, type QueueQuery } from '../../day/queue/schema.ts'
import { readSettings, writeSetting } from './repository.ts'
import { AFTER, type After } from './schema.ts'

/** What the single keys do, in the order of the help; words at `shortcut.<name>`. */
const SHORTCUTS = [['j', 'down'], ['k', 'up'], ['o', 'open'], ['a', 'select'], ['e', 'claim'], ['n', 'note'], ['/', 'search'], ['?', 'help']] as const
export interface Shortcut { key: string, what: string }

/** The keys that do something for this person. */
export function shortcutsOf (request: FastifyRequest): Shortcut[] {
  const role = request.actor?.role ?? null
  return SHORTCUTS.filter(([, what]) => (what !== 'claim' && what !== 'select') || allows(role, 'complaint.claim')).map(([key, what]) => ({ key, what: request.t(`shortcut.${what}`) }))
}

export interface Habits { keys: boolean, after: After, list: string }
interface Who { id: number, bureauIds: readonly number[] }

/** How far down a list one looks for the case that comes after the present one. */
const AHEAD = 1000

/** What a person likes the desk to do, and the list that they opened a case from last. */
export async function readHabits ({ db }: Pick<App, 'db'>, accountId: number): Promise<Habits> {
  const kept = await readSettings(db, accountId)
  return { keys: kept.get('keys') !== 'off', after: AFTER.find(after => after === kept.get('after')) ?? AFTER[0], list: kept.get('list') ?? '' }
}

/** Keeps the habits of a person. */
export async function saveHabits ({ db }: Pick<App, 'db'>, accountId: number, { keys, after }: { keys?: boolean, after?: After | undefined }): Promise<void> {
  if (keys !== undefined) await writeSetting(db, accountId, 'keys', keys ? 'on' : 'off')
  if (after !== undefined) await writeSetting(db, accountId, 'after', after)
}

/** A case was opened from a list: from now on "next" means the next of that list. Written only where it is another list. */
export async function rememberList ({ db }: Pick<App, 'db'>, accountId: number, list: string): Promise<void> {
  if (readList(list) !== null && (await readSettings(db, accountId)).get('list') !== list) await writeSetting(db, accountId, 'list', list)
}

/** The list that a person works through: the one they came from, else their own cases. */
export function listOf ({ list }: Habits): QueueQuery {
  return readList(list) ?? { view: 'mine' }
}

/** The case after this one in the order of the list; the first one where this one is not in it, null where there is no other (features.md T34). */
export async function nextAfter (app: Pick<App, 'db' | 'now'>, who: Who, habits: Habits, ref: string): Promise<string | null> {
  const refs = await listOrder(app.db, filterOf(listOf(habits), who), localDate(app.now()), AHEAD)
  const at = refs.indexOf(ref)
  return (at < 0 ? refs[0] : refs[at + 1]) ?? null
}

/** Where one goes after a step with a case: what was done is said there, with the case it was done to where that is another page. */
export function wayOn (request: FastifyRequest, habits: Habits, { ref, done, next }: { ref: string, done: string, next: string | null }): string {
  if (habits.after === 'stay') return request.path('complaint', [ref], { done })
  if (habits.after === 'next' && next !== null) return request.path('complaint', [next], { done, about: ref })
  return request.path('queue', [], { ...listOf(habits), done, about: ref })
}
