import { appendAudit } from '../../../db/audit.ts'
import type { Db } from '../../../db/schema.ts'
import { PATTERN_RULE, patternsIn, type PatternKind, type Sighting } from '../../../domain/supervision/consequences.ts'
import { AppError } from '../../../errors.ts'
import { openText, sealText } from '../../../vault/seal.ts'
import { blank } from '../../case/core/demands.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Actor, Parts } from '../../case/core/types.ts'

/** A pattern with the names of what its complaints have in common. */
export interface PatternCard { pattern: string, kind: PatternKind, agency: string | null, name: string, refs: string[], dismissed: { reason: string, at: string } | null }

/** Who may look: the complaints of whose bureaus count, and what was accepted since when (ISO UTC). */
interface Looking { bureauIds: readonly number[], now: string }

/**
 * What several accepted complaints of the last ninety days have in common. One that was put aside comes back when another complaint joins it. Officers
 * are named here and nowhere else: complaints about officers are never counted in public (features.md O6).
 */
export async function findPatterns ({ db, keys }: Parts, looking: Looking): Promise<PatternCard[]> {
  const since = new Date(Date.parse(looking.now) - PATTERN_RULE.days * 86_400_000).toISOString()
  const sightings = [...await byGround(db, looking, since), ...await byRecord(db, looking, since, 'officer'), ...await byRecord(db, looking, since, 'matter')]
  const dismissals = new Map((await db.selectFrom('pattern_dismissal').selectAll().execute()).map(row => [row.pattern, row]))
  const cards: PatternCard[] = []
  for (const { kind, key, refs } of patternsIn(sightings)) {
    const pattern = `${kind} ${key}`
    const row = dismissals.get(pattern)
    const dismissed = row !== undefined && row.count >= refs.length ? { reason: openText(keys.content, row.sealed, `pattern|${pattern}`), at: row.at } : null
    cards.push({ pattern, kind, refs, dismissed, ...await named(db, kind, key) })
  }
  return cards
}

/** Puts a pattern aside with reasons, until it grows. Errors: `forbidden`, `not_found`, `reason_required`. */
export async function dismissPattern (parts: Parts, actor: Actor, { pattern, reason, bureauIds }: { pattern: string, reason: string, bureauIds: readonly number[] }, now: string): Promise<void> {
  demandPermission(actor, 'pattern.review')
  if (blank(reason)) throw new AppError('reason_required', { action: 'dismiss_pattern' })
  const card = (await findPatterns(parts, { bureauIds, now })).find(card => card.pattern === pattern)
  if (card === undefined) throw new AppError('not_found')
  await parts.db.transaction().execute(async trx => {
    const row = { count: card.refs.length, sealed: sealText(parts.keys.content, reason, `pattern|${pattern}`), dismissed_by: actor.id, at: now }
    await trx.insertInto('pattern_dismissal').values({ pattern, ...row }).onConflict(conflict => conflict.column('pattern').doUpdateSet(row)).execute()
    await appendAudit(trx, parts.keys.audit, { at: now, actorId: actor.id, role: actor.role, action: 'pattern.dismissed', subject: card.kind, result: 'done', requestId: actor.requestId })
  })
}

function accepted (db: Db, { bureauIds }: Looking, since: string) {
  return db.selectFrom('complaint').where('complaint.case_no', 'is not', null).where('complaint.submitted_at', '>=', since).where('complaint.bureau_id', 'in', bureauIds.length === 0 ? [-1] : bureauIds)
}

async function byGround (db: Db, looking: Looking, since: string): Promise<Sighting[]> {
  const rows = await accepted(db, looking, since).innerJoin('complaint_issue', 'complaint_issue.complaint_id', 'complaint.id').select(['complaint.ref', 'complaint.agency_id as agency', 'complaint_issue.ground']).where('complaint.agency_id', 'is not', null).orderBy('complaint.ref').execute()
  return rows.map(({ ref, agency, ground }) => ({ kind: 'ground', key: `${agency ?? ''} ${ground}`, ref }))
}

async function byRecord (db: Db, looking: Looking, since: string, kind: 'officer' | 'matter'): Promise<Sighting[]> {
  const rows = await accepted(db, looking, since).innerJoin('complaint_link', 'complaint_link.complaint_id', 'complaint.id').select(['complaint.ref', 'complaint_link.record_id as id']).where('complaint_link.kind', '=', kind).orderBy('complaint.ref').execute()
  return rows.map(({ ref, id }) => ({ kind, key: String(id), ref }))
}

async function named (db: Db, kind: PatternKind, key: string): Promise<{ agency: string | null, name: string }> {
  if (kind === 'ground') {
    const [agency = '', ground = ''] = key.split(' ')
    return { agency: (await db.selectFrom('agency').select('name').where('id', '=', Number(agency)).executeTakeFirst())?.name ?? null, name: ground }
  }
  const row = kind === 'officer'
    ? await db.selectFrom('officer').innerJoin('agency', 'agency.id', 'officer.agency_id').select(['officer.name', 'agency.name as agency']).where('officer.id', '=', Number(key)).executeTakeFirst()
    : await db.selectFrom('matter').innerJoin('agency', 'agency.id', 'matter.agency_id').select(['matter.name', 'agency.name as agency']).where('matter.id', '=', Number(key)).executeTakeFirst()
  return { agency: row?.agency ?? null, name: row?.name ?? '' }
}
