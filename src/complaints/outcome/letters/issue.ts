import { loadReckoner, type Reckoner } from '../../../db/reckoner.ts'
import { demanding, letterKind, type LetterType } from '../../../domain/supervision/letters.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { startClock, type Clock } from '../../../domain/time/clocks.ts'
import type { Permission } from '../../../domain/process/permissions.ts'
import { AppError } from '../../../errors.ts'
import { findBureau, findByRef, touchComplaint } from '../../case/core/repository.ts'
import { demandPermission } from '../../case/core/service.ts'
import { takeStep } from '../../case/core/steps.ts'
import type { Parts } from '../../case/core/types.ts'
import { issueDocument, type Content } from '../../case/ledger/documents.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { openFrozen } from './approvals.ts'
import { changeDraft, findDraftRef, insertApproval, listApprovals, type DraftRow } from './repository.ts'
import { digestFindings, findDraft, refused, writeLine, type Hold, type Person } from './drafts.ts'
import type { LetterText } from '../../case/ledger/letter-text.ts'

interface Signing { parts: Parts, actor: Person, hold: Hold, row: DraftRow, text: LetterText, reckoner: Reckoner, now: string }
interface Asked { id: string, version: number, permission: Permission }

/**
 * Issues an approved letter: number, document, demands, the step of the case with its clocks, in one transaction; the event tells the complainant that it
 * went out. A decision goes to the government first (`proposeLetter`). Errors: `forbidden`, `not_found`, `stale_version`, `transition_refused`,
 * `form_invalid` (findings have changed, a day is past), `letter_altered`. Returns the document's id.
 */
export async function issueLetter (parts: Parts, actor: Person, { id, version }: { id: string, version: number }, now: string): Promise<string> {
  return await signing(parts, actor, { id, version, permission: 'letter.sign' }, now, async work => {
    const { hold, row } = work
    if (row.state !== 'approved' || row.type === 'decision_letter') throw refused(hold.complaint, 'issue_letter')
    return await issue(work, 'issue_letter')
  })
}

/** Puts an approved decision before the government (行政执法监督条例 29). Errors: as `issueLetter`. */
export async function proposeLetter (parts: Parts, actor: Person, { id, version }: { id: string, version: number }, now: string): Promise<void> {
  await signing(parts, actor, { id, version, permission: 'letter.sign' }, now, async work => {
    const { hold, row } = work
    if (row.state !== 'approved' || row.type !== 'decision_letter') throw refused(hold.complaint, 'propose_to_government')
    await step(work, 'propose_to_government')
    await changeDraft(hold.trx, row, { state: 'proposed' }, now)
  })
}

/** The government approves what is proposed, which issues it, or returns it; both say why. Errors: as `issueLetter`, `reason_required`. Returns the document's id. */
export async function decideProposal (parts: Parts, actor: Person, { id, version, decision, text }: { id: string, version: number, decision: 'approve' | 'return', text: string }, now: string): Promise<string | null> {
  return await signing(parts, actor, { id, version, permission: 'government.decide' }, now, async work => {
    const { hold, row } = work
    if (row.state !== 'proposed') throw refused(hold.complaint, 'government_approve')
    await insertApproval(hold.trx, { draft_id: id, step: 'government', decision: decision === 'approve' ? 'approved' : 'returned', account_id: actor.id, digest: row.digest ?? '', comment_sealed: hold.seal.close(`approval:${id}`, text), at: now })
    if (decision === 'approve') return await issue(work, 'government_approve', text)
    await step(work, 'government_return', text)
    await changeDraft(hold.trx, row, { state: 'draft', step: 0 }, now)
    return null
  })
}

async function signing<T> (parts: Parts, actor: Person, { id, version, permission }: Asked, now: string, work: (signing: Signing) => Promise<T>): Promise<T> {
  demandPermission(actor, permission)
  const [ref, reckoner] = [await findDraftRef(parts.db, id), await loadReckoner(parts.db)]
  return await parts.db.transaction().execute(async trx => {
    const complaint = await touchComplaint(trx, (await findByRef(trx, ref, actor)).id, {}, now) // locked before a number is taken
    const hold = { trx, complaint, seal: sealFor(parts.keys, complaint) }
    const row = await findDraft(trx, complaint.id, id)
    if (row.version !== version) throw new AppError('stale_version', { id })
    const approvals = await listApprovals(trx, id)
    return await work({ parts, actor, hold, row, text: openFrozen(hold, row, approvals), reckoner, now })
  })
}

async function issue (work: Signing, action: 'issue_letter' | 'government_approve', instruction?: string): Promise<string> {
  const { parts, actor, hold, row, now } = work
  const text = dated(work)
  await demandSound(work, text)
  const bureau = await findBureau(hold.trx, hold.complaint.bureau_id)
  const content: Content = {
    ref: hold.complaint.ref, caseNo: hold.complaint.case_no, bureau: bureau.name, bureauEn: bureau.name_en, issuedOn: localDate(now), receiving_body: text.addressee, letter: text,
    ...letterKind(row.type as LetterType).objection ? { objectionOn: dueBy(work, 'objection') } : {}
  }
  const documentId = await issueDocument(hold.trx, hold.seal, { complaintId: hold.complaint.id, type: row.type as LetterType, prefix: bureau.case_prefix, authorId: row.author_id, content }, now)
  if (demanding(row.type)) await step(work, action, instruction)
  await changeDraft(hold.trx, row, { state: 'issued', document_id: documentId }, now)
  await insertDemands(work, text, documentId)
  await writeLine(parts, hold, actor, { action: 'letter_sent', subject: documentId, type: row.type }, now)
  return documentId
}

/** Each demand with its day: the one that was approved, or the end of the clock for rectification. */
function dated (work: Signing): LetterText {
  const due = dueBy(work, 'rectify')
  return { ...work.text, demands: work.text.demands.map(demand => ({ ...demand, dueOn: demand.dueOn ?? due })) }
}

function dueBy ({ reckoner, now }: Signing, clock: Clock): string {
  const rule = reckoner.rules.get(clock)
  if (rule === undefined) throw new Error(`the deadline profile has no clock ${clock}`)
  return startClock(now, rule, reckoner.calendar).dueOn
}

/** What was approved must still stand: on the same findings, with days that are still to come. */
async function demandSound ({ hold, text, now }: Signing, { demands }: LetterText): Promise<void> {
  if (text.findings !== await digestFindings(hold.trx, hold.seal, hold.complaint.id)) throw new AppError('form_invalid', { fields: { letter: { key: 'drafting.findings_changed' } } })
  if (demands.some(({ dueOn = '' }) => dueOn <= localDate(now))) throw new AppError('form_invalid', { fields: { letter: { key: 'drafting.due_is_past' } } })
}

async function insertDemands ({ hold, now }: Signing, { demands }: LetterText, documentId: string): Promise<void> {
  if (demands.length === 0) return
  await hold.trx.insertInto('demand').values(demands.map(({ kind, text, dueOn = '' }, at) => ({
    complaint_id: hold.complaint.id, document_id: documentId, no: at + 1, kind, sealed: hold.seal.close(`demand:${documentId}:${at + 1}`, text), due_on: dueOn, state: 'open', changed_at: now
  }))).execute()
}

async function step ({ parts, actor, hold, reckoner, now }: Signing, action: 'issue_letter' | 'propose_to_government' | 'government_approve' | 'government_return', text?: string): Promise<void> {
  const { trx, complaint } = hold
  await takeStep({ trx, keys: parts.keys, reckoner, now }, actor, complaint, { action, version: complaint.version, ...text === undefined ? {} : { text } })
}
