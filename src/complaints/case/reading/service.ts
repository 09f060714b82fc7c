import type { Finding } from '../../../domain/process/findings.ts'
import type { GroundCode } from '../../../domain/process/grounds.ts'
import type { IdentityMode } from '../../../domain/process/identity-modes.ts'
import type { Parallel } from '../../../domain/process/parallel.ts'
import type { Role } from '../../../domain/process/permissions.ts'
import type { RefusalCode } from '../../../domain/process/refusals.ts'
import { hasComplainant } from '../../../domain/process/sources.ts'
import { mayWrite, ROWS, stageOf, type Action, type Outcome, type Status } from '../../../domain/process/workflow.ts'
import { startClock, type Clock } from '../../../domain/time/clocks.ts'
import { AppError } from '../../../errors.ts'
import { factsOf, readStanding } from '../standing/facts.ts'
import { findById, findByRef, listActs, listIssues, type ComplaintRow, type IssueRow } from '../core/repository.ts'
import type { Parts, RevealReason, Viewer } from '../core/types.ts'
import { aftermathOf, followedUp } from '../../following/requests/reading.ts'
import { isForComplainant, listAttachments } from '../attachments/service.ts'
import { loadCalendar, loadReckoner } from '../../../db/reckoner.ts'
import { openApplied, type Applied } from '../../work/investigation/rules.ts'
import { listClocks } from '../ledger/clocks.ts'
import { sealFor, type Seal } from '../ledger/sealing.ts'
import { clockViews, listDocuments, listEvents, listMessages, listNotes, type DocumentView, type EventView } from './history.ts'
import { findParties, listLinks, openDetails } from './records.ts'
import { headOf } from './repository.ts'

export type { ClockView, DocumentView, EventView, MessageView, NoteView } from './history.ts'
export type { LinkView } from './records.ts'

export interface IssueView { no: number, ground: GroundCode, text: string, finding: Finding | null, reasons: string | null, applied: Applied }

/** Who looks at a case, with the role that decides what of a rating is shown. */
export interface CaseViewer extends Viewer { role?: Role }

export type Case = Awaited<ReturnType<typeof findCase>>
export type Tracking = Awaited<ReturnType<typeof findTracking>>

/** A complaint as its handlers see it. Never the identity: that is only revealed. Errors: `not_found`, also for another bureau's. */
export async function findCase (parts: Parts, ref: string, now: string, viewer?: CaseViewer) {
  const { db } = parts
  const row = await findByRef(db, ref, viewer)
  const seal = sealFor(parts.keys, row)
  const rows = await listIssues(db, row.id)
  const clocks = await listClocks(db, row.id)
  const details = openDetails(seal, row.sealed)
  const { target, parallel: parallelDetails, ...typed } = details
  return {
    ...detailsOf(row),
    ...await findParties(db, row),
    ...typed,
    target,
    parallelDetails,
    issues: openIssues(seal, rows),
    links: await listLinks(db, row.id),
    events: await listEvents(db, seal, row.id),
    messages: await listMessages(db, seal, row.id),
    notes: await listNotes(db, seal, row.id),
    documents: await listDocuments(db, seal, row.id),
    clocks: clockViews(clocks, await loadCalendar(db)),
    attachments: await listAttachments(parts, row),
    aftermath: await aftermathOf(parts, row, viewer),
    facts: factsOf({ complaint: row, issues: rows, clocks, acts: await listActs(db, row.id), standing: await readStanding(db, row, viewer?.id ?? null) }, { actorId: viewer?.id ?? null }, now)
  }
}

/**
 * A complaint as its complainant sees it: what was said to them and what they said, due dates with their arithmetic, and who has seen their
 * name. Never notes, internal events, names of staff, and findings only once the reply is out. Errors: `not_found`.
 */
export async function findTracking (parts: Parts, id: string, now: string) {
  const { db } = parts
  const row = await findById(db, id)
  const seal = sealFor(parts.keys, row)
  const { unread: _unread, priority: _priority, suspect: _suspect, suspicions: _suspicions, ...head } = detailsOf(row)
  const { bureau, agency } = await findParties(db, row)
  const { target, parallel: parallelDetails, ...typed } = openDetails(seal, row.sealed)
  const events = (await listEvents(db, seal, id)).filter(event => event.audience !== 'internal')
  const documents = (await listDocuments(db, seal, id)).filter(document => document.toComplainant)
  const letter = documents.findLast(({ type }) => type === 'reply_letter' || type === 'review_reply')
  return {
    ...head,
    bureau,
    agency,
    ...typed,
    target,
    parallelDetails,
    stage: stageOf(head.status),
    issues: openIssues(seal, await listIssues(db, id)).map(issue => ({ ...issue, ...answerIn(letter, issue.no) })),
    answeredOn: letter?.content.issuedOn ?? null,
    answer: letter?.content.text ?? null,
    remedy: letter?.content.remedy ?? null,
    links: await listLinks(db, id),
    events: events.map(publicEvent),
    messages: (await listMessages(db, seal, id)).map(({ author: _author, ...message }) => message),
    documents,
    clocks: clockViews(await listClocks(db, id), await loadCalendar(db)),
    attachments: (await listAttachments(parts, row)).filter(isForComplainant),
    views: events.filter(event => event.action === 'identity_viewed').map(event => ({ at: event.at, role: event.role, reason: event.details['reason'] as RevealReason })),
    followUp: await followedUp(parts, row, now),
    may: { message: mayWrite(head.status, 'in'), withdraw: may(head.status, 'withdraw'), supply: may(head.status, 'supply_supplement') }
  }
}

/** The last days of clocks if they began now, in their order; for a step that is about to be taken. */
export async function dueIfStarted ({ db }: Parts, clocks: readonly Clock[], now: string): Promise<Array<{ clock: Clock, on: string }>> {
  if (clocks.length === 0) return []
  const { calendar, rules } = await loadReckoner(db)
  return clocks.flatMap(clock => {
    const rule = rules.get(clock)
    return rule === undefined ? [] : [{ clock, on: startClock(now, rule, calendar).dueOn }]
  })
}

/** One issued document. Errors: `not_found`, also for another complaint's. */
export async function findDocument (parts: Parts, complaintId: string, documentId: string): Promise<DocumentView> {
  const row = await findById(parts.db, complaintId)
  const found = (await listDocuments(parts.db, sealFor(parts.keys, row), complaintId)).find(document => document.id === documentId)
  if (found === undefined) throw new AppError('not_found', { id: documentId })
  return found
}

function detailsOf (row: ComplaintRow) {
  return {
    ...headOf(row),
    id: row.id,
    outcome: row.outcome as Outcome | null,
    kind: row.kind,
    bureauId: row.bureau_id,
    delegatedTo: row.delegated_to,
    nobody: !hasComplainant(row.source),
    receivedOn: row.received_on,
    mode: row.identity_mode as IdentityMode,
    parallel: row.parallel as Parallel,
    refusalCode: row.refusal_code as RefusalCode | null,
    occurredOn: row.occurred_on,
    closedAt: row.closed_at,
    persons: row.persons
  }
}

function openIssues (seal: Seal, rows: readonly IssueRow[]): IssueView[] {
  return rows.map(issue => ({
    no: issue.no,
    ground: issue.ground as GroundCode,
    text: seal.open(`issue:${issue.no}`, issue.sealed),
    finding: issue.finding as Finding | null,
    reasons: issue.reasons_sealed === null ? null : seal.open(`issue:${issue.no}:reasons`, issue.reasons_sealed),
    applied: openApplied(seal, issue)
  }))
}

/** An event without who did it; what was typed only where the step's row lets the complainant read it. */
function publicEvent ({ seq, action, to, role, audience, text, fields, details, at }: EventView) {
  const by = role === 'complainant' ? 'you' : role === 'system' ? 'system' : 'bureau'
  return { seq, action, to, by, details, at, ...audience === 'text' ? { text, fields } : { text: null, fields: {} } }
}

/** What the letter that counts says about an issue: findings that are being made again are nobody's to see before the next letter. */
function answerIn (letter: DocumentView | undefined, no: number): Pick<IssueView, 'finding' | 'reasons' | 'applied'> {
  const found = letter?.content.issues?.find(issue => issue.no === no)
  return { finding: found?.finding ?? null, reasons: found?.reasons ?? null, applied: { rule: found?.rule ?? null, redress: found?.redress ?? [], required: found?.required ?? null } }
}

function may (status: Status, action: Action): boolean {
  return ROWS.some(row => row.action === action && row.by.includes('complainant') && row.from.includes(status))
}
