import { addNote, claim, complainantMessage, revealIdentity, sendMessage } from '../complaints/correspondence/service.ts'
import { advance, recordFinding, withdraw, type Actor, type Parts, type RevealReason, type Step as DeskStep } from '../complaints/core/service.ts'
import type { Step } from './schema.ts'

/** A demo complaint on its way: its id, its reference and how many issues it raised. */
export interface DemoCase { id: string, ref: string, issues: number }
export interface Stage { parts: Parts, actors: ReadonlyMap<string, Actor> }
type Perform = (stage: Stage, demo: DemoCase, step: Step, at: string) => Promise<void>

const actorOf = ({ actors }: Stage, step: Step): Actor => actors.get(step.by) as Actor

/** What a step does where it is not a transition of the workflow. */
const OTHERS: Readonly<Partial<Record<string, Perform>>> = {
  claim: async (stage, { ref }, step, at) => { await claim(stage.parts, actorOf(stage, step), ref, at) },
  note: async (stage, { ref }, step, at) => { await addNote(stage.parts, actorOf(stage, step), ref, step.text ?? '', at) },
  reveal: async (stage, { ref }, step, at) => { await revealIdentity(stage.parts, actorOf(stage, step), ref, { category: step.reason as RevealReason }, at) },
  withdraw: async (stage, { id }, step, at) => { await withdraw(stage.parts, id, step.text, at, 'demo') },
  message: async (stage, { id, ref }, step, at) => {
    if (step.by === 'complainant') await complainantMessage(stage.parts, id, step.text ?? '', at, { requestId: 'demo' })
    else await sendMessage(stage.parts, actorOf(stage, step), ref, step.text ?? '', at)
  },
  finding: async (stage, { id, ref, issues }, step, at) => {
    if (step.issue === undefined || step.finding === undefined || step.issue > issues) return // a fate may know more issues than the story has
    await recordFinding(stage.parts, actorOf(stage, step), ref, { issue: step.issue, finding: step.finding, reasons: step.text ?? '', version: await versionOf(stage, id) }, at)
  }
}

/** Does to a demo complaint what people would do at the desk or on the tracking page, through the same functions. */
export async function perform (stage: Stage, demo: DemoCase, step: Step, at: string): Promise<void> {
  const other = OTHERS[step.do]
  if (other !== undefined) return await other(stage, demo, step, at)
  const { after: _after, by: _by, do: action, issue: _issue, finding: _finding, reason: _reason, ...fields } = step
  await advance(stage.parts, actorOf(stage, step), demo.ref, { ...fields, action, version: await versionOf(stage, demo.id) } as DeskStep, at)
}

async function versionOf ({ parts }: Stage, id: string): Promise<number> {
  return (await parts.db.selectFrom('complaint').select('version').where('id', '=', id).executeTakeFirstOrThrow()).version
}
