import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { appendAudit } from '../../../db/audit.ts'
import type { Db } from '../../../db/schema.ts'
import { comparable, SUSPICIONS, type Suspicion } from '../../../domain/process/suspicions.ts'
import type { Keys } from '../../../vault/keys.ts'
import { findByRef, insertEvent, touchComplaint } from '../../case/core/repository.ts'
import { demandPermission, type Actor, type Parts } from '../../case/core/service.ts'
import { sealFor } from '../../case/ledger/sealing.ts'

const DAY = 86_400_000

/** A keyed hash of what was written: equal texts are found, no text can be read from it. */
export function textDigest (keys: Keys, texts: readonly string[]): string {
  return createHmac('sha256', keys.pepper).update(`complaint text ${comparable(texts)}`).digest('base64url')
}

/** The reasons for a new complaint to be kept apart: those that the request showed, and that the same was sent before. What staff enter is never suspect (`seen` undefined). */
export async function suspicionsOf (trx: Db, seen: readonly Suspicion[] | undefined, digest: string, now: string): Promise<Suspicion[]> {
  if (seen === undefined) return []
  const { others, days } = SUSPICIONS.same_text
  const since = new Date(Date.parse(now) - days * DAY).toISOString()
  const rows = await trx.selectFrom('complaint').select(sql<number>`1`.as('one')).where('text_digest', '=', digest).where('submitted_at', '>=', since).limit(others).execute()
  return rows.length < others ? [...seen] : [...seen, 'same_text']
}

export const VERDICTS = ['release', 'keep'] as const
export type Verdict = (typeof VERDICTS)[number]

/**
 * Somebody has looked: a complaint goes back among the others, or stays apart. Either is written down, the complainant is told neither, and the
 * periods run on. Returns how many were judged; those judged the same way before are passed over. Errors: `forbidden`, `not_found`.
 */
export async function judge (parts: Parts, actor: Actor, refs: readonly string[], verdict: Verdict, now: string): Promise<number> {
  demandPermission(actor, 'complaint.triage')
  const to = verdict === 'release' ? 'released' : 'kept'
  return await parts.db.transaction().execute(async trx => {
    let judged = 0
    for (const ref of [...new Set(refs)].sort()) { // in one order: two clerks at once wait for each other, and neither for ever
      const { id } = await findByRef(trx, ref, actor)
      const row = await touchComplaint(trx, id, {}, now)
      if (row.suspect === 0 || row.quarantine === to) continue
      await trx.updateTable('complaint').set({ suspect: verdict === 'release' ? 0 : 1, quarantine: to }).where('id', '=', row.id).execute()
      await insertEvent(trx, sealFor(parts.keys, row), row.id, { action: `quarantine_${verdict}`, from: row.status, to: row.status, actorId: actor.id, role: actor.role, audience: 'internal', at: now })
      await appendAudit(trx, parts.keys.audit, { at: now, actorId: actor.id, role: actor.role, action: `quarantine.${to}`, subject: ref, result: 'done', requestId: actor.requestId })
      judged++
    }
    return judged
  })
}
