import type { Citation } from '../records/laws.ts'
import type { GroundCode } from './grounds.ts'

/**
 * A question that helps to examine a ground; words at `prompt.<code>`. `basis` is the duty behind it, each article read in the statute's
 * text (the same as in `rights.ts`); where no statute we have read says it, there is none, and the answer is a fact like any other.
 */
export interface Prompt { grounds: readonly GroundCode[], basis: readonly Citation[] }

/** In the order in which they are asked: at the door, while it went on, afterwards. */
export const PROMPTS = {
  certificate: { grounds: ['G01', 'G02', 'G07', 'G08', 'G12'], basis: [{ law: 'penalty', article: 55, paragraph: 1 }] },
  two_officers: { grounds: ['G01', 'G02', 'G05', 'G08'], basis: [{ law: 'penalty', article: 42, paragraph: 1 }, { law: 'coercion', article: 18, item: 2 }] },
  inspection_paper: { grounds: ['G07'], basis: [] },
  repeated: { grounds: ['G07'], basis: [] },
  camera: { grounds: ['G02', 'G08', 'G12'], basis: [] },
  witness: { grounds: ['G12', 'G17'], basis: [] },
  reasons: { grounds: ['G08'], basis: [{ law: 'coercion', article: 18, item: 5 }] },
  inventory: { grounds: ['G08'], basis: [{ law: 'coercion', article: 24 }] },
  record: { grounds: ['G02', 'G07'], basis: [{ law: 'penalty', article: 55, paragraph: 2 }] },
  told_before: { grounds: ['G03', 'G05', 'G11'], basis: [{ law: 'penalty', article: 44 }] },
  decision: { grounds: ['G03', 'G05', 'G11'], basis: [{ law: 'penalty', article: 59 }] },
  charge_listed: { grounds: ['G06'], basis: [{ law: 'business', article: 25 }] },
  fine_at_bank: { grounds: ['G05', 'G06'], basis: [{ law: 'penalty', article: 67 }, { law: 'penalty', article: 68 }] },
  receipt: { grounds: ['G05', 'G06'], basis: [{ law: 'penalty', article: 70 }] },
  permit_told_once: { grounds: ['G10'], basis: [{ law: 'permit', article: 32, paragraph: 1, item: 4 }] },
  permit_receipt: { grounds: ['G10'], basis: [{ law: 'permit', article: 32, paragraph: 2 }] },
  permit_reasons: { grounds: ['G10'], basis: [{ law: 'permit', article: 38, paragraph: 2 }] },
  asked_before: { grounds: ['G04'], basis: [] },
  promise_written: { grounds: ['G14'], basis: [] }
} as const satisfies Record<string, Prompt>
export type PromptCode = keyof typeof PROMPTS

/** The questions that the chosen grounds call for, each once. */
export function promptsFor (grounds: readonly string[]): PromptCode[] {
  return (Object.keys(PROMPTS) as PromptCode[]).filter(code => (PROMPTS[code].grounds as readonly string[]).some(ground => grounds.includes(ground)))
}

/** What may be answered to a prompt. */
export const PROMPT_ANSWERS = ['yes', 'no', 'unsure'] as const
