import type { ClockTable, Db } from '../../../db/schema.ts'
import type { Calendar } from '../../../domain/time/calendar.ts'
import { explain, type Clock, type DayType, type Extension, type Pause, type Step } from '../../../domain/time/clocks.ts'
import type { Role } from '../../../domain/process/permissions.ts'
import type { Audience } from '../../../domain/process/workflow.ts'
import { courseOf } from '../ledger/clocks.ts'
import { isForComplainant, openDocument, type Content } from '../ledger/documents.ts'
import type { Seal } from '../ledger/sealing.ts'

export interface EventView {
  seq: number, action: string, from: string | null, to: string, role: Role, actor: string | null, audience: Audience
  text: string | null
  /** Other things typed with the step: receiving_body, parallel, earlier_reference, note. */
  fields: Record<string, string>
  /** Codes: refusal, path, issue, finding, reason. */
  details: Record<string, string | number>
  at: string
}
export interface MessageView { id: number, direction: 'in' | 'out', author: string | null, text: string, at: string, readAt: string | null, replyBy: string | null, digest: string | null, member: number | null }
export interface NoteView { id: number, author: string, text: string, at: string }
export interface DocumentView { id: string, type: string, number: string, issuedAt: string, digest: string, voidedAt: string | null, toComplainant: boolean, content: Content }
/** A clock with its rule and its arithmetic, step by step. */
export interface ClockView {
  clock: Clock, startedAt: string, days: number, dayType: DayType, basis: string, basisEn: string, kind: string
  dueOn: string, assured: boolean, pausedOn: string | null, stoppedOn: string | null, pauses: readonly Pause[], extensions: readonly Extension[], steps: Step[]
}

/** Everything that happened, oldest first, internal things included. */
export async function listEvents (db: Db, seal: Seal, id: string): Promise<EventView[]> {
  const rows = await db.selectFrom('event').leftJoin('account', 'account.id', 'event.actor_id').selectAll('event').select('account.name as actor')
    .where('complaint_id', '=', id).orderBy('seq').execute()
  return rows.map(row => {
    const { text, ...fields } = row.reason_sealed === null ? {} as Record<string, string> : JSON.parse(seal.open(`event:${row.seq}`, row.reason_sealed)) as Record<string, string>
    return {
      seq: row.seq,
      action: row.action,
      from: row.from_status,
      to: row.to_status,
      role: row.actor_role as Role,
      actor: row.actor,
      audience: row.audience,
      text: text ?? null,
      fields,
      details: row.details === null ? {} : JSON.parse(row.details) as Record<string, string | number>,
      at: row.at
    }
  })
}

/** The letters in both directions, oldest first. */
export async function listMessages (db: Db, seal: Seal, id: string): Promise<MessageView[]> {
  const rows = await db.selectFrom('message').leftJoin('account', 'account.id', 'message.author_id').selectAll('message').select('account.name as author')
    .where('complaint_id', '=', id).orderBy('message.id').execute()
  return rows.map(row => ({
    id: row.id, direction: row.direction, author: row.author, text: seal.open(`message:${row.direction}:${row.at}`, row.sealed), at: row.at, readAt: row.read_at, replyBy: row.reply_by, digest: row.digest, member: row.member_no
  }))
}

/** Internal notes; only findCase asks for them. */
export async function listNotes (db: Db, seal: Seal, id: string): Promise<NoteView[]> {
  const rows = await db.selectFrom('note').leftJoin('account', 'account.id', 'note.author_id').selectAll('note').select('account.name as author')
    .where('complaint_id', '=', id).orderBy('note.id').execute()
  return rows.map(row => ({ id: row.id, author: row.author ?? '', text: seal.open(`note:${row.at}`, row.sealed), at: row.at }))
}

/** The issued documents, oldest first. */
export async function listDocuments (db: Db, seal: Seal, id: string): Promise<DocumentView[]> {
  const rows = await db.selectFrom('document').selectAll().where('complaint_id', '=', id).orderBy('issued_at').orderBy('number').execute()
  return rows.map(row => ({
    id: row.id, type: row.type, number: row.number, issuedAt: row.issued_at, digest: row.digest, voidedAt: row.voided_at, toComplainant: isForComplainant(row.type), content: openDocument(seal, row)
  }))
}

/** Clocks with their arithmetic. */
export function clockViews (rows: ClockTable[], calendar: Calendar): ClockView[] {
  return rows.map(row => ({
    clock: row.clock as Clock,
    startedAt: row.started_at,
    days: row.days,
    dayType: row.day_type,
    basis: row.basis,
    basisEn: row.basis_en,
    kind: row.kind,
    dueOn: row.due_on,
    assured: row.assured === 1,
    pausedOn: row.paused_on,
    stoppedOn: row.stopped_on,
    ...courseOf(row),
    steps: explain(row.started_at, { days: row.days, dayType: row.day_type }, calendar, courseOf(row))
  }))
}
