import { appendAudit } from '../../../db/audit.ts'
import type { ClockTable, Db } from '../../../db/schema.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import type { Finding } from '../../../domain/process/findings.ts'
import type { GroundCode } from '../../../domain/process/grounds.ts'
import type { ReviewOutcome } from '../../../domain/aftermath/review.ts'
import { REFUSALS } from '../../../domain/process/refusals.ts'
import type { Suspension } from '../../../domain/supervision/suspensions.ts'
import type { RecordedChannel } from '../../../domain/process/sources.ts'
import { pick, type Action, type Status, type Transition } from '../../../domain/process/workflow.ts'
import { AppError } from '../../../errors.ts'
import type { Keys } from '../../../vault/keys.ts'
import type { Reckoner } from '../../../db/reckoner.ts'
import { turnClocks } from '../ledger/clocks.ts'
import { openApplied, type Applied } from '../../work/investigation/rules.ts'
import { issueDocument, type Content } from '../ledger/documents.ts'
import { takeNumber } from '../ledger/numbers.ts'
import { checkStep } from './demands.ts'
import { loadFacts } from '../standing/facts.ts'
import { changeComplaint, findAgencyName, findBureau, insertEvent, listIssues, updateCaseNo, type ComplaintRow } from './repository.ts'
import { sealFor, type Seal } from '../ledger/sealing.ts'
import type { Actor, Step } from './types.ts'

/** One transaction and what belongs to it. */
export interface Work { trx: Db, keys: Keys, reckoner: Reckoner, now: string }
export interface Moved { status: Status, version: number }
/** A step that was checked, on its way through the ledger. */
interface Course { row: Transition, actor: Actor, complaint: ComplaintRow, step: Step, seal: Seal }

/**
 * Takes one step of the workflow in the caller's transaction: status, clocks, numbers, document, event and audit entry together.
 * Errors: `stale_version`, `transition_refused`, `reason_required`, `form_invalid`.
 */
export async function takeStep (work: Work, actor: Actor, complaint: ComplaintRow, step: Step): Promise<Moved> {
  const { trx, keys, now } = work
  if (complaint.version !== step.version) throw new AppError('stale_version', { ref: complaint.ref })
  const row = pick(complaint.status as Status, step.action, actor.role, await loadFacts(trx, complaint, { refusal: step.refusal ?? null, actorId: actor.id }, now))
  await checkStep(trx, row, actor, complaint, step)
  const course = { row, actor, complaint, step, seal: sealFor(keys, complaint) }
  const caseNo = await move(work, course)
  const running = await turnClocks(trx, complaint.id, row.clock === undefined ? undefined : { ...row.clock, ...step.suspension === undefined ? {} : { why: step.suspension } }, work.reckoner, now)
  const addressee = await addresseeOf(trx, course)
  await writeDocument(work, course, { caseNo, ...addressee }, running)
  await insertEvent(trx, course.seal, complaint.id, eventOf(course, addressee, now))
  await appendAudit(trx, keys.audit, {
    at: now, actorId: actor.id, role: actor.role, action: `complaint.${step.action}`, subject: complaint.ref, result: 'done', requestId: actor.requestId
  })
  return { status: row.to, version: complaint.version + 1 }
}

/** The new status, and the case number where the complaint is accepted. */
async function move ({ trx, now }: Work, { row, actor, complaint, step }: Course): Promise<string | null> {
  const outcome = row.outcome?.[complaint.status as Status]
  const change = {
    status: row.to,
    ...outcome === undefined ? {} : { outcome, closed_at: now },
    ...outcome === undefined && complaint.closed_at !== null ? { outcome: null, closed_at: null } : {}, // taken up again
    ...row.released === true ? { handler_id: null } : {},
    ...row.to === 'delegated' ? { delegated_to: step.bureau ?? null } : row.action === 'return_delegation' ? { delegated_to: null } : {},
    ...step.refusal !== undefined && row.to === 'refused' ? { refusal_code: step.refusal } : {},
    ...actor.role === 'complainant' ? { unread: 1 as const } : {}
  }
  // First the version check, which locks the row: a number is only taken by the step that wins.
  await changeComplaint(trx, complaint, step.version, change, now)
  if (row.to !== 'accepted' || complaint.case_no !== null) return complaint.case_no
  const bureau = await findBureau(trx, complaint.bureau_id)
  const caseNo = await takeNumber(trx, bureau.case_prefix, 'case', now)
  await updateCaseNo(trx, complaint.id, caseNo)
  return caseNo
}

async function writeDocument (work: Work, course: Course, given: Pick<Content, 'caseNo' | 'receiving_body'>, running: ClockTable[]): Promise<void> {
  const { row, actor, complaint, seal } = course
  if (row.document === undefined) return
  const bureau = await findBureau(work.trx, complaint.bureau_id)
  const content: Content = { ...typedOf(course), ...await findingsOf(work.trx, course), ...given, ref: complaint.ref, bureau: bureau.name, bureauEn: bureau.name_en, issuedOn: localDate(work.now) }
  const dueOn = running.filter(clock => row.clock?.start?.some(name => name === clock.clock)).map(clock => clock.due_on)[0]
  if (dueOn !== undefined) content.dueOn = dueOn
  await issueDocument(work.trx, seal, { complaintId: complaint.id, type: row.document, prefix: bureau.case_prefix, authorId: actor.id, content }, work.now)
}

/** Whom a letter that the step issues is for, where that is not the complainant: the agency, or the district bureau. */
async function addresseeOf (trx: Db, { row, complaint, step }: Course): Promise<Pick<Content, 'receiving_body'>> {
  if (row.document === 'agency_notice' && complaint.agency_id !== null) return { receiving_body: await findAgencyName(trx, complaint.agency_id) }
  if (row.document === 'assignment_letter' && step.bureau !== undefined) return { receiving_body: (await findBureau(trx, step.bureau)).name }
  return {}
}

/** What of a step is written into its document. */
function typedOf ({ row, step }: Course): Partial<Content> {
  const { text, path } = step
  const refusal = row.to === 'refused' ? step.refusal : undefined
  return {
    ...row.reason === true && text !== undefined ? { text } : {},
    ...row.fields?.includes('path') === true && path !== undefined ? { path } : {},
    ...fieldsOf({ row, step }),
    ...codesOf({ row, step }),
    ...refusal === undefined ? {} : { refusal, remedy: REFUSALS[refusal].remedy }
  }
}

/** The typed fields that the row asks for. */
function fieldsOf ({ row, step }: Pick<Course, 'row' | 'step'>): Record<string, string> {
  const asked = (['receiving_body', 'parallel', 'earlier_reference'] as const).filter(field => row.fields?.includes(field) === true && step[field] !== undefined)
  return Object.fromEntries(asked.map(field => [field, step[field] as string]))
}

/** The chosen codes that the row asks for, other than a refusal's. */
function codesOf ({ row, step }: Pick<Course, 'row' | 'step'>): { issue?: number, review_outcome?: ReviewOutcome, suspension?: Suspension, channel?: RecordedChannel } {
  const asked = (field: 'issue' | 'review_outcome' | 'suspension' | 'channel'): boolean => row.fields?.includes(field) === true
  return {
    ...asked('issue') && step.issue !== undefined ? { issue: step.issue } : {},
    ...asked('review_outcome') && step.review_outcome !== undefined ? { review_outcome: step.review_outcome } : {},
    ...asked('channel') && step.channel !== undefined ? { channel: step.channel } : {},
    ...asked('suspension') && step.suspension !== undefined ? { suspension: step.suspension } : {}
  }
}

/** A reply answers every issue and says what is left to do; other documents do not speak of findings. */
async function findingsOf (trx: Db, { row, complaint, seal }: Course): Promise<Partial<Content>> {
  if (row.document !== 'reply_letter' && row.document !== 'review_reply') return {}
  const issues = await listIssues(trx, complaint.id)
  return {
    remedy: row.document === 'reply_letter' ? 'answered' : 'reviewed',
    issues: issues.map(issue => ({
      no: issue.no,
      ground: issue.ground as GroundCode,
      finding: issue.finding as Finding,
      reasons: seal.open(`issue:${issue.no}:reasons`, issue.reasons_sealed ?? ''),
      ...written(openApplied(seal, issue))
    }))
  }
}

/** Only what there is: a letter has no empty lines. */
function written ({ rule, redress, required }: Applied): Pick<NonNullable<Content['issues']>[number], 'rule' | 'redress' | 'required'> {
  return { ...rule === null ? {} : { rule }, ...redress.length === 0 ? {} : { redress }, ...required === null ? {} : { required } }
}

function eventOf (course: Course, addressee: Pick<Content, 'receiving_body'>, at: string): Parameters<typeof insertEvent>[3] {
  const { row, actor, complaint, step } = course
  return {
    action: (row.as ?? step.action) as Action,
    from: complaint.status,
    to: row.to,
    actorId: actor.id,
    role: actor.role,
    audience: row.audience,
    details: {
      ...row.to === 'refused' && step.refusal !== undefined ? { refusal: step.refusal } : {},
      ...row.fields?.includes('path') === true && step.path !== undefined ? { path: step.path } : {},
      ...codesOf(course)
    },
    typed: { ...step.text === undefined ? {} : { text: step.text }, ...fieldsOf(course), ...row.fields?.includes('bureau') === true ? addressee : {} },
    at
  }
}
