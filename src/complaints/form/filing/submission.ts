import { randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import { appendAudit } from '../../../db/audit.ts'
import type { Db, DraftTable } from '../../../db/schema.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { IDENTITY_MODES } from '../../../domain/process/identity-modes.ts'
import type { Role } from '../../../domain/process/permissions.ts'
import { newQueryCode, newReference } from '../../../domain/records/receipts.ts'
import type { Suspicion } from '../../../domain/process/suspicions.ts'
import { ROWS, type Transition } from '../../../domain/process/workflow.ts'
import { AppError } from '../../../errors.ts'
import type { Locale } from '../../../paths.ts'
import { hashOfNobody, hashSecret } from '../../../vault/passwords.ts'
import { forgetOriginals } from '../../case/attachments/repository.ts'
import { keepIdentity } from '../../following/contacts/service.ts'
import { findBureau, insertEvent } from '../../case/core/repository.ts'
import type { Work } from '../../case/core/steps.ts'
import type { Answers, Details, Parts } from '../../case/core/types.ts'
import { loadReckoner } from '../../../db/reckoner.ts'
import { inTransaction } from '../../../db/open.ts'
import { turnClocks } from '../../case/ledger/clocks.ts'
import { issueDocument } from '../../case/ledger/documents.ts'
import { sealFor, type Seal } from '../../case/ledger/sealing.ts'
import { keepMembers, prepareMembers, type MemberRow } from '../members/service.ts'
import { suspicionsOf, textDigest } from '../../work/quarantine/service.ts'
import { route } from '../../allotment/routing/applying.ts'
import { isComplete, missingAnswers, type Complete } from './answers.ts'
import { entrantOf, receivedAt, sourceColumns } from '../entry/filing.ts'
import { findBySourceKey } from '../entry/repository.ts'
import { takeAim } from './target.ts'

/**
 * What is known of a submission besides the answers. `suspicions`: why a machine may have sent it, for what came through the public form; it is kept
 * apart then, never dropped. `handedOver`: another system files it, so it stands in the record as the system's act, and no query code is made that
 * somebody other than the complainant would hold.
 */
export interface Circumstances { requestId?: string, suspicions?: readonly Suspicion[], fictional?: boolean, locale?: Locale, consents?: Answers['consents'], handedOver?: true }

/** What the complainant keeps; `code` is null once `codeUntil` is over. */
export interface Receipt { ref: string, code: string | null, codeUntil: string, submittedAt: string, status: string, dueOn: string | null, mode: string }

export const MINUTE = 60_000
/** For how long the query code is shown again to the session that submitted (security.md R-7). */
export const CODE_SHOWN = 30 * MINUTE

/** The instant so many milliseconds earlier. */
export function before (now: string, span: number): string {
  return new Date(Date.parse(now) - span).toISOString()
}

type DraftRow = Selectable<DraftTable>
interface Filing { draft: DraftRow, ref: string, answers: Complete, seal: Seal, circumstances: Circumstances, members: MemberRow[], entrant: { id: number, role: Role } | null }

const SUBMIT = ROWS.find(row => row.action === 'submit') as Transition

/**
 * Turns a draft into a complaint of the same id, in one transaction that is durable before the answer. A second call, at once or later,
 * returns the same reference; `made` is true for the one that made the complaint. Errors: `draft_gone`, `form_invalid` with the fault of each field.
 */
export async function submitDraft (parts: Parts, id: string, now: string, circumstances: Circumstances = {}): Promise<{ ref: string, made: boolean }> {
  const { ref } = await prepareReceipt(parts, id, circumstances.handedOver)
  const reckoner = await loadReckoner(parts.db)
  const members = await prepareMembers(parts, id, answers => isComplete(answers, localDate(now)))
  const made = await inTransaction(parts.db, async trx => {
    const draft = await takeDraft(trx, id, now)
    if (draft === undefined) return false // another request was first
    const seal = sealFor(parts.keys, draft)
    const answers = JSON.parse(seal.open('answers', draft.sealed)) as Answers
    if (!isComplete(answers, localDate(now))) throw new AppError('form_invalid', { fields: missingAnswers(answers, localDate(now)) })
    await file({ trx, keys: parts.keys, reckoner, now }, { draft, ref, answers, seal, circumstances, members, entrant: await entrantOf(trx, draft.entered_by) })
    return true
  })
  return { ref, made }
}

/** Marks the draft as submitted; undefined when it already is. The row stays locked, so that of two at once one waits for the other. */
async function takeDraft (trx: Db, id: string, now: string): Promise<DraftRow | undefined> {
  const marked = await trx.updateTable('draft').set({ submitted_at: now }).where('id', '=', id).where('submitted_at', 'is', null).returningAll().executeTakeFirst()
  if (marked !== undefined) return marked
  const known = await trx.selectFrom('draft').select('id').where('id', '=', id).executeTakeFirst()
  if (known === undefined) throw new AppError('draft_gone')
  return undefined
}

async function file (work: Work, filing: Filing): Promise<void> {
  const { trx, keys, now } = work
  const { draft: { id }, ref, answers, seal, circumstances, entrant } = filing
  const [actorId, role] = [entrant?.id ?? null, entrant?.role ?? (circumstances.handedOver === true ? 'system' as const : 'complainant' as const)]
  const bureauId = await insertComplaint(work, filing)
  if (!IDENTITY_MODES[answers.mode].sealed) await forgetOriginals(trx, id) // their bytes are orphans now, and swept
  const rows = answers.issues.map((issue, at) => ({ complaint_id: id, no: at + 1, ground: issue.ground, sealed: seal.close(`issue:${at + 1}`, issue.text), finding: null, reasons_sealed: null }))
  await trx.insertInto('complaint_issue').values(rows).execute()
  if (IDENTITY_MODES[answers.mode].sealed && answers.identity !== undefined) await keepIdentity(trx, keys, id, { ...answers.identity, ...answers.group }, { locale: circumstances.locale ?? 'zh-CN', now })
  await keepMembers(trx, filing.members, answers.group?.members)
  const consents = Object.entries({ ...answers.consents, ...circumstances.consents }).map(([code, version]) => ({ complaint_id: id, code, version, at: now }))
  if (consents.length > 0) await trx.insertInto('consent').values(consents).execute()
  const running = await turnClocks(trx, id, SUBMIT.clock, work.reckoner, receivedAt(answers.entry, now))
  const first = running.find(clock => clock.clock === 'accept')
  if (answers.urgent === true) await turnClocks(trx, id, { start: ['urgent'] }, work.reckoner, now)
  const bureau = await findBureau(trx, bureauId)
  const content = { ref, caseNo: null, bureau: bureau.name, bureauEn: bureau.name_en, issuedOn: localDate(now), ...first === undefined ? {} : { dueOn: first.due_on } }
  await issueDocument(trx, seal, { complaintId: id, type: 'receipt', prefix: bureau.case_prefix, authorId: actorId, content }, now)
  await insertEvent(trx, seal, id, { action: 'submit', from: null, to: SUBMIT.to, actorId, role, audience: SUBMIT.audience, at: now })
  await route(work, id, answers, circumstances.requestId)
  await trx.updateTable('draft').set({ sealed: '' }).where('id', '=', id).execute()
  await appendAudit(trx, keys.audit, { at: now, actorId, role, action: 'complaint.submit', subject: ref, result: 'done', requestId: circumstances.requestId ?? '' })
}

async function insertComplaint ({ trx, keys, now }: Work, { draft, ref, answers, seal, circumstances }: Filing): Promise<number> {
  const digest = textDigest(keys, [...answers.issues.map(issue => issue.text), answers.claim ?? ''])
  const suspicions = await suspicionsOf(trx, circumstances.suspicions, digest, now)
  const aim = await takeAim(trx, answers, answers.when.date)
  const source = sourceColumns(keys, answers.entry)
  const { numInsertedOrUpdatedRows: made } = await trx.insertInto('complaint').values({
    id: draft.id,
    ref,
    case_no: null,
    version: 1,
    status: SUBMIT.to,
    outcome: null,
    bureau_id: aim.bureauId,
    kind: answers.kind ?? 'complaint',
    ...source,
    entered_by: draft.entered_by,
    identity_mode: answers.mode,
    parallel: answers.parallel.kind,
    agency_id: aim.agencyId,
    occurred_on: answers.when.date ?? null,
    refusal_code: null,
    handler_id: null,
    wrapped_key: draft.wrapped_key,
    sealed: seal.close('details', JSON.stringify(detailsOf(answers))),
    code_hash: draft.code_hash as string,
    due_on: null,
    due_clock: null,
    due_from: null,
    sort_on: '',
    submitted_at: now,
    updated_at: now,
    closed_at: null,
    suspect: suspicions.length > 0 ? 1 : 0,
    suspicions: suspicions.join(' '),
    quarantine: suspicions.length > 0 ? 'waiting' : null,
    text_digest: digest,
    fictional: circumstances.fictional === true ? 1 : 0,
    urgent: answers.urgent === true ? 1 : 0,
    persons: 1 + (answers.group?.members.length ?? 0)
  }).onConflict(conflict => conflict.column('source_key').doNothing()).executeTakeFirst()
  // The same item was entered at another desk meanwhile: two of one moment wait for each other here.
  if (made === 0n) throw new AppError('already_filed', { ref: await findBySourceKey(trx, source.source_key ?? '') ?? '' })
  if (aim.links.length > 0) await trx.insertInto('complaint_link').values(aim.links.map(link => ({ ...link, complaint_id: draft.id }))).execute()
  return aim.bureauId
}

function detailsOf ({ target, when, place, rule = {}, effect = {}, claim, parallel, paper, prompts, reply, entry }: Complete): Details {
  return {
    target, when, place: place ?? '', rule, effect, claim: claim ?? '', parallel,
    ...paper === undefined ? {} : { paper }, ...prompts === undefined ? {} : { prompts }, ...reply === undefined ? {} : { reply }, ...entry === undefined ? {} : { entry }
  }
}

/**
 * Makes reference and query code before the last click, once for a draft: submitting is then cheap, and a lost answer locks nobody out
 * (security.md R-7). Errors: `draft_gone`.
 */
export async function prepareReceipt ({ db, keys }: Parts, id: string, handedOver = false): Promise<{ ref: string }> {
  const row = await findDraft(db, id)
  if (row.ref !== null) return { ref: row.ref }
  const code = handedOver ? null : newQueryCode(randomBytes)
  const secret = code === null ? { code_hash: hashOfNobody(randomBytes), code_sealed: null } : { code_hash: await hashSecret(code, keys.pepper), code_sealed: sealFor(keys, row).close('code', code) }
  const made = { ref: await freshReference(db), ...secret }
  await db.updateTable('draft').set(made).where('id', '=', id).where('ref', 'is', null).execute()
  const { ref } = await findDraft(db, id) // of two at once, the first one's stands
  return { ref: ref as string }
}

async function freshReference (db: Db): Promise<string> {
  for (;;) {
    const ref = newReference(randomBytes)
    const taken = await db.selectFrom('complaint').select('id').where('ref', '=', ref).union(db.selectFrom('draft').select('id').where('ref', '=', ref)).executeTakeFirst()
    if (taken === undefined) return ref
  }
}

/** The receipt of a submitted draft; the code only for half an hour. Errors: `draft_gone` when it was not submitted or is no longer kept. */
export async function readReceipt (parts: Parts, id: string, now: string): Promise<Receipt> {
  const row = await findDraft(parts.db, id)
  if (row.submitted_at === null) throw new AppError('draft_gone')
  const complaint = await parts.db.selectFrom('complaint').select(['ref', 'status', 'due_on', 'identity_mode']).where('id', '=', id).executeTakeFirstOrThrow()
  const shown = row.code_sealed !== null && row.submitted_at >= before(now, CODE_SHOWN)
  const code = shown ? sealFor(parts.keys, row).open('code', row.code_sealed as string) : null
  return { ref: complaint.ref, code, codeUntil: before(row.submitted_at, -CODE_SHOWN), submittedAt: row.submitted_at, status: complaint.status, dueOn: complaint.due_on, mode: complaint.identity_mode }
}

/** A draft as it is stored, else `draft_gone`. */
export async function findDraft (db: Db, id: string): Promise<DraftRow> {
  return await db.selectFrom('draft').selectAll().where('id', '=', id).executeTakeFirstOrThrow(() => new AppError('draft_gone'))
}
