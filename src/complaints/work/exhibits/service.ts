import { loadReckoner } from '../../../db/reckoner.ts'
import { FOOTAGE_PERIOD, type FootageState } from '../../../domain/supervision/footage.ts'
import { startClock } from '../../../domain/time/clocks.ts'
import { AppError } from '../../../errors.ts'
import { listAttachments } from '../../case/attachments/service.ts'
import { listIssues, type ComplaintRow } from '../../case/core/repository.ts'
import type { Actor, AttachmentInfo, Parts } from '../../case/core/types.ts'
import { examine, LINE_LIMIT, writeAct, type Hold } from '../investigation/service.ts'
import { nextNo } from '../investigation/repository.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { insertExhibit, insertFootage, keepEvidence, listExhibitRows, listFootage, listOpenings, settleFootageRow, updateExhibit } from './repository.ts'

type Person = Actor & { id: number }
export interface Opening { at: string, action: string, who: string, role: string }
/** A numbered file: where it comes from, what it is relied on for, who opened it. */
export interface Exhibit { no: number, file: AttachmentInfo, issues: number[], note: string, by: string, at: string, openings: Opening[] }
export interface Footage { no: number, text: string, by: string, askedAt: string, dueOn: string, assured: boolean, state: FootageState, answer: string, settledBy: string, settledAt: string | null }

/** The list of exhibits, and the files of the case that are not on it yet. */
export async function readExhibits (parts: Parts, row: ComplaintRow): Promise<{ exhibits: Exhibit[], loose: AttachmentInfo[] }> {
  const seal = sealFor(parts.keys, row)
  const files = new Map((await listAttachments(parts, row)).map(file => [file.id, file]))
  const rows = await listExhibitRows(parts.db, row.id)
  const openings = Map.groupBy(await listOpenings(parts.db, row.ref, rows.map(exhibit => exhibit.attachment_id)), ({ file }) => file)
  const exhibits = rows.flatMap((exhibit): Exhibit[] => {
    const file = files.get(exhibit.attachment_id)
    if (file === undefined) return []
    files.delete(exhibit.attachment_id)
    return [{
      no: exhibit.no, file, issues: exhibit.issues.split(' ').filter(no => no !== '').map(Number), note: exhibit.note_sealed === null ? '' : seal.open(`exhibit:${exhibit.no}`, exhibit.note_sealed), by: exhibit.by ?? '', at: exhibit.at,
      openings: (openings.get(file.id) ?? []).map(({ at, action, who, role }) => ({ at, action, who: who ?? '', role }))
    }]
  })
  return { exhibits, loose: [...files.values()] }
}

/** Numbers every file of the case that is not on the list, in the order in which they came. Returns how many. Errors: as `examine`. */
export async function listFiles (parts: Parts, actor: Person, ref: string, now: string): Promise<number> {
  return await examine(parts, actor, ref, { now }, async hold => {
    await keepEvidence(hold.trx, hold.complaint.id)
    return await enter(parts, hold, actor, now)
  })
}

async function enter (parts: Parts, hold: Hold, actor: Person, now: string): Promise<number> {
  const { trx, complaint } = hold
  const known = new Set((await listExhibitRows(trx, complaint.id)).map(row => row.attachment_id))
  let [no, entered] = [await nextNo(trx, 'exhibit', complaint.id), 0]
  for (const { id } of (await listAttachments({ db: trx, keys: parts.keys }, complaint)).filter(file => !known.has(file.id))) {
    if (!await insertExhibit(trx, { complaint_id: complaint.id, no, attachment_id: id, issues: '', note_sealed: null, account_id: actor.id, at: now })) continue
    no++
    entered++
  }
  if (entered > 0) await writeAct(parts, hold, actor, { action: 'exhibit.listed', subject: String(entered) }, now)
  return entered
}

/** Says for which issues an exhibit is relied on, and what it shows. Errors: as `examine`, `form_invalid`, `not_found`. */
export async function relyOn (parts: Parts, actor: Person, ref: string, { no, issues, note }: { no: number, issues: readonly number[], note: string }, now: string): Promise<void> {
  if ([...note].length > LINE_LIMIT) throw new AppError('form_invalid', { fields: { [`note_${no}`]: { key: 'field.maxLength', values: { limit: LINE_LIMIT } } } })
  await examine(parts, actor, ref, { now }, async hold => {
    const known = (await listIssues(hold.trx, hold.complaint.id)).map(issue => issue.no)
    const kept = known.filter(issue => issues.includes(issue))
    if (kept.length !== new Set(issues).size) throw new AppError('not_found', { ref })
    const change = { issues: kept.join(' '), note_sealed: note.trim() === '' ? null : hold.seal.close(`exhibit:${no}`, note.trim()) }
    if (!await updateExhibit(hold.trx, hold.complaint.id, no, change)) throw new AppError('not_found', { ref, exhibit: no })
    await writeAct(parts, hold, actor, { action: 'exhibit.relied_on', subject: `${no} ${change.issues}` }, now)
  })
}

/** The requests for recordings of a case. */
export async function readFootage (parts: Parts, row: ComplaintRow): Promise<Footage[]> {
  const seal = sealFor(parts.keys, row)
  return (await listFootage(parts.db, row.id)).map(request => ({
    no: request.no, text: seal.open(`footage:${request.no}`, request.sealed), by: request.by ?? '', askedAt: request.asked_at, dueOn: request.due_on, assured: request.assured === 1, state: request.state as FootageState,
    answer: request.answer_sealed === null ? '' : seal.open(`footage:${request.no}:answer`, request.answer_sealed), settledBy: request.settler ?? '', settledAt: request.settled_at
  }))
}

/** Asks the agency for recordings; the day by which they are due is reckoned. Errors: as `examine`, `form_invalid`. */
export async function requestFootage (parts: Parts, actor: Person, ref: string, text: string, now: string): Promise<void> {
  demandText('footage', text)
  const { calendar } = await loadReckoner(parts.db)
  const { dueOn, assured } = startClock(now, FOOTAGE_PERIOD, calendar)
  await examine(parts, actor, ref, { now }, async hold => {
    const no = await nextNo(hold.trx, 'footage_request', hold.complaint.id)
    await insertFootage(hold.trx, {
      complaint_id: hold.complaint.id, no, sealed: hold.seal.close(`footage:${no}`, text.trim()), account_id: actor.id, asked_at: now, due_on: dueOn, assured: assured ? 1 : 0, state: 'open', answer_sealed: null, settled_by: null, settled_at: null
    })
    await writeAct(parts, hold, actor, { action: 'footage.requested', event: 'footage_requested', details: { footage: no }, subject: String(no) }, now)
  })
}

/** Writes down what became of a request. Errors: as `examine`, `form_invalid`, `already_decided`. */
export async function settleFootage (parts: Parts, actor: Person, ref: string, { no, state, answer }: { no: number, state: Exclude<FootageState, 'open'>, answer: string }, now: string): Promise<void> {
  if (state !== 'received') demandText(`answer_${no}`, answer)
  if ([...answer].length > TEXT_MOST) throw new AppError('form_invalid', { fields: { [`answer_${no}`]: { key: 'field.maxLength', values: { limit: TEXT_MOST } } } })
  await examine(parts, actor, ref, { now }, async hold => {
    const sealed = answer.trim() === '' ? null : hold.seal.close(`footage:${no}:answer`, answer.trim())
    if (!await settleFootageRow(hold.trx, hold.complaint.id, no, { state, answer_sealed: sealed, settled_by: actor.id, settled_at: now })) throw new AppError('already_decided', { ref })
    await writeAct(parts, hold, actor, { action: 'footage.settled', event: 'footage_settled', details: { footage: no, footage_state: state }, subject: `${no} ${state}` }, now)
  })
}

/** Longest request and answer, in code points. */
export const TEXT_MOST = 1000

function demandText (field: string, text: string): void {
  if (text.trim() === '') throw new AppError('form_invalid', { fields: { [field]: { key: 'exhibits.text_missing' } } })
  if ([...text].length > TEXT_MOST) throw new AppError('form_invalid', { fields: { [field]: { key: 'field.maxLength', values: { limit: TEXT_MOST } } } })
}
