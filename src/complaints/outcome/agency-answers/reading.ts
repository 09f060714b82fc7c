import { coveredFor } from './packet.ts'
import { answerable, tabFor, type AnswerKind, type ItemTab } from '../../../domain/supervision/answers.ts'
import { claimed, settled, type DemandState } from '../../../domain/supervision/demands.ts'
import type { Status } from '../../../domain/process/workflow.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import type { ExtensionOffer } from '../../work/extensions/service.ts'
import { offersOf } from '../../work/extensions/service.ts'
import { openDocument, type Content } from '../../case/ledger/documents.ts'
import { sealFor, type Seal } from '../../case/ledger/sealing.ts'
import type { Person } from '../letters/service.ts'
import type { Parts } from '../../case/core/types.ts'
import { agencyOf, findItem, findReceipt, listAnswers, listDemands, listItems, standingOf, type AnswerRow } from './repository.ts'

/** Days, never times: to the minute they would tell who was where (security.md E-8). */
export interface ItemLine { id: string, type: string, number: string, on: string, dueOn: string | null, tab: ItemTab, read: boolean }
export interface AnswerView { text: string, version: number, author: string, own: boolean, on: string, signer: string | null, signedOn: string | null, verdict: string | null, verdictText: string | null }
export interface DemandView { no: number, kind: string, text: string, dueOn: string, state: DemandState, open: boolean, answers: AnswerView[] }
/** One item as the agency sees it: what was written for it, what was released to it, what it answered. Nothing else of the case. */
export interface Item extends ItemLine {
  content: Content, receipt: { name: string, on: string } | null, demands: DemandView[], explanation: AnswerView[], objection: AnswerView[], packet: string[]
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

/** One item of a person's agency. Errors: `forbidden`, `not_found`. */
export async function itemOf (parts: Parts, person: Person, id: string, now: string): Promise<Item> {
  const { db } = parts
  const row = await findItem(db, await agencyOf(db, person.id), id)
  const line = (await itemsOf(parts, person)).find(other => other.id === id) as ItemLine
  const seal = sealFor(parts.keys, { id: row.complaint_id, wrapped_key: row.wrapped_key })
  const answers = (await listAnswers(db, row.complaint_id)).filter(answer => answer.document_id === id)
  const [receipt, status] = [await findReceipt(db, id), row.status as Status]
  const views = (kind: AnswerKind, no = 0): AnswerView[] => answers.filter(answer => answer.kind === kind && answer.no === no).map(answer => answerView(seal, answer, person.id))
  const demands = (await listDemands(db, row.complaint_id)).filter(demand => demand.document_id === id)
  const clock = await db.selectFrom('clock').select('due_on').where('complaint_id', '=', row.complaint_id).where('clock', '=', 'objection').where('stopped_on', 'is', null).executeTakeFirst()
  const objecting = answerable('objection', row.type, status) && clock !== undefined && localDate(now) <= clock.due_on
  return {
    ...line,
    content: openDocument(seal, { id, sealed: row.sealed }),
    receipt: receipt === undefined ? null : { name: receipt.name, on: localDate(receipt.at) },
    demands: demands.map(demand => demandView(seal, demand, views('demand', demand.no))),
    explanation: views('explanation'),
    objection: views('objection'),
    packet: await coveredFor(parts, row.complaint_id),
    may: { explanation: answerable('explanation', row.type, status), objection: objecting, demand: answerable('demand', row.type, status), withdraw: status === 'objection' },
    objectionUntil: clock?.due_on ?? null,
    offer: answerable('demand', row.type, status) ? (await offersOf(parts, row.complaint_id, person.role, now)).find(offer => offer.clock === 'rectify') ?? null : null
  }
}

/** A demand with what was answered to it so far. */
export function demandView (seal: Seal, { document_id: id, no, kind, sealed, due_on: dueOn, state }: { document_id: string, no: number, kind: string, sealed: string, due_on: string, state: string }, answers: AnswerView[]): DemandView {
  return { no, kind, text: seal.open(`demand:${id}:${no}`, sealed), dueOn, state: state as DemandState, open: !claimed(state as DemandState), answers }
}

/** An answer as both sides read it. */
export function answerView (seal: Seal, row: AnswerRow, me: number): AnswerView {
  const field = answerField(row)
  return {
    text: seal.open(field, row.sealed), version: row.version, author: row.author, own: row.author_id === me, on: localDate(row.at), signer: row.signer, signedOn: row.signed_at === null ? null : localDate(row.signed_at),
    verdict: row.verdict, verdictText: row.verdict_sealed === null ? null : seal.open(`${field}:verdict`, row.verdict_sealed)
  }
}

/** The name under which an answer is sealed. */
export function answerField ({ document_id: id, kind, no, turn }: Pick<AnswerRow, 'document_id' | 'kind' | 'no' | 'turn'>): string {
  return `agency_answer:${id}:${kind}:${no}:${turn}`
}
