import type { Kysely } from 'kysely'
import { saveRule } from '../complaints/allotment/routing/service.ts'
import { savePhrase } from '../complaints/outcome/phrases/service.ts'
import { saveView } from '../desk/day/saved-views/service.ts'
import type { Database } from '../db/schema.ts'
import { addDays, localDate } from '../domain/time/calendar.ts'
import type { Then, When } from '../domain/work/routing.ts'
import type { Keys } from '../vault/keys.ts'
import type { DemoPack } from './schema.ts'

/** The pack's standard wording, kept by its legal reviewer; the last one is due for a look soon. */
export async function keepPhrases (parts: { db: Kysely<Database>, keys: Keys }, { phrases, accounts }: DemoPack, now: string): Promise<void> {
  const username = accounts.find(({ role }) => role === 'legal_reviewer')?.username ?? ''
  const { id } = await parts.db.selectFrom('account').select('id').where('username', '=', username).executeTakeFirstOrThrow()
  const actor = { id, role: 'legal_reviewer' as const, requestId: 'demo' }
  for (const [at, { place, title, text }] of phrases.entries()) {
    await savePhrase(parts, actor, { place, title, text, ownerId: id, reviewOn: addDays(localDate(now), at === phrases.length - 1 ? 1 : 300) }, now)
  }
}

/** The rules by which the demo city routes its complaints, made by its head. */
export async function keepRules (parts: { db: Kysely<Database>, keys: Keys }, { routing }: DemoPack, now: string): Promise<void> {
  const known = new Map((await parts.db.selectFrom('account').select(['username', 'id', 'role', 'bureau_id']).where('fictional', '=', 1).orderBy('id').execute()).map(row => [row.username, row]))
  const head = [...known.values()].find(({ role }) => role === 'head')
  if (head === undefined) return
  for (const { name, reason, when, then: { suggested, ...then } } of routing) {
    const handler = suggested === undefined ? {} : { handler: known.get(suggested)?.id ?? 0, suggest: true }
    await saveRule(parts, { id: head.id, role: 'head', requestId: 'demo', bureauId: head.bureau_id, bureauIds: [head.bureau_id] }, { name, reason, data: { when: when as When, then: { ...then, ...handler } as Then } }, now)
  }
}

/** Lists that the head of the demo city keeps for everybody. */
export async function keepViews (parts: { db: Kysely<Database>, keys: Keys }, { views }: DemoPack, now: string): Promise<void> {
  const head = await parts.db.selectFrom('account').select(['id', 'bureau_id']).where('fictional', '=', 1).where('role', '=', 'head').orderBy('id').executeTakeFirst()
  if (head === undefined) return
  for (const { name, list } of views) await saveView(parts, { id: head.id, role: 'head', requestId: 'demo', bureauId: head.bureau_id, bureauIds: [head.bureau_id] }, { name, shared: true, list }, now)
}
