import { APPROVALS, letterKind, type Approval, type LetterType } from '../../../domain/supervision/letters.ts'
import type { Role } from '../../../domain/process/permissions.ts'
import { DEPUTISED } from '../../../domain/work/absence.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { listDeputisedRoles } from '../../allotment/absence/repository.ts'
import { AppError } from '../../../errors.ts'
import type { Parts } from '../../case/core/types.ts'
import { changeDraft, findDraftRef, insertApproval, listApprovals, type DraftRow } from './repository.ts'
import { digestLetter, findDraft, holding, openDraft, refused, writeLine, type Hold, type Person } from './drafts.ts'
import { LETTER_LIMITS, type LetterText } from '../../case/ledger/letter-text.ts'

export interface Verdict { id: string, version: number, decision: 'approve' | 'return', comment: string }

/** Whose turn it is; null when the letter waits for nobody. */
export function turnOf ({ state, type, step }: Pick<DraftRow, 'state' | 'type' | 'step'>): { step: Approval, role: Role } | null {
  const next = state === 'pending' ? letterKind(type as LetterType).chain[step] : undefined
  return next === undefined ? null : { step: next, role: APPROVALS[next] }
}

/** Whether the step is a person's: by their role, or for somebody who is away where `DEPUTISED` lets the role stand in. */
function isTurnOf ({ role, deputyFor = [] }: Pick<Person, 'role' | 'deputyFor'>, turn: ReturnType<typeof turnOf>): boolean {
  return turn !== null && (turn.role === role || (deputyFor.includes(turn.role) && DEPUTISED[turn.step].includes(role)))
}

/** Why somebody may not take the present step; null when they may. One person writes or takes one step, never two of them (since the letter was last handed in). */
export function barTo (actor: Person, row: DraftRow, approvals: ReadonlyArray<{ decision: string, account_id: number }>): 'not_your_turn' | 'own_letter' | 'took_a_step' | null {
  if (!isTurnOf(actor, turnOf(row))) return 'not_your_turn'
  if (row.author_id === actor.id) return 'own_letter'
  const since = approvals.slice(approvals.findLastIndex(({ decision }) => decision === 'handed_in'))
  return since.some(({ account_id: id }) => id === actor.id) ? 'took_a_step' : null
}

/** The text of a letter that was handed in, as it was then. Errors: `letter_altered` when it or what was approved of it is not the same. */
export function openFrozen ({ seal }: Pick<Hold, 'seal'>, row: DraftRow, approvals: ReadonlyArray<{ decision: string, digest: string }>): LetterText {
  const text = openDraft(seal, row)
  const digest = digestLetter(seal, row.type, text)
  const since = approvals.slice(approvals.findLastIndex(({ decision }) => decision === 'handed_in'))
  if (row.digest !== digest || since.length === 0 || since.some(approval => approval.digest !== digest)) throw new AppError('letter_altered', { id: row.id })
  return text
}

/**
 * Approves a letter at the present step of its chain, or returns it to its author with a comment. Errors: `forbidden`, `not_found`, `stale_version`,
 * `transition_refused`, `reason_required` (a return says why), `form_invalid`, `letter_altered`.
 */
export async function decideLetter (parts: Parts, actor: Person, { id, version, decision, comment }: Verdict, now: string): Promise<void> {
  if (decision === 'return' && comment.trim() === '') throw new AppError('reason_required', { action: 'return_letter' })
  if ([...comment].length > LETTER_LIMITS.comment) throw new AppError('form_invalid', { fields: { comment: { key: 'field.maxLength', values: { limit: LETTER_LIMITS.comment } } } })
  await holding(parts, actor, await findDraftRef(parts.db, id), { permission: 'letter.approve', now }, async hold => {
    const row = await findDraft(hold.trx, hold.complaint.id, id)
    if (row.version !== version) throw new AppError('stale_version', { id })
    const approvals = await listApprovals(hold.trx, id)
    const turn = turnOf(row)
    const bar = barTo({ ...actor, deputyFor: await listDeputisedRoles(hold.trx, actor.id, localDate(now)) }, row, approvals)
    if (turn === null || bar !== null) throw bar === null || bar === 'not_your_turn' ? refused(hold.complaint, 'decide_letter') : new AppError('form_invalid', { fields: { decision: { key: `approval.${bar}` } } })
    openFrozen(hold, row, approvals)
    await insertApproval(hold.trx, { draft_id: id, step: turn.step, decision: decision === 'approve' ? 'approved' : 'returned', account_id: actor.id, digest: row.digest ?? '', comment_sealed: comment.trim() === '' ? null : hold.seal.close(`approval:${id}`, comment), at: now })
    await changeDraft(hold.trx, row, decision === 'return' ? { state: 'draft', step: 0 } : advanced(row), now)
    await writeLine(parts, hold, actor, { action: decision === 'approve' ? 'letter_approved' : 'letter_returned', subject: id, type: row.type, ...comment.trim() === '' ? {} : { text: comment } }, now)
  })
}

function advanced ({ type, step }: DraftRow): { state: string, step: number } {
  const last = step + 1 === letterKind(type as LetterType).chain.length
  return { state: last ? 'approved' : 'pending', step: step + 1 }
}
