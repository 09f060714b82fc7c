import type { Kysely } from 'kysely'
import { savePhrase } from '../complaints/outcome/phrases/service.ts'
import type { Database } from '../db/schema.ts'
import { addDays, localDate } from '../domain/time/calendar.ts'
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
