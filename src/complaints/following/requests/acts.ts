import { appendAudit } from '../../../db/audit.ts'
import { loadReckoner } from '../../../db/reckoner.ts'
import { AppError } from '../../../errors.ts'
import { blank } from '../../case/core/demands.ts'
import { insertEvent, touchComplaint, type ComplaintRow } from '../../case/core/repository.ts'
import type { Work } from '../../case/core/steps.ts'
import type { Actor, FieldFaults, Parts } from '../../case/core/types.ts'
import type { SideEvent } from '../../../domain/process/side-events.ts'
import { sealFor } from '../../case/ledger/sealing.ts'

/** Longest text of a request, in code points. */
export const REQUEST_LIMIT = 2000

/** One act of the complainant: which complaint, when, in which request. */
export interface Act { id: string, now: string, requestId: string }

/** Runs work of the complainant on a complaint in one transaction that holds its lock. */
export async function onOwn (parts: Parts, { id, now }: Act, work: (work: Work, complaint: ComplaintRow) => Promise<void>): Promise<void> {
  const reckoner = await loadReckoner(parts.db)
  await parts.db.transaction().execute(async trx => {
    await work({ trx, keys: parts.keys, reckoner, now }, await touchComplaint(trx, id, { unread: 1 }, now))
  })
}

/** The complainant as an actor. */
export function complainantOf ({ requestId }: Act): Actor {
  return { id: null, role: 'complainant', requestId }
}

/** An event beside the workflow, with its audit entry; the status stays. */
export async function note ({ trx, keys, now }: Work, act: Act, complaint: ComplaintRow, event: { action: SideEvent, audience: 'text' | 'event' | 'internal', text?: string, details?: Record<string, string | number> }): Promise<void> {
  await insertEvent(trx, sealFor(keys, complaint), complaint.id, {
    action: event.action,
    from: complaint.status,
    to: complaint.status,
    actorId: null,
    role: 'complainant',
    audience: event.audience,
    ...event.details === undefined ? {} : { details: event.details },
    ...blank(event.text) ? {} : { typed: { text: event.text as string } },
    at: now
  })
  await appendAudit(trx, keys.audit, { at: now, actorId: null, role: 'complainant', action: `complaint.${event.action}`, subject: complaint.ref, result: 'done', requestId: act.requestId })
}

/** Refuses texts that are too long: `form_invalid` by field. */
export function limited (texts: Record<string, string | undefined>): void {
  const fields: FieldFaults = {}
  for (const [field, text] of Object.entries(texts)) if (text !== undefined && [...text].length > REQUEST_LIMIT) fields[field] = { key: 'tracking.error.long', values: { max: REQUEST_LIMIT, count: [...text].length } }
  if (Object.keys(fields).length > 0) throw new AppError('form_invalid', { fields })
}
