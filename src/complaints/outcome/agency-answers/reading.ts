import { createHash } from 'node:crypto'
import { demanding } from '../../../domain/supervision/letters.ts'
import { answerable, tabFor, type AnswerKind, type ItemTab } from '../../../domain/supervision/answers.ts'
import { claimed, settled, type DemandState } from '../../../domain/supervision/demands.ts'
import type { Status } from '../../../domain/process/workflow.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { listExtensions, offersOf, type ExtensionOffer } from '../../work/extensions/service.ts'
import { openDocument, type Content } from '../../case/ledger/documents.ts'
import { sealFor, type Seal } from '../../case/ledger/sealing.ts'
import type { Person } from '../letters/service.ts'
import type { AttachmentInfo, Parts } from '../../case/core/types.ts'
import { filesAt, type FilesAt } from '../agency-files/service.ts'
import { packetOf, type Packet } from '../packet/service.ts'
import { agencyOf, findItem, findReceipt, listAnswers, listDemands, listItems, standingOf, type AnswerRow } from './repository.ts'

/** Days, never times: to the minute they would tell who was where (security.md E-8). */
export interface ItemLine { id: string, type: string, number: string, on: string, dueOn: string | null, tab: ItemTab, read: boolean }
export interface AnswerView { text: string, version: number, author: string, own: boolean, on: string, signer: string | null, signedOn: string | null, verdict: string | null, verdictText: string | null, files: AttachmentInfo[] }
/** More time that the agency asked for, and what the bureau said. */
export interface AskedTime { days: number, reason: string, on: string, state: string, answer: string | null, answeredOn: string | null, dueOn: string | null }
/** Files that lie at an answer whose text is not written yet; `seen` stands for all that a signature would send now. */
export interface Loose { kind: AnswerKind, no: number, files: AttachmentInfo[] }
export interface DemandView { no: number, kind: string, text: string, dueOn: string, state: DemandState, open: boolean, answers: AnswerView[] }
/** One item as the agency sees it: what was written for it, what was released to it, what it answered. Nothing else of the case. */
export interface Item extends ItemLine {
  content: Content, receipt: { name: string, on: string } | null, demands: DemandView[], explanation: AnswerView[], objection: AnswerView[], packet: Packet, loose: Loose[], seen: Record<AnswerKind, string>, asked: AskedTime[]
  may: Record<AnswerKind, boolean> & { withdraw: boolean }, objectionUntil: string | null, offer: ExtensionOffer | null
}

/** The items of a person's agency. Errors: `forbidden`. */
export async function itemsOf ({ db }: Parts, person: Person): Promise<ItemLine[]> {
  const rows = await listItems(db, await agencyOf(db, person.id))
  const { demands, explained, clocks, read } = await standingOf(db, [...new Set(rows.map(row => row.complaint_id))])
  return rows.map(row => {
    const own = demands.filter(demand => demand.document_id === row.id)
    const left = own.filter(({ state }) => !claimed(state as DemandState)).map(({ due_on: on }) => on).sort()
    const notice = row.type === 'agency_notice'
    const done = notice ? explained.includes(row.id) : own.length > 0 && own.every(({ state }) => settled(state as DemandState))
    const clock = clocks.find(other => other.complaint_id === row.complaint_id && other.clock === (notice ? 'agency_explanation' : 'rectify'))
    return { id: row.id, type: row.type, number: row.number, on: localDate(row.issued_at), dueOn: notice ? clock?.due_on ?? null : left[0] ?? null, tab: tabFor(row.type, row.status as Status, done), read: read.includes(row.id) }
  })
}

/** One item of a person's agency, and beside it the reference of its case, which the agency is not told. Errors: `forbidden`, `not_found`. */
export async function itemOf (parts: Parts, person: Person, id: string, now: string): Promise<{ item: Item, ref: string }> {
  const { db } = parts
  const row = await findItem(db, await agencyOf(db, person.id), id)
  const line = (await itemsOf(parts, person)).find(other => other.id === id) as ItemLine
  const seal = sealFor(parts.keys, { id: row.complaint_id, wrapped_key: row.wrapped_key })
  const answers = (await listAnswers(db, row.complaint_id)).filter(answer => answer.document_id === id)
  const [receipt, status] = [await findReceipt(db, id), row.status as Status]
  const files = await filesAt(parts, { id: row.complaint_id, wrapped_key: row.wrapped_key })
  const views = (kind: AnswerKind, no = 0): AnswerView[] => answers.filter(answer => answer.kind === kind && answer.no === no).map(answer => answerView(seal, answer, { me: person.id, files }))
  const demands = (await listDemands(db, row.complaint_id)).filter(demand => demand.document_id === id)
  const clock = await db.selectFrom('clock').select('due_on').where('complaint_id', '=', row.complaint_id).where('clock', '=', 'objection').where('stopped_on', 'is', null).executeTakeFirst()
  const objecting = answerable('objection', row.type, status) && clock !== undefined && localDate(now) <= clock.due_on
  const item: Item = {
    ...line,
    content: openDocument(seal, { id, sealed: row.sealed }),
    receipt: receipt === undefined ? null : { name: receipt.name, on: localDate(receipt.at) },
    demands: demands.map(demand => demandView(seal, demand, views('demand', demand.no))),
    explanation: views('explanation'),
    objection: views('objection'),
    packet: await packetOf(parts, row.complaint_id),
    loose: looseOf(id, answers, [{ kind: 'explanation', no: 0 }, { kind: 'objection', no: 0 }, ...demands.map(({ no }) => ({ kind: 'demand' as const, no }))], files),
    seen: seenOf(answers, demands.filter(({ state }) => !claimed(state as DemandState)).map(({ no }) => no), files),
    asked: demanding(row.type) ? await askedOf(parts, row.ref) : [],
    may: { explanation: answerable('explanation', row.type, status), objection: objecting, demand: answerable('demand', row.type, status), withdraw: status === 'objection' },
    objectionUntil: clock?.due_on ?? null,
    offer: answerable('demand', row.type, status) ? (await offersOf(parts, row.complaint_id, person.role, now)).find(offer => offer.clock === 'rectify') ?? null : null
  }
  return { item, ref: row.ref }
}

/** Files of a draft whose words are still to come. */
function looseOf (id: string, answers: readonly AnswerRow[], places: ReadonlyArray<Pick<Loose, 'kind' | 'no'>>, files: FilesAt): Loose[] {
  return places.flatMap(({ kind, no }) => {
    const last = answers.findLast(answer => answer.kind === kind && answer.no === no)
    if (last !== undefined && last.signed_at === null) return []
    const found = files({ document_id: id, kind, no, turn: (last?.turn ?? 0) + 1 })
    return found.length === 0 ? [] : [{ kind, no, files: found }]
  })
}

function seenOf (answers: readonly AnswerRow[], asked: readonly number[], files: FilesAt): Record<AnswerKind, string> {
  const seen = (kind: AnswerKind): string => signatureOf(answers.filter(answer => answer.kind === kind && answer.signed_at === null && (kind !== 'demand' || asked.includes(answer.no))), files)
  return { explanation: seen('explanation'), objection: seen('objection'), demand: seen('demand') }
}

/** Stands for exactly these drafts and their files: what was looked at is what is signed. */
export function signatureOf (drafts: readonly AnswerRow[], files: FilesAt): string {
  const lines = drafts.map(draft => [draft.no, draft.turn, draft.version, ...files(draft).map(({ id }) => id)].join(' '))
  return createHash('sha256').update(lines.join('\n')).digest('base64url').slice(0, 22)
}

async function askedOf (parts: Parts, ref: string): Promise<AskedTime[]> {
  const asked = (await listExtensions(parts, ref, { id: null })).filter(({ clock }) => clock === 'rectify')
  return asked.map(({ days, reason, at, state, answer, decidedAt, dueAfter }) => ({ days, reason, on: localDate(at), state, answer, answeredOn: decidedAt === null ? null : localDate(decidedAt), dueOn: dueAfter }))
}

/** A demand with what was answered to it so far. */
export function demandView (seal: Seal, { document_id: id, no, kind, sealed, due_on: dueOn, state }: { document_id: string, no: number, kind: string, sealed: string, due_on: string, state: string }, answers: AnswerView[]): DemandView {
  return { no, kind, text: seal.open(`demand:${id}:${no}`, sealed), dueOn, state: state as DemandState, open: !claimed(state as DemandState), answers }
}

/** An answer as both sides read it. */
export function answerView (seal: Seal, row: AnswerRow, { me, files }: { me: number, files: FilesAt }): AnswerView {
  const field = answerField(row)
  return {
    text: seal.open(field, row.sealed), version: row.version, author: row.author, own: row.author_id === me, on: localDate(row.at), signer: row.signer, signedOn: row.signed_at === null ? null : localDate(row.signed_at),
    verdict: row.verdict, verdictText: row.verdict_sealed === null ? null : seal.open(`${field}:verdict`, row.verdict_sealed), files: files(row)
  }
}

/** The name under which an answer is sealed. */
export function answerField ({ document_id: id, kind, no, turn }: Pick<AnswerRow, 'document_id' | 'kind' | 'no' | 'turn'>): string {
  return `agency_answer:${id}:${kind}:${no}:${turn}`
}
