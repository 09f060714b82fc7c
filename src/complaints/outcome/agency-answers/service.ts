import { loadReckoner } from '../../../db/reckoner.ts'
import { answerable, type AnswerKind } from '../../../domain/supervision/answers.ts'
import { claimed, type DemandState } from '../../../domain/supervision/demands.ts'
import type { Action, Status } from '../../../domain/process/workflow.ts'
import { AppError } from '../../../errors.ts'
import { demandPermission } from '../../case/core/service.ts'
import { takeStep } from '../../case/core/steps.ts'
import { STEP_TEXT_LIMIT, type Parts } from '../../case/core/types.ts'
import { requestExtension } from '../../work/extensions/service.ts'
import { filesAt, sendFiles } from '../agency-files/service.ts'
import { refused, writeLine, type Person } from '../letters/drafts.ts'
import { demandOpen, draftAt, faulty, onItem, type Held } from './items.ts'
import { signatureOf } from './reading.ts'
import { agencyOf, changeAnswer, findItem, findReceipt, listAnswers, listDemands, moveDemand, putAnswer, type AnswerRow } from './repository.ts'

export { answerField, itemOf, itemsOf, type AnswerView, type AskedTime, type DemandView, type Item, type ItemLine } from './reading.ts'
export { judgeDemand, rectificationOf, type LetterLine, type Judgement } from './judging.ts'

/** What somebody of the agency writes: `no` is the demand's, else 0; `version` of the draft that was seen, 0 where there was none. */
export interface Answering { id: string, kind: AnswerKind, no: number, text: string, version: number }

/** The case of an item of the person's agency. Errors: `forbidden`, `not_found`. */
export async function findItemCase ({ db }: Parts, person: Person, id: string): Promise<string> {
  demandPermission(person, 'agency.item')
  return (await findItem(db, await agencyOf(db, person.id), id)).complaint_id
}

/** Takes note of a letter (签收). Twice is once. Errors: `forbidden`, `not_found`. */
export async function acknowledge (parts: Parts, person: Person, id: string, now: string): Promise<void> {
  await onItem(parts, person, { id, permission: 'agency.item', now }, async hold => {
    await receive(parts, hold, person, now)
  })
}

async function receive (parts: Parts, hold: Held, person: Person, now: string): Promise<void> {
  const { trx, item } = hold
  if (await findReceipt(trx, item.id) !== undefined) return
  await trx.insertInto('agency_receipt').values({ document_id: item.id, account_id: person.id, at: now }).execute()
  await writeLine(parts, hold, person, { action: 'agency_received', subject: item.id, type: item.type }, now)
}

/** Keeps an answer as a draft of the agency's; only a signature sends it. Errors: `forbidden`, `not_found`, `form_invalid`, `stale_version`, `transition_refused`. */
export async function saveAnswer (parts: Parts, person: Person, { id, kind, no, text, version }: Answering, now: string): Promise<void> {
  await onItem(parts, person, { id, permission: 'agency.item', now }, async hold => {
    const { trx, item, seal } = hold
    if (text.trim() === '') throw faulty(kind, no, { key: 'agency.answer.required' })
    if ([...text].length > STEP_TEXT_LIMIT) throw faulty(kind, no, { key: 'field.maxLength', values: { limit: STEP_TEXT_LIMIT } })
    await demandOpen(hold, { kind, no })
    const { draft, turn } = await draftAt(hold, { kind, no })
    if ((draft?.version ?? 0) !== version) throw new AppError('stale_version', { id })
    await putAnswer(trx, {
      document_id: id, kind, no, turn, complaint_id: item.complaint_id, version: version + 1, sealed: seal.close(`agency_answer:${id}:${kind}:${no}:${turn}`, text), author_id: person.id, at: now,
      signed_by: null, signed_at: null, verdict: null, verdict_sealed: null, judged_by: null, judged_at: null
    })
  })
}

/**
 * The agency's head signs what others of the agency wrote: an explanation, an objection (which moves the case), or the answers to a letter's demands (which move it
 * once nothing of the case is left to answer), with their files. `seen`: what the page showed that was signed. Errors: `forbidden`, `not_found`, `form_invalid`,
 * `transition_refused`, `stale_version` where a draft or its files changed since.
 */
export async function signAnswers (parts: Parts, person: Person, { id, kind, seen }: Pick<Answering, 'id' | 'kind'> & { seen?: string }, now: string): Promise<void> {
  await onItem(parts, person, { id, permission: 'agency.sign', now }, async hold => {
    const drafts = await draftsToSign(hold, kind)
    if (seen !== undefined && seen !== signatureOf(drafts, await filesAt({ db: hold.trx, keys: parts.keys }, hold.complaint))) throw new AppError('stale_version', { id, signing: true })
    if (drafts.some(row => row.author_id === person.id)) throw faulty('sign', 0, { key: 'agency.own_draft' })
    await receive(parts, hold, person, now) // who answers a letter has received it
    await sendFiles(parts, hold, person, drafts, now)
    for (const row of drafts) await changeAnswer(hold.trx, row, { signed_by: person.id, signed_at: now })
    if (kind === 'explanation') await writeLine(parts, hold, person, { action: 'agency_explained', subject: id, type: hold.item.type }, now)
    if (kind === 'objection') await move(parts, hold, person, { action: 'object', text: textOf(hold, drafts[0]) }, now)
    if (kind === 'demand') await claim(parts, hold, person, drafts, now)
  })
}

/** Takes an objection back. Errors: `forbidden`, `not_found`, `transition_refused`. */
export async function withdrawObjection (parts: Parts, person: Person, id: string, now: string): Promise<void> {
  await onItem(parts, person, { id, permission: 'agency.sign', now }, async hold => { await move(parts, hold, person, { action: 'withdraw_objection' }, now) })
}

/** Asks for more time to put right what a letter demands. Errors: those of `requestExtension`. */
export async function askForTime (parts: Parts, person: Person, { id, days, reason }: { id: string, days: number, reason: string }, now: string): Promise<void> {
  demandPermission(person, 'agency.item')
  const { ref } = await findItem(parts.db, await agencyOf(parts.db, person.id), id)
  await requestExtension(parts, person, ref, { clock: 'rectify', days, reason }, now)
}

/** Every draft that a signature sends; what is not written yet is said at its place. */
async function draftsToSign (hold: Held, kind: AnswerKind): Promise<AnswerRow[]> {
  const { trx, item, complaint } = hold
  if (!answerable(kind, item.type, complaint.status as Status)) throw refused(complaint, 'agency_answer')
  const open = (await listAnswers(trx, complaint.id)).filter(row => row.document_id === item.id && row.kind === kind && row.signed_at === null)
  const asked = kind === 'demand' ? (await listDemands(trx, complaint.id)).filter(row => row.document_id === item.id && !claimed(row.state as DemandState)).map(({ no }) => no) : [0]
  const missing = asked.find(no => open.every(row => row.no !== no))
  if (missing !== undefined) throw faulty(kind, missing, { key: 'agency.answer.missing' })
  return open.filter(row => asked.includes(row.no))
}

async function claim (parts: Parts, hold: Held, person: Person, drafts: AnswerRow[], now: string): Promise<void> {
  for (const { document_id: id, no } of drafts) await moveDemand(hold.trx, id, no, 'claimed', now)
  await writeLine(parts, hold, person, { action: 'agency_claimed', subject: hold.item.id, type: hold.item.type }, now)
  if ((await listDemands(hold.trx, hold.complaint.id)).every(row => claimed(row.state as DemandState))) await move(parts, hold, person, { action: 'report_rectification' }, now)
}

async function move (parts: Parts, { trx, complaint }: Held, person: Person, { action, text }: { action: Action, text?: string }, now: string): Promise<void> {
  const reckoner = await loadReckoner(trx)
  await takeStep({ trx, keys: parts.keys, reckoner, now }, person, complaint, { action, version: complaint.version, ...text === undefined ? {} : { text } })
}

function textOf ({ seal }: Held, row: AnswerRow | undefined): string {
  return row === undefined ? '' : seal.open(`agency_answer:${row.document_id}:${row.kind}:${row.no}:${row.turn}`, row.sealed)
}
