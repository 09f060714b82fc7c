import { appendAudit } from '../../../db/audit.ts'
import { AppError } from '../../../errors.ts'
import { OPEN_STATUSES, type Status } from '../../../domain/process/workflow.ts'
import { blank } from '../../case/core/demands.ts'
import { findByRef, insertEvent, touchComplaint } from '../../case/core/repository.ts'
import { demandPermission } from '../../case/core/service.ts'
import { STEP_TEXT_LIMIT, type Actor, type Parts } from '../../case/core/types.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { updateHandler } from '../../case/correspondence/repository.ts'
import { insertRecusal, listRecusals, updateRecusal } from './repository.ts'
import { limited, note, onOwn, type Act } from './acts.ts'

/** Who should not handle the complaint, and why, in the complainant's words. Errors: `not_found`, `form_invalid`, `transition_refused` once closed. */
export async function requestRecusal (parts: Parts, act: Act, who: string, why: string): Promise<void> {
  limited({ who, words: why })
  const fields = { ...blank(who) ? { who: { key: 'request.error.who' } } : {}, ...blank(why) ? { words: { key: 'request.error.recusal' } } : {} }
  if (Object.keys(fields).length > 0) throw new AppError('form_invalid', { fields })
  await onOwn(parts, act, async (work, complaint) => {
    const open = (await listRecusals(work.trx, complaint.id)).some(({ status }) => status === 'open')
    if (open || !OPEN_STATUSES.includes(complaint.status as Status)) throw new AppError('transition_refused', { status: complaint.status, action: 'request_recusal', failing: [] })
    const id = await insertRecusal(work.trx, complaint.id, work.now)
    await updateRecusal(work.trx, id, { sealed: sealFor(work.keys, complaint).close(`recusal:${id}`, JSON.stringify({ who, why })) })
    await note(work, act, complaint, { action: 'request_recusal', audience: 'text', text: `${who}\n${why}` })
  })
}

/** `accountId`: the person meant, null when nobody of the bureau is. `version`: the complaint as the actor saw it. */
export interface RecusalDecision { id: number, granted: boolean, accountId: number | null, reasons: string }

/**
 * Decides a request. Who is meant cannot decide it; who is recused is out at once: the complaint leaves their hands and no longer exists for
 * them (security.md Z-4). Errors: `forbidden`, `not_found`, `form_invalid`, `reason_required`, `already_decided`.
 */
export async function decideRecusal (parts: Parts, actor: Actor, ref: string, decision: RecusalDecision, now: string): Promise<void> {
  const { id, granted, accountId, reasons } = decision
  demandPermission(actor, 'recusal.decide')
  if (blank(reasons)) throw new AppError('reason_required', { action: 'decide_recusal' })
  if ([...reasons].length > STEP_TEXT_LIMIT) throw new AppError('form_invalid', { fields: { reasons: { key: 'field.maxLength', values: { limit: STEP_TEXT_LIMIT } } } })
  if (granted && accountId === null) throw new AppError('form_invalid', { fields: { account: { key: 'follow_up.account.required' } } })
  if (!granted && accountId === actor.id) throw new AppError('form_invalid', { fields: { account: { key: 'follow_up.account.self' } } })
  await parts.db.transaction().execute(async trx => {
    const complaint = await findByRef(trx, ref, actor)
    await touchComplaint(trx, complaint.id, {}, now)
    const request = (await listRecusals(trx, complaint.id)).find(row => row.id === id)
    if (request === undefined) throw new AppError('not_found', { ref })
    if (request.status !== 'open') throw new AppError('already_decided', { ref })
    await updateRecusal(trx, id, { status: granted ? 'granted' : 'refused', account_id: accountId, decided_at: now, decided_by: actor.id })
    if (granted && complaint.handler_id === accountId) await updateHandler(trx, complaint.id, null)
    const action = granted ? 'grant_recusal' : 'refuse_recusal'
    await insertEvent(trx, sealFor(parts.keys, complaint), complaint.id, { action, from: complaint.status, to: complaint.status, actorId: actor.id, role: actor.role, audience: 'text', typed: { text: reasons }, at: now })
    await appendAudit(trx, parts.keys.audit, { at: now, actorId: actor.id, role: actor.role, action: `complaint.${action}`, subject: ref, result: 'done', requestId: actor.requestId })
  })
}
