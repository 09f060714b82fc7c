import type { Db } from '../../../db/schema.ts'
import { LETTER_FIELDS, type DraftState, type LetterField, type LetterType } from '../../../domain/supervision/letters.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { listDeputisedRoles } from '../../allotment/absence/repository.ts'
import { AppError } from '../../../errors.ts'
import type { Locale } from '../../../paths.ts'
import { findBureau, findByRef, type ComplaintRow } from '../../case/core/repository.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Parts, Viewer } from '../../case/core/types.ts'
import type { Content } from '../../case/ledger/documents.ts'
import { sealFor, type Seal } from '../../case/ledger/sealing.ts'
import { barTo, openFrozen, turnOf } from '../letters/approvals.ts'
import { findDraftRef, listApprovals, type DraftRow } from '../letters/repository.ts'
import { findDraft, openDraft, type Person } from '../letters/drafts.ts'
import type { LetterText } from '../../case/ledger/letter-text.ts'
import { letterSheet, type LetterSheet } from './sheet.ts'

type Line = Awaited<ReturnType<typeof listApprovals>>[number]
export interface ApprovalView { step: string, decision: string, by: string, at: string, comment: string | null }
/** A part that was changed since the letter was last returned. */
export interface Change { part: LetterField | 'addressee' | 'demands', before: string, after: string }
export interface DraftView {
  id: string, ref: string, type: LetterType, state: DraftState, version: number, authorId: number, documentId: string | null, updatedAt: string
  text: LetterText, sheet: LetterSheet, turn: ReturnType<typeof turnOf>, approvals: ApprovalView[], changes: Change[]
}

/** A letter that was not issued yet, with who has looked at it. Errors: `not_found`, `letter_altered`. */
export async function readDraft (parts: Parts, viewer: Viewer, id: string, { locale, now }: { locale: Locale, now: string }): Promise<DraftView & { bar: ReturnType<typeof barTo> }> {
  const complaint = await findByRef(parts.db, await findDraftRef(parts.db, id), viewer)
  const row = await findDraft(parts.db, complaint.id, id)
  const [seal, lines] = [sealFor(parts.keys, complaint), await listApprovals(parts.db, id)]
  const text = row.state === 'draft' || row.state === 'withdrawn' ? openDraft(seal, row) : openFrozen({ seal }, row, lines)
  return {
    id, ref: complaint.ref, type: row.type as LetterType, state: row.state as DraftState, version: row.version, authorId: row.author_id, documentId: row.document_id, updatedAt: row.updated_at,
    text,
    sheet: await draftSheet(parts.db, complaint, row, text, { locale, now }),
    turn: turnOf(row),
    bar: barTo({ ...viewer as Person, deputyFor: await listDeputisedRoles(parts.db, viewer.id ?? 0, localDate(now)) }, row, lines),
    approvals: lines.map(line => ({ step: line.step, decision: line.decision, by: line.by, at: line.at, comment: commentOf(seal, line) })),
    changes: changesIn(seal, lines)
  }
}

/** What is proposed to the government: the letter alone. Errors: `forbidden`, `not_found`, `letter_altered`. */
export async function readProposal (parts: Parts, actor: Person, id: string, { locale, now }: { locale: Locale, now: string }): Promise<{ id: string, version: number, sheet: LetterSheet }> {
  demandPermission(actor, 'government.decide')
  const complaint = await findByRef(parts.db, await findDraftRef(parts.db, id), actor)
  const row = await findDraft(parts.db, complaint.id, id)
  if (row.state !== 'proposed') throw new AppError('not_found', { id })
  const text = openFrozen({ seal: sealFor(parts.keys, complaint) }, row, await listApprovals(parts.db, id))
  return { id, version: row.version, sheet: await draftSheet(parts.db, complaint, row, text, { locale, now }) }
}

/** What the agency of a case will be called, and by whom, before anything is issued. */
async function draftSheet (db: Db, complaint: ComplaintRow, row: DraftRow, text: LetterText, { locale, now }: { locale: Locale, now: string }): Promise<LetterSheet> {
  const bureau = await findBureau(db, complaint.bureau_id)
  const content: Content = { ref: complaint.ref, caseNo: complaint.case_no, bureau: bureau.name, bureauEn: bureau.name_en, issuedOn: localDate(now), letter: text }
  return letterSheet(locale, { type: row.type as LetterType, number: '', content })
}

/** A line that handed the letter in keeps its text, the others what was said. */
function commentOf (seal: Seal, { decision, draft_id: id, comment_sealed: sealed }: Line): string | null {
  return decision === 'handed_in' || sealed === null ? null : seal.open(`approval:${id}`, sealed)
}

function changesIn (seal: Seal, lines: Line[]): Change[] {
  const texts = lines.filter(({ decision, comment_sealed: sealed }) => decision === 'handed_in' && sealed !== null).slice(-2)
    .map(({ draft_id: id, comment_sealed: sealed }) => JSON.parse(seal.open(`approval:${id}`, sealed ?? '')) as LetterText)
  const [before, after] = texts
  if (before === undefined || after === undefined) return []
  const parts = ['addressee', ...LETTER_FIELDS, 'demands'] as const
  return parts.map(part => ({ part, before: textOf(before, part), after: textOf(after, part) })).filter(change => change.before !== change.after)
}

function textOf (letter: LetterText, part: Change['part']): string {
  if (part === 'addressee') return letter.addressee
  return part === 'demands' ? letter.demands.map(({ text, dueOn }, at) => `${at + 1}. ${text}${dueOn === undefined ? '' : ` ${dueOn}`}`).join('\n') : letter.fields[part] ?? ''
}
