import { assign } from '../complaints/work/assignments/service.ts'
import { addNote, claim, complainantMessage, revealIdentity, sendMessage } from '../complaints/case/correspondence/service.ts'
import { confirmRectification, decideRecusal, rate, requestRecusal, requestReview, withdraw, type Act } from '../complaints/following/requests/service.ts'
import { listRecusals } from '../complaints/following/requests/repository.ts'
import { answerChecklist, readChecklist } from '../complaints/work/investigation/service.ts'
import { findByRef } from '../complaints/case/core/repository.ts'
import { GROUNDS, type Ground, type GroundCode } from '../domain/process/grounds.ts'
import { wrongFound } from '../domain/process/findings.ts'
import type { RuleApplied } from '../domain/supervision/rules.ts'
import { advance, recordFinding, type Actor, type Parts, type RevealReason, type Step as DeskStep } from '../complaints/case/core/service.ts'
import type { FileStore } from '../files/store.ts'
import { objectTo, sayOfDemand, sendLetter, stateInPublic } from './letters.ts'
import { askFootage, comply, decideAbove, interview, payBack, takeBack, verifyDemands } from './outcomes.ts'
import type { Step } from './schema.ts'

/** A demo complaint on its way: its id, its reference and how many issues it raised. */
export interface DemoCase { id: string, ref: string, issues: number }
/** `files` where the demo city may keep files. */
export interface Stage { parts: Parts, actors: ReadonlyMap<string, Actor>, files?: FileStore | undefined }
type Perform = (stage: Stage, demo: DemoCase, step: Step, at: string) => Promise<void>

const act = ({ id }: DemoCase, now: string): Act => ({ id, now, requestId: 'demo' })
const actorOf = ({ actors }: Stage, step: Step): Actor => actors.get(step.by) as Actor

/** What a step does where it is not a transition of the workflow. */
const OTHERS: Readonly<Partial<Record<string, Perform>>> = {
  assign: async (stage, { ref }, step, at) => {
    for (const { id } of await supervisorsOf(stage)) await assign(stage.parts, actorOf(stage, step), ref, id, at)
  },
  letter: async (stage, demo, step, at) => { await sendLetter(stage, demo, { type: step.letter ?? 'opinion_letter', text: step.text ?? '', by: step.by }, at) },
  object: async (stage, demo, step, at) => { await objectTo(stage, demo, step.text ?? '', at) },
  interview,
  ask_footage: askFootage,
  government_approve: decideAbove,
  comply,
  verify_demands: verifyDemands,
  pay_back: payBack,
  take_back: takeBack,
  demand: sayOfDemand,
  statement: stateInPublic,
  delegate: async (stage, demo, step, at) => {
    const district = await stage.parts.db.selectFrom('bureau').select('id').where('parent_id', 'is not', null).orderBy('id').executeTakeFirstOrThrow()
    await advance(stage.parts, actorOf(stage, step), demo.ref, { action: 'delegate', bureau: district.id, text: step.text ?? '', version: await versionOf(stage, demo.id) }, at)
  },
  claim: async (stage, { ref }, step, at) => { await claim(stage.parts, actorOf(stage, step), ref, at) },
  note: async (stage, { ref }, step, at) => { await addNote(stage.parts, actorOf(stage, step), ref, step.text ?? '', at) },
  reveal: async (stage, { ref }, step, at) => { await revealIdentity(stage.parts, actorOf(stage, step), ref, { category: step.reason as RevealReason }, at) },
  withdraw: async (stage, demo, step, at) => { await withdraw(stage.parts, act(demo, at), { pressure: 'no', ...step.text === undefined ? {} : { reason: step.text } }) },
  question: async (stage, { ref }, step, at) => { await sendMessage(stage.parts, actorOf(stage, step), ref, { text: step.text ?? '', asks: true }, at) },
  confirm: async (stage, demo, step, at) => { await confirmRectification(stage.parts, act(demo, at), step.confirmation ?? 'unsure', step.text) },
  review: async (stage, demo, step, at) => { await requestReview(stage.parts, act(demo, at), step.issue ?? 0, step.text ?? '') },
  recusal: async (stage, demo, step, at) => { await requestRecusal(stage.parts, act(demo, at), step.who ?? '', step.text ?? '') },
  refuse_recusal: async (stage, { id, ref }, step, at) => {
    const [asked] = await listRecusals(stage.parts.db, id)
    await decideRecusal(stage.parts, actorOf(stage, step), ref, { id: asked?.id ?? 0, granted: false, accountId: null, reasons: step.text ?? '' }, at)
  },
  rate: async (stage, demo, step, at) => {
    const [clarity, fairness, speed] = step.scores as [number, number, number]
    await rate(stage.parts, act(demo, at), { moment: 'answer', scores: { clarity, fairness, speed }, ...step.text === undefined ? {} : { words: step.text } })
  },
  message: async (stage, { id, ref }, step, at) => {
    if (step.by === 'complainant') await complainantMessage(stage.parts, id, step.text ?? '', at, { requestId: 'demo' })
    else await sendMessage(stage.parts, actorOf(stage, step), ref, step.text ?? '', at)
  },
  finding: async (stage, { id, ref, issues }, step, at) => {
    if (step.issue === undefined || step.finding === undefined || step.issue > issues) return // a fate may know more issues than the story has
    await recordFinding(stage.parts, actorOf(stage, step), ref, { issue: step.issue, finding: step.finding, reasons: step.text ?? '', rule: await ruleOf(stage, id, step.issue, step.finding), version: await versionOf(stage, id) }, at)
  }
}

/** Does to a demo complaint what people would do at the desk or on the tracking page, through the same functions. */
export async function perform (stage: Stage, demo: DemoCase, step: Step, at: string): Promise<void> {
  if (step.do === 'propose_findings') await goThrough(stage, demo, step, at)
  const other = OTHERS[step.do]
  if (other !== undefined) return await other(stage, demo, step, at)
  const { after: _after, by: _by, do: action, issue: _issue, finding: _finding, reason: _reason, confirmation: _confirmation, who: _who, scores: _scores, ...fields } = step
  await advance(stage.parts, actorOf(stage, step), demo.ref, { ...fields, action, version: await versionOf(stage, demo.id) } as DeskStep, at)
}

/** Everything on the checklist is done before findings are proposed. */
async function goThrough (stage: Stage, { ref }: DemoCase, step: Step, at: string): Promise<void> {
  const row = await findByRef(stage.parts.db, ref)
  await answerChecklist(stage.parts, actorOf(stage, step) as Actor & { id: number }, ref, { done: (await readChecklist(stage.parts, row)).map(({ code }) => code), reasons: {} }, at)
}

/** The rule that a demo finding rests on: what the ground itself rests on. */
async function ruleOf ({ parts }: Stage, id: string, no: number, finding: NonNullable<Step['finding']>): Promise<RuleApplied> {
  if (!wrongFound([finding])) return { kind: 'none' }
  const { ground } = await parts.db.selectFrom('complaint_issue').select('ground').where('complaint_id', '=', id).where('no', '=', no).executeTakeFirstOrThrow()
  const { prohibition, sources } = GROUNDS[ground as GroundCode] as Ground
  return prohibition === undefined ? { kind: 'other', cite: sources.at(-1) ?? '' } : { kind: 'prohibition', no: prohibition }
}

/** The two supervisors of the demo city. */
export async function supervisorsOf ({ parts }: Stage): Promise<Array<{ id: number }>> {
  return await parts.db.selectFrom('account').select('id').where('fictional', '=', 1).where('role', '=', 'investigator').orderBy('id').execute()
}

async function versionOf ({ parts }: Stage, id: string): Promise<number> {
  return (await parts.db.selectFrom('complaint').select('version').where('id', '=', id).executeTakeFirstOrThrow()).version
}
