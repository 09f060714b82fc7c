import { attachReady } from '../complaints/case/attachments/service.ts'
import { answerDemand } from '../complaints/following/demands/service.ts'
import { attachFiles } from '../complaints/outcome/agency-files/service.ts'
import { decideStatement, saveStatement, signStatement } from '../complaints/outcome/statements/service.ts'
import { saveAnswer, signAnswers } from '../complaints/outcome/agency-answers/service.ts'
import { decideLetter, issueLetter, type LetterText, type Person, proposeLetter, saveLetter } from '../complaints/outcome/letters/service.ts'
import { findAgencyName, findByRef } from '../complaints/case/core/repository.ts'
import { DEMANDING } from '../domain/process/documents.ts'
import { basisOf, type LetterType } from '../domain/supervision/letters.ts'
import type { Step } from './schema.ts'
import type { DemoCase, Stage } from './steps.ts'

const person = ({ actors }: Stage, role: string): Person => actors.get(role) as Person

/** A letter to the agency of a demo case: handed in by its author; where its `by` is another, also looked at by three people, then issued or put before the government. */
export async function sendLetter ({ parts, actors }: Stage, { ref }: DemoCase, { type, text, by }: { type: LetterType, text: string, by: string }, at: string): Promise<void> {
  const actor = (role: string): Person => actors.get(role) as Person
  const { agency_id: agency } = await findByRef(parts.db, ref)
  const id = await saveLetter(parts, actor('investigator'), ref, { type, text: letterOf(type, await findAgencyName(parts.db, agency ?? 0), text), handIn: true }, at)
  if (by === 'investigator') return
  for (const [step, role] of ['legal_reviewer', 'head', 'approver'].entries()) await decideLetter(parts, actor(role), { id, version: step + 1, decision: 'approve', comment: '【演示】同意。' }, at)
  const approved = { id, version: 4 }
  if (type === 'decision_letter') await proposeLetter(parts, actor('approver'), approved, at)
  else await issueLetter(parts, actor('approver'), approved, at)
}

/** The agency objects to the letter it got: one of its people writes, its head signs. */
export async function objectTo (stage: Stage, demo: DemoCase, text: string, at: string): Promise<void> {
  const id = await standingLetter(stage, demo)
  await saveAnswer(stage.parts, person(stage, 'agency_handler'), { id, kind: 'objection', no: 0, text, version: 0 }, at)
  await signAnswers(stage.parts, person(stage, 'agency_leader'), { id, kind: 'objection' }, at)
}

/** A file that the agency puts to its answer, where the demo city may keep files. */
export async function proveWith (stage: Stage, { id }: DemoCase, { letter, no, step }: { letter: string, no: number, step: Step }, at: string): Promise<void> {
  const { parts, files } = stage
  const handler = person(stage, 'agency_handler')
  if (files === undefined || step.file === undefined) return
  const kept = await attachReady(parts, files, { id, side: 'agency', authorId: handler.id }, { name: step.file, mediaType: 'text/plain', content: Buffer.from(`${step.text ?? ''}\n`), cleaned: true }, at)
  await attachFiles(parts, handler, { id: letter, kind: 'demand', no, ids: [kept.id] }, at)
}

/** The complainant says of the first demand that it was done. */
export async function sayOfDemand (stage: Stage, demo: DemoCase, step: Step, at: string): Promise<void> {
  await answerDemand(stage.parts, { id: demo.id, now: at, requestId: 'demo' }, { document: await standingLetter(stage, demo), no: 1, answer: 'yes', words: step.text })
}

/** The agency explains itself in public: signed, and published where the publisher has looked already. */
export async function stateInPublic (stage: Stage, demo: DemoCase, { text = '', by }: Step, at: string): Promise<void> {
  const id = await standingLetter(stage, demo)
  await saveStatement(stage.parts, person(stage, 'agency_handler'), { id, text, version: 0 }, at)
  await signStatement(stage.parts, person(stage, 'agency_leader'), { id, version: 1 }, at)
  if (by !== 'publisher') return
  const bureaus = await stage.parts.db.selectFrom('bureau').select('id').execute()
  await decideStatement(stage.parts, { ...person(stage, 'publisher'), bureauIds: bureaus.map(({ id }) => id) }, { id, version: 2, decision: 'publish', text: '' }, at)
}

function letterOf (type: LetterType, addressee: string, facts: string): LetterText {
  return {
    addressee,
    fields: { facts, evidence: '【演示】执法案卷一份；询问笔录两份。', reasons: '【演示】检查手续存在欠缺，不符合程序规定。', basis: ['《行政处罚法》第五十五条', ...basisOf(type)].join('\n'), report: '请在要求的期限内完成整改，并将整改情况连同证明材料书面报告我局。' },
    demands: type === 'decision_letter' ? [{ kind: 'revoke', text: '【演示】撤销该行政处罚决定。' }, { kind: 'refund', text: '【演示】退还已经缴纳的罚款。' }] : [{ kind: 'perform', text: '【演示】补正检查手续，并将检查记录送达当事人。' }, { kind: 'other', text: '【演示】开展一次执法程序自查。' }]
  }
}

async function standingLetter ({ parts }: Stage, { id }: DemoCase): Promise<string> {
  return (await parts.db.selectFrom('document').select('id').where('complaint_id', '=', id).where('type', 'in', DEMANDING).orderBy('issued_at', 'desc').executeTakeFirstOrThrow()).id
}
