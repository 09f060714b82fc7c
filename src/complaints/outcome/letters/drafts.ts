import { randomBytes } from 'node:crypto'
import { appendAudit } from '../../../db/audit.ts'
import { canonical } from '../../../db/records.ts'
import type { Db } from '../../../db/schema.ts'
import { letterKind, writableLetters, type LetterType, type LocalUse } from '../../../domain/supervision/letters.ts'
import type { Permission } from '../../../domain/process/permissions.ts'
import type { Status } from '../../../domain/process/workflow.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import type { Role } from '../../../domain/process/permissions.ts'
import { AppError } from '../../../errors.ts'
import { findByRef, insertEvent, listIssues, touchComplaint, type ComplaintRow } from '../../case/core/repository.ts'
import { demandPermission } from '../../case/core/service.ts'
import { AGAIN_MS, type Actor, type Parts } from '../../case/core/types.ts'
import type { SideEvent } from '../../../domain/process/side-events.ts'
import { openApplied } from '../../work/investigation/rules.ts'
import { sealFor, type Seal } from '../../case/ledger/sealing.ts'
import { listLocalUse } from '../letter-types/repository.ts'
import { changeDraft, findDraftRow, insertApproval, insertDraft, listBegun, type DraftRow } from './repository.ts'
import { faultsBeforeApproval, faultsIn, quoteArticles, type LetterText } from '../../case/ledger/letter-text.ts'

export type Person = Actor & { id: number, deputyFor?: readonly Role[] }
/** A case in its lock. */
export interface Hold { trx: Db, complaint: ComplaintRow, seal: Seal }

/** Does something to a case's letters, in one transaction with its lock. Errors: `forbidden`, `not_found`. */
export async function holding<T> (parts: Parts, actor: Actor, ref: string, { permission, now }: { permission: Permission, now: string }, work: (hold: Hold) => Promise<T>): Promise<T> {
  demandPermission(actor, permission)
  return await parts.db.transaction().execute(async trx => {
    const { id } = await findByRef(trx, ref, actor)
    const complaint = await touchComplaint(trx, id, {}, now)
    return await work({ trx, complaint, seal: sealFor(parts.keys, complaint) })
  })
}

/** Writes an act on a letter into timeline and audit. */
export async function writeLine (parts: Pick<Parts, 'keys'>, { trx, complaint, seal }: Hold, actor: Actor, act: { action: SideEvent, subject: string, type: string, text?: string }, now: string): Promise<void> {
  const { id, ref, status } = complaint
  await insertEvent(trx, seal, id, { action: act.action, from: status, to: status, actorId: actor.id, role: actor.role, audience: 'internal', details: { document: act.type }, ...act.text === undefined ? {} : { typed: { text: act.text } }, at: now })
  await appendAudit(trx, parts.keys.audit, { at: now, actorId: actor.id, role: actor.role, action: `complaint.${act.action}`, subject: `${ref} ${act.subject}`, result: 'done', requestId: actor.requestId })
}

/** What a draft says. Throws SealBroken. */
export function openDraft (seal: Seal, { id, sealed }: Pick<DraftRow, 'id' | 'sealed'>): LetterText {
  return JSON.parse(seal.open(`letter:${id}`, sealed)) as LetterText
}

/** Freezes what a letter says and of which type it is. */
export function digestLetter (seal: Seal, type: string, text: LetterText): string {
  return seal.digest(canonical({ type, text }))
}

/** A draft of a case, else `not_found`. */
export async function findDraft (db: Db, complaintId: string, id: string): Promise<DraftRow> {
  const row = await findDraftRow(db, id)
  if (row.complaint_id !== complaintId) throw new AppError('not_found', { id })
  return row
}

/** The digest of all findings: a letter stands on what was found when it was handed in. */
export async function digestFindings (db: Db, seal: Seal, complaintId: string): Promise<string> {
  const issues = await listIssues(db, complaintId)
  return seal.digest(canonical(issues.map(issue => ({
    no: issue.no, finding: issue.finding, reasons: issue.reasons_sealed === null ? null : seal.open(`issue:${issue.no}:reasons`, issue.reasons_sealed), ...openApplied(seal, issue)
  }))))
}

export interface Saving { id?: string, version?: number, type: LetterType, text: LetterText, handIn: boolean }

/**
 * Keeps a letter, and hands it in for approval if asked to: then its text is frozen by its digest, with the articles it cites as they stood on the
 * day of the event. Errors: `forbidden`, `not_found`, `stale_version`, `transition_refused`, `form_invalid`. Returns the draft's id.
 */
export async function saveLetter (parts: Parts, actor: Person, ref: string, saving: Saving, now: string): Promise<string> {
  const today = localDate(now)
  const faults = saving.handIn ? faultsBeforeApproval(saving.type, saving.text, today) : faultsIn(saving.text)
  if (Object.keys(faults).length > 0) throw new AppError('form_invalid', { fields: faults })
  return await holding(parts, actor, ref, { permission: 'letter.draft', now }, async hold => {
    const { trx, complaint, seal } = hold
    demandWritable(complaint, saving.type, today, await listLocalUse(trx))
    const text = saving.handIn ? await frozen(hold, saving.text, today) : saving.text
    const twin = saving.id === undefined ? await findTwin(hold, actor, { type: saving.type, text }, now) : undefined
    if (twin !== undefined) return twin
    const id = saving.id ?? randomBytes(16).toString('base64url')
    const sealed = seal.close(`letter:${id}`, canonical(text))
    const state = saving.handIn ? { state: 'pending', step: 0, digest: digestLetter(seal, saving.type, text) } : { state: 'draft', step: 0, digest: null }
    if (saving.id === undefined) {
      await insertDraft(trx, { id, complaint_id: complaint.id, type: saving.type, version: 1, author_id: actor.id, document_id: null, created_at: now, updated_at: now, sealed, ...state })
    } else {
      const row = await findDraft(trx, complaint.id, id)
      if (row.state !== 'draft' || row.type !== saving.type) throw refused(complaint, 'save_letter')
      await changeDraft(trx, { id, version: saving.version ?? 0 }, { sealed, ...state }, now)
    }
    if (saving.handIn) await insertApproval(trx, { draft_id: id, step: 'author', decision: 'handed_in', account_id: actor.id, digest: state.digest ?? '', comment_sealed: seal.close(`approval:${id}`, canonical(text)), at: now })
    if (saving.handIn || saving.id === undefined) await writeLine(parts, hold, actor, { action: saving.handIn ? 'letter_handed_in' : 'letter_drafted', subject: id, type: saving.type }, now)
    return id
  })
}

/** A letter of the same words that the same person began just before: the form was sent again by going back. */
async function findTwin ({ trx, complaint, seal }: Hold, actor: Person, { type, text }: { type: LetterType, text: LetterText }, now: string): Promise<string | undefined> {
  const begun = await listBegun(trx, complaint.id, { type, authorId: actor.id, since: new Date(Date.parse(now) - AGAIN_MS).toISOString() })
  return begun.find(row => canonical(openDraft(seal, row)) === canonical(text))?.id
}

async function frozen ({ trx, complaint, seal }: Hold, text: LetterText, today: string): Promise<LetterText> {
  const articles = await quoteArticles(trx, text.fields.basis ?? '', complaint.occurred_on ?? today)
  return { ...text, ...articles.length === 0 ? {} : { articles }, findings: await digestFindings(trx, seal, complaint.id) }
}

function demandWritable (complaint: ComplaintRow, type: LetterType, today: string, said: LocalUse): void {
  if (!writableLetters(complaint.status as Status, today, said).includes(type)) throw refused(complaint, 'save_letter')
  if (letterKind(type).addressee === 'agency' && complaint.agency_id === null) throw new AppError('transition_refused', { status: complaint.status, action: 'save_letter', failing: ['agency_known'] })
}

/** What the letter's state or the case's does not allow. */
export function refused ({ status }: Pick<ComplaintRow, 'status'>, action: string): AppError {
  return new AppError('transition_refused', { status, action, failing: [] })
}

/** Takes a letter back that has not been issued: its text stays, nobody works on it. Errors: `forbidden`, `not_found`, `stale_version`, `transition_refused`, `reason_required`. */
export async function withdrawLetter (parts: Parts, actor: Person, ref: string, { id, version, text }: { id: string, version: number, text: string }, now: string): Promise<void> {
  if (text.trim() === '') throw new AppError('reason_required', { action: 'withdraw_letter' })
  await holding(parts, actor, ref, { permission: 'letter.draft', now }, async hold => {
    const row = await findDraft(hold.trx, hold.complaint.id, id)
    if (row.state === 'issued' || row.state === 'proposed' || row.state === 'withdrawn') throw refused(hold.complaint, 'withdraw_letter')
    await changeDraft(hold.trx, { id, version }, { state: 'withdrawn' }, now)
    await writeLine(parts, hold, actor, { action: 'letter_withdrawn', subject: id, type: row.type, text }, now)
  })
}
