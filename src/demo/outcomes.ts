import { acknowledge, judgeDemand, saveAnswer, signAnswers } from '../complaints/outcome/agency-answers/service.ts'
import { recordRecovery, settleWithdrawal } from '../complaints/outcome/consequences/service.ts'
import { decideProposal, type Person } from '../complaints/outcome/letters/service.ts'
import { requestFootage } from '../complaints/work/exhibits/service.ts'
import { signRecord, writeRecord } from '../complaints/work/investigation/service.ts'
import { DEMANDING } from '../domain/process/documents.ts'
import { localDate } from '../domain/time/calendar.ts'
import { proveWith } from './letters.ts'
import type { Step } from './schema.ts'
import { supervisorsOf, type DemoCase, type Stage } from './steps.ts'

const person = ({ actors }: Stage, role: string): Person => actors.get(role) as Person

/** A record of an interview that both supervisors have signed. */
export async function interview (stage: Stage, { ref }: DemoCase, step: Step, at: string): Promise<void> {
  const [first, second] = (await supervisorsOf(stage)).map(({ id }) => ({ ...person(stage, 'investigator'), id }))
  if (first === undefined || second === undefined) return
  const sheet = { on: localDate(at), from: '09:30', to: '10:20', place: '【演示】市司法局询问室', persons: '【演示】被监督单位办案人员（虚构）', content: step.text ?? '' }
  const id = await writeRecord(stage.parts, first, ref, { kind: 'interview', second: second.id, sheet }, at)
  for (const [done, supervisor] of [first, second].entries()) await signRecord(stage.parts, supervisor, ref, { id, version: done + 1 }, at)
}

/** The agency is asked for its recordings. */
export async function askFootage (stage: Stage, { ref }: DemoCase, step: Step, at: string): Promise<void> {
  await requestFootage(stage.parts, person(stage, 'investigator'), ref, step.text ?? '', at)
}

/** The government decides as was proposed to it. */
export async function decideAbove (stage: Stage, { id }: DemoCase, step: Step, at: string): Promise<void> {
  const draft = await stage.parts.db.selectFrom('document_draft').select(['id', 'version']).where('complaint_id', '=', id).where('state', '=', 'proposed').executeTakeFirstOrThrow()
  await decideProposal(stage.parts, person(stage, 'government'), { ...draft, decision: 'approve', text: step.text ?? '' }, at)
}

/** The agency's people take the letter, say of each demand what they did, prove the first where there is a file, and sign. */
export async function comply (stage: Stage, demo: DemoCase, step: Step, at: string): Promise<void> {
  const { document, demands } = await demandsOf(stage, demo.id)
  await acknowledge(stage.parts, person(stage, 'agency_handler'), document, at)
  for (const no of demands) await saveAnswer(stage.parts, person(stage, 'agency_handler'), { id: document, kind: 'demand', no, text: step.text ?? '', version: 0 }, at)
  await proveWith(stage, demo, { letter: document, no: demands[0] ?? 1, step }, at)
  await signAnswers(stage.parts, person(stage, 'agency_leader'), { id: document, kind: 'demand' }, at)
}

/** A supervisor has seen that every demand was met. */
export async function verifyDemands (stage: Stage, { id, ref }: DemoCase, step: Step, at: string): Promise<void> {
  const { document, demands } = await demandsOf(stage, id)
  for (const no of demands) await judgeDemand(stage.parts, person(stage, 'investigator'), ref, { document, no, verdict: 'verified', text: step.text ?? '' }, at)
}

/** What was paid back, by the fine of the decision that the complaint is about. */
export async function payBack (stage: Stage, { ref }: DemoCase, step: Step, at: string): Promise<void> {
  await recordRecovery(stage.parts, person(stage, 'investigator'), ref, { issue: 1, kind: 'refund', amount: step.amount ?? '0', note: step.text ?? '' }, at)
}

/** The revoked decision leaves the register; a stone says why. */
export async function takeBack (stage: Stage, { ref }: DemoCase, step: Step, at: string): Promise<void> {
  await settleWithdrawal(stage.parts, { ...person(stage, 'head'), name: '演示·科室负责人' }, ref, { no: 1, reason: step.text ?? '', overturnedOn: localDate(at) }, at)
}

async function demandsOf ({ parts }: Stage, complaintId: string): Promise<{ document: string, demands: number[] }> {
  const { id } = await parts.db.selectFrom('document').select('id').where('complaint_id', '=', complaintId).where('type', 'in', DEMANDING).executeTakeFirstOrThrow()
  return { document: id, demands: (await parts.db.selectFrom('demand').select('no').where('document_id', '=', id).orderBy('no').execute()).map(({ no }) => no) }
}
