import { randomBytes } from 'node:crypto'
import { AppError } from '../../../errors.ts'
import { DRAFT_LIFE } from '../../../domain/process/drafts.ts'
import type { FileStore } from '../../../files/store.ts'
import type { Answers, AttachmentInfo, Parts } from '../../case/core/types.ts'
import { forgetMemberCodes } from '../members/repository.ts'
import { newSeal, sealFor } from '../../case/ledger/sealing.ts'
import { deleteRows } from '../../case/attachments/repository.ts'
import { listAttachments, removeBytes } from '../../case/attachments/service.ts'
import { before, CODE_SHOWN, findDraft, MINUTE } from './submission.ts'

export { attach, detach, listAttachments, readAttachment, type FileInput, type StoredAttachment } from '../../case/attachments/service.ts'
export { missingAnswers } from './answers.ts'
export { prepareReceipt, readReceipt, submitDraft, type Circumstances, type Receipt } from './submission.ts'
export type { Answers, AttachmentInfo, FieldFaults, Identity, IssueAnswer, ParallelAnswer, Rule, Target, Typed, Unsure, When } from '../../case/core/types.ts'
export { COMPLAINT_KINDS, ISSUE_LIMIT, REPLY_WAYS, TEXT_LIMIT } from '../../case/core/types.ts'

export interface Draft { id: string, answers: Answers, ref: string | null, createdAt: string, savedAt: string, submittedAt: string | null, hasCode: boolean, ownDevice: boolean, attachments: AttachmentInfo[] }

/** Opens an empty draft; its id becomes the complaint's. `ownDevice`: a browser of the writer's own will remember it. */
export async function createDraft ({ db, keys }: Parts, now: string, ownDevice = false): Promise<string> {
  const id = randomBytes(16).toString('base64url')
  const { seal, wrapped } = newSeal(keys, id)
  await db.insertInto('draft').values({
    id, wrapped_key: wrapped, sealed: seal.close('answers', '{}'), ref: null, code_hash: null, code_sealed: null, created_at: now, saved_at: now, submitted_at: null, resume_hash: null, own_device: ownDevice ? 1 : 0
  }).execute()
  return id
}

/** The answers so far; none are left once submitted. Errors: `draft_gone`. */
export async function readDraft (parts: Parts, id: string): Promise<Draft> {
  const row = await findDraft(parts.db, id)
  const answers = row.submitted_at === null ? JSON.parse(sealFor(parts.keys, row).open('answers', row.sealed)) as Answers : {}
  const { ref, created_at: createdAt, saved_at: savedAt, submitted_at: submittedAt } = row
  return { id, answers, ref, createdAt, savedAt, submittedAt, hasCode: row.resume_hash !== null, ownDevice: row.own_device === 1, attachments: await listAttachments(parts, row) }
}

/**
 * Keeps the answers as they are, complete or not. Where another request saved another page since these answers were read, nothing is kept, so that
 * neither takes the other's words away. Errors: `draft_gone`, also when it was submitted meanwhile; `database_busy` for the one who was slower.
 */
export async function saveDraft (parts: Parts, id: string, answers: Answers, now: string): Promise<void> {
  for (;;) {
    const row = await findDraft(parts.db, id)
    if (row.submitted_at !== null) throw new AppError('draft_gone')
    const seal = sealFor(parts.keys, row)
    if (isBehind(answers, JSON.parse(seal.open('answers', row.sealed)) as Answers)) throw new AppError('database_busy')
    const { numUpdatedRows } = await parts.db.updateTable('draft').set({ sealed: seal.close('answers', JSON.stringify(answers)), saved_at: now })
      .where('id', '=', id).where('sealed', '=', row.sealed).where('submitted_at', 'is', null).executeTakeFirst()
    if (numUpdatedRows > 0n) return
  }
}

/** Whether a page was saved that these answers do not know of. */
function isBehind ({ saves = {} }: Answers, { saves: stored = {} }: Answers): boolean {
  return Object.entries(stored).some(([step, count]) => count > (saves[step] ?? 0))
}

/** Destroys a draft with its files. What was submitted is no draft any more and stays. */
export async function discardDraft ({ db }: Parts, files: FileStore, id: string): Promise<void> {
  const places = await db.transaction().execute(async trx => {
    const { numDeletedRows } = await trx.deleteFrom('draft').where('id', '=', id).where('submitted_at', 'is', null).executeTakeFirst()
    if (numDeletedRows === 0n) return []
    return await deleteRows(trx, id)
  })
  for (const place of places) await removeBytes(files, place)
}

/** Destroys drafts whose time is over, and query codes half an hour after submission. Returns how many drafts went. */
export async function sweepDrafts (parts: Parts, files: FileStore, now: string): Promise<number> {
  const { db } = parts
  await db.updateTable('draft').set({ code_sealed: null }).where('submitted_at', '<', before(now, CODE_SHOWN)).where('code_sealed', 'is not', null).execute()
  await forgetMemberCodes(db, before(now, CODE_SHOWN))
  await db.deleteFrom('draft').where('submitted_at', '<', before(now, DRAFT_LIFE.orphan * MINUTE)).execute()
  const stale = await db.selectFrom('draft').select('id').where('submitted_at', 'is', null).where(eb => eb.or([
    eb('saved_at', '<=', before(now, DRAFT_LIFE.kept * MINUTE)),
    eb.and([eb('saved_at', '<=', before(now, DRAFT_LIFE.orphan * MINUTE)), eb('resume_hash', 'is', null), eb('own_device', '=', 0)])
  ])).execute()
  for (const { id } of stale) await discardDraft(parts, files, id)
  return stale.length
}
