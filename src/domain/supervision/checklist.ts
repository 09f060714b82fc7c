import type { GroundCode } from '../process/grounds.ts'
import type { Citation } from '../records/laws.ts'

/** What has to be looked into before findings are proposed; words at `check.<code>`. Without `basis` it is the bureau's own rule (本局自定). */
export interface CheckItem { grounds: readonly GroundCode[] | 'all', basis: readonly Citation[] }

/** In the order in which an examination goes. Each article cited was read in its text (`LAWS`). */
export const CHECKLIST = {
  agency_heard: { grounds: 'all', basis: [{ law: 'supervision', article: 22 }] },
  complainant_heard: { grounds: 'all', basis: [] },
  file_read: { grounds: 'all', basis: [{ law: 'supervision', article: 22 }] },
  certificates: { grounds: ['G01', 'G02', 'G12'], basis: [{ law: 'penalty', article: 42, paragraph: 1 }, { law: 'penalty', article: 55, paragraph: 1 }] },
  agency_power: { grounds: ['G01', 'G09'], basis: [] },
  footage: { grounds: ['G02', 'G08', 'G12'], basis: [] },
  record_made: { grounds: ['G02', 'G07'], basis: [{ law: 'penalty', article: 55, paragraph: 2 }] },
  told_before: { grounds: ['G02', 'G03', 'G05', 'G11'], basis: [{ law: 'penalty', article: 44 }] },
  decision_complete: { grounds: ['G03', 'G05', 'G11'], basis: [{ law: 'penalty', article: 59 }] },
  discretion: { grounds: ['G03', 'G05'], basis: [] },
  duty: { grounds: ['G04'], basis: [] },
  charge_basis: { grounds: ['G06'], basis: [{ law: 'business', article: 25 }] },
  fine_separated: { grounds: ['G05', 'G06'], basis: [{ law: 'penalty', article: 67 }] },
  receipt: { grounds: ['G05', 'G06'], basis: [{ law: 'penalty', article: 70 }] },
  inspection_frequency: { grounds: ['G07'], basis: [] },
  seizure_reasons: { grounds: ['G08'], basis: [{ law: 'coercion', article: 18, item: 5 }] },
  seizure_inventory: { grounds: ['G08'], basis: [{ law: 'coercion', article: 24 }] },
  seizure_scope: { grounds: ['G08'], basis: [{ law: 'coercion', article: 23 }] },
  permit_handling: { grounds: ['G10'], basis: [{ law: 'permit', article: 32 }, { law: 'permit', article: 38, paragraph: 2 }] },
  equal_treatment: { grounds: ['G13'], basis: [] },
  promise: { grounds: ['G14'], basis: [{ law: 'business', article: 69, item: 7 }] },
  publication: { grounds: ['G15'], basis: [] },
  retaliation: { grounds: ['G16'], basis: [] },
  handed_over: { grounds: ['G17'], basis: [{ law: 'supervision', article: 33 }] }
} as const satisfies Record<string, CheckItem>
export type CheckCode = keyof typeof CHECKLIST

/** Done, or not called for in this case (with reasons). */
export const CHECK_ANSWERS = ['done', 'not_called_for'] as const
export type CheckAnswer = (typeof CHECK_ANSWERS)[number]

/** The items that the grounds of a complaint call for, and those that a routing rule added (joined by spaces), each once. */
export function checksFor (grounds: readonly string[], added = ''): CheckCode[] {
  return (Object.keys(CHECKLIST) as CheckCode[]).filter(code => {
    const item: CheckItem = CHECKLIST[code]
    return added.split(' ').includes(code) || item.grounds === 'all' || item.grounds.some(ground => grounds.includes(ground))
  })
}

/** How many items are still open. */
export function openChecks (grounds: readonly string[], ticked: readonly string[], added = ''): number {
  return checksFor(grounds, added).filter(code => !ticked.includes(code)).length
}
