import { loadReckoner } from '../../../db/reckoner.ts'
import { VERDICTS, type Verdict } from '../../../domain/supervision/answers.ts'
import type { DemandKind } from '../../../domain/supervision/letters.ts'
import { settled, type DemandState } from '../../../domain/supervision/demands.ts'
import type { Status } from '../../../domain/process/workflow.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { AppError } from '../../../errors.ts'
import { openWithdrawals } from '../consequences/service.ts'
import { findByRef } from '../../case/core/repository.ts'
import { STEP_TEXT_LIMIT, type Parts, type Viewer } from '../../case/core/types.ts'
import { listClocks, turnClocks } from '../../case/ledger/clocks.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { demandsSaid, type DemandSaid } from '../../following/demands/service.ts'
import { filesAt } from '../agency-files/service.ts'
import { holding, refused, writeLine, type Hold, type Person } from '../letters/drafts.ts'
import { answerField, answerView, demandView, type AnswerView, type DemandView } from './reading.ts'
import { changeAnswer, findReceipt, listAnswers, listDemands, listSent, moveDemand } from './repository.ts'

/** What was sent to the agency, what it signed, and what the complainant says of each demand. Drafts of the agency are its own. */
export interface LetterLine { id: string, type: string, number: string, on: string, voided: boolean, receipt: { name: string, on: string } | null, explanation: AnswerView[], objection: AnswerView[], demands: Array<DemandView & { said: DemandSaid[] }> }
export interface Judgement { document: string, no: number, verdict: Verdict, text: string }

/** When the bureau judges: an answer once all are given, that something is no longer needed already before. */
const JUDGED: Record<Verdict, readonly Status[]> = { verified: ['verifying'], disputed: ['verifying'], closed: ['document_issued', 'verifying'] }

/** The letters of a case to the agency with its answers. Errors: `not_found`. */
export async function rectificationOf ({ db, keys }: Parts, ref: string, viewer: Viewer): Promise<LetterLine[]> {
  const complaint = await findByRef(db, ref, viewer)
  const seal = sealFor(keys, complaint)
  const answers = (await listAnswers(db, complaint.id)).filter(row => row.signed_at !== null)
  const [demands, files, said] = [await listDemands(db, complaint.id), await filesAt({ db, keys }, complaint), await demandsSaid({ db }, seal, complaint.id)]
  const lines: LetterLine[] = []
  for (const { id, type, number, issued_at: at, voided_at: voided } of await listSent(db, complaint.id)) {
    const views = (kind: string, no = 0): AnswerView[] => answers.filter(row => row.document_id === id && row.kind === kind && row.no === no).map(row => answerView(seal, row, { me: viewer.id ?? 0, files }))
    const receipt = await findReceipt(db, id)
    lines.push({
      id, type, number, on: localDate(at), voided: voided !== null, receipt: receipt === undefined ? null : { name: receipt.name, on: localDate(receipt.at) }, explanation: views('explanation'), objection: views('objection'),
      demands: demands.filter(row => row.document_id === id).map(row => ({ ...demandView(seal, row, views('demand', row.no)), said: said.filter(({ document, no }) => document === id && no === row.no) }))
    })
  }
  return lines
}

/**
 * Says of a demand that it is proven, that it is not, or that it is no longer needed, with reasons that the agency reads. When nothing is left the period for
 * verification ends and the one for the answer begins. Errors: `forbidden`, `not_found`, `reason_required`, `form_invalid`, `transition_refused`.
 */
export async function judgeDemand (parts: Parts, actor: Person, ref: string, { document, no, verdict, text }: Judgement, now: string): Promise<void> {
  if (!VERDICTS.includes(verdict)) throw new AppError('form_invalid', { fields: { verdict: { key: 'rectification.verdict.required' } } })
  if (text.trim() === '') throw new AppError('reason_required', { action: 'judge_demand' })
  if ([...text].length > STEP_TEXT_LIMIT) throw new AppError('form_invalid', { fields: { text: { key: 'field.maxLength', values: { limit: STEP_TEXT_LIMIT } } } })
  await holding(parts, actor, ref, { permission: 'complaint.investigate', now }, async hold => {
    const { trx, complaint, seal } = hold
    const demand = (await listDemands(trx, complaint.id)).find(row => row.document_id === document && row.no === no)
    if (demand === undefined) throw new AppError('not_found', { ref, no })
    const state = demand.state as DemandState
    if (!JUDGED[verdict].includes(complaint.status as Status) || settled(state) || (verdict !== 'closed' && state !== 'claimed')) throw refused(complaint, 'judge_demand')
    const answer = (await listAnswers(trx, complaint.id)).findLast(row => row.document_id === document && row.kind === 'demand' && row.no === no && row.signed_at !== null)
    if (answer !== undefined) await changeAnswer(trx, answer, { verdict, verdict_sealed: seal.close(`${answerField(answer)}:verdict`, text), judged_by: actor.id, judged_at: now })
    await moveDemand(trx, document, no, verdict, now)
    await writeLine(parts, hold, actor, { action: `demand_${verdict}`, subject: `${document} ${no}`, type: 'demand', text }, now)
    // What was undone does not stay published as it was (行政处罚法 48): its withdrawal opens by itself.
    if (verdict === 'verified') await openWithdrawals({ trx, keys: parts.keys, reckoner: await loadReckoner(trx), now }, actor, complaint, demand.kind as DemandKind)
    await settle(hold, now)
  })
}

async function settle ({ trx, complaint }: Hold, now: string): Promise<void> {
  if (complaint.status !== 'verifying') return
  const [demands, clocks] = [await listDemands(trx, complaint.id), await listClocks(trx, complaint.id)]
  if (!demands.every(({ state }) => settled(state as DemandState)) || clocks.every(({ clock, stopped_on: on }) => clock !== 'verification' || on !== null)) return
  await turnClocks(trx, complaint.id, { stop: ['verification'], start: ['reply'] }, await loadReckoner(trx), now)
}
