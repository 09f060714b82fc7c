import { appendAudit } from '../../../db/audit.ts'
import { maskContact } from '../../../domain/records/masking.ts'
import { AppError } from '../../../errors.ts'
import { queueLetter } from '../../../mail/outbox.ts'
import { findContact, listNews, listNotices, repeatNews, takeNews } from '../contacts/repository.ts'
import { addresseeOf, contactOf, newsLetter, openContact, switchNotices, type Sender } from '../contacts/service.ts'
import { ifItOpens } from '../../../vault/seal.ts'
import { findByRef, touchComplaint } from '../../case/core/repository.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Actor, Parts } from '../../case/core/types.ts'

/** However much happens, a contact gets at most one notice in this time. */
const REST_MS = 3_600_000
const A_RUN = 200

/**
 * Writes a letter to each contact for which there is news. The letter and the taking up of the news are one transaction, and the news was marked in
 * the transaction of what happened: whoever is killed when, a notice exists exactly when the change does. Gives how many were written.
 */
export async function writeNews (app: Sender, now: string): Promise<number> {
  const rows = await listNews(app.db, new Date(Date.parse(now) - REST_MS).toISOString(), A_RUN)
  let written = 0
  for (const { fictional, ...row } of rows) {
    const to = ifItOpens(() => addresseeOf(app.keys, row, fictional === 1))
    if (to === null) continue // one that is damaged keeps nobody else's notice back
    const letter = newsLetter(app, to, row.id)
    await app.db.transaction().execute(async trx => {
      if (!await takeNews(trx, row, now)) return
      await queueLetter(trx, app.keys, { kind: 'news', contact: row.id }, letter, now)
      written++
    })
  }
  return written
}

/** The contact behind the link of a notice, masked, or null when it is kept no longer; `not_found` for a secret that nobody was given. */
export async function readEnding ({ db, keys }: Parts, token: string): Promise<{ id: string, complaintId: string, masked: string, notify: boolean } | null> {
  const id = contactOf({ keys }, token)
  if (id === null) throw new AppError('not_found')
  const row = await findContact(db, id)
  return row === undefined ? null : { id, complaintId: row.complaint_id, masked: maskContact(openContact(keys, row)), notify: row.notify === 1 }
}

/** Ends the notices to the contact behind a link. */
export async function endNotices (parts: Parts, token: string, now: string, requestId: string): Promise<void> {
  const found = await readEnding(parts, token)
  if (found !== null) await switchNotices(parts, { complaintId: found.complaintId, now, requestId }, found.id, false)
}

/** Sends one more notice where the last one failed or nobody knows what became of it. Errors: `forbidden`, `not_found`, `transition_refused`. */
export async function repeatNotice ({ db, keys }: Parts, actor: Actor, ref: string, contactId: string, now: string): Promise<void> {
  demandPermission(actor, 'complaint.message')
  await db.transaction().execute(async trx => {
    const { id } = await findByRef(trx, ref, actor)
    await touchComplaint(trx, id, {}, now) // two clerks at once wait for each other
    const contact = await findContact(trx, contactId)
    if (contact === undefined || contact.complaint_id !== id) throw new AppError('not_found')
    const [last] = await listNotices(trx, [contactId], 1)
    const stuck = last !== undefined && ['failed', 'unsure'].includes(last.state) && contact.news_at === null && contact.notify === 1
    if (!stuck) throw new AppError('transition_refused', { status: '', action: 'repeat_notice', failing: [] })
    await repeatNews(trx, contactId, now)
    await appendAudit(trx, keys.audit, { at: now, actorId: actor.id, role: actor.role, action: 'notice.repeated', subject: ref, result: 'done', requestId: actor.requestId })
  })
}
