import { citeChinese, type Citation } from '../records/laws.ts'
import { DEMANDING, type DocumentType } from '../process/documents.ts'
import type { Role } from '../process/permissions.ts'
import type { Status } from '../process/workflow.ts'

/** Who looks at a letter before it is issued, in this order; words at `letter_step.<step>`. */
export const APPROVALS = { legal: 'legal_reviewer', head: 'head', leader: 'approver' } as const satisfies Record<string, Role>
export type Approval = keyof typeof APPROVALS

/** The parts of a letter, in the order in which they are read; words at `letter_part.<field>`. */
export const LETTER_FIELDS = ['facts', 'evidence', 'reasons', 'basis', 'request', 'meeting', 'report', 'attachments'] as const
export type LetterField = (typeof LETTER_FIELDS)[number]

/** What a letter may demand of an agency; words at `demand_kind.<kind>`. The kinds of decision stand in the regulation's article 29, the others are the bureau's own (本局自定). */
export const DEMAND_KINDS = ['perform', 'revoke', 'change', 'redo', 'confirm_unlawful', 'confirm_void', 'refund', 'return_property', 'apologise', 'discipline', 'fix_rule', 'other'] as const
export type DemandKind = (typeof DEMAND_KINDS)[number]

/** A letter that is drafted and approved before it goes out. `needs` must be filled in before it is handed in; `demands`: it says what has to be put right. */
export interface LetterKind {
  addressee: 'agency' | 'superior' | 'agencies'
  basis: readonly Citation[]
  fields: readonly LetterField[]
  needs: readonly LetterField[]
  demands: boolean
  objection: boolean
  chain: readonly Approval[]
  from: string | null // the first day on which one may be issued, where the law sets one
  local?: 'on' | 'off' // a form that only local rules know, and whether it is in use until the bureau says otherwise
}

const regulation = (article: number): readonly Citation[] => [{ law: 'supervision', article }]
const FULL = ['legal', 'head', 'leader'] as const
const IN_FORCE = '2026-02-01' // 行政执法监督条例

/**
 * All letters that are drafted. No official form of any of them is known (式样待核实), nor does the regulation say who has to look at one first: the
 * chain is the bureau's own (本局自定). What a step issues by itself, such as a notice of acceptance, stands in the workflow.
 */
export const LETTERS = {
  urging_letter: { addressee: 'agency', basis: regulation(27), fields: ['facts', 'evidence', 'reasons', 'basis', 'report', 'attachments'], needs: ['facts', 'basis', 'report'], demands: true, objection: true, chain: FULL, from: IN_FORCE },
  opinion_letter: { addressee: 'agency', basis: regulation(28), fields: ['facts', 'evidence', 'reasons', 'basis', 'report', 'attachments'], needs: ['facts', 'evidence', 'reasons', 'basis', 'report'], demands: true, objection: true, chain: FULL, from: IN_FORCE },
  decision_letter: { addressee: 'agency', basis: regulation(29), fields: ['facts', 'evidence', 'reasons', 'basis', 'report', 'attachments'], needs: ['facts', 'evidence', 'reasons', 'basis', 'report'], demands: true, objection: true, chain: FULL, from: IN_FORCE },
  notice_letter: { addressee: 'agency', basis: [], fields: ['facts', 'evidence', 'reasons', 'basis', 'report', 'attachments'], needs: ['facts', 'evidence', 'reasons', 'basis', 'report'], demands: true, objection: true, chain: FULL, from: null, local: 'off' },
  advice_letter: { addressee: 'agency', basis: [], fields: ['facts', 'reasons', 'request', 'report', 'attachments'], needs: ['facts', 'request'], demands: false, objection: false, chain: FULL, from: null, local: 'on' },
  talk_notice: { addressee: 'agency', basis: regulation(22), fields: ['request', 'meeting'], needs: ['request', 'meeting'], demands: false, objection: false, chain: ['head', 'leader'], from: IN_FORCE },
  circular: { addressee: 'agencies', basis: regulation(31), fields: ['facts', 'basis', 'request'], needs: ['facts', 'basis', 'request'], demands: false, objection: false, chain: FULL, from: IN_FORCE },
  officer_advice: { addressee: 'superior', basis: regulation(32), fields: ['facts', 'evidence', 'basis', 'request', 'report', 'attachments'], needs: ['facts', 'evidence', 'basis', 'request'], demands: false, objection: false, chain: FULL, from: IN_FORCE }
} as const satisfies Partial<Record<DocumentType, LetterKind>>
export type LetterType = keyof typeof LETTERS
export const LETTER_TYPES = Object.keys(LETTERS) as LetterType[]

/** The kind of a type, with one type for all rows. */
export function letterKind (type: LetterType): LetterKind {
  return LETTERS[type]
}

/** A draft on its way; words at `draft_state.<state>`. `proposed`: before the government; only `approved` lets a letter be issued. */
export const DRAFT_STATES = ['draft', 'pending', 'approved', 'proposed', 'issued', 'withdrawn'] as const
export type DraftState = (typeof DRAFT_STATES)[number]

/** When letters are written: one that demands something once findings were proposed, the others as long as a case is examined or answered. */
const WRITABLE: readonly Status[] = ['investigating', 'findings', 'drafting', 'document_issued', 'objection', 'verifying', 'replied']

/** Whether a letter demands something of an agency, and therefore moves the case when it is issued. */
export function demanding (type: string): boolean {
  return (DEMANDING as readonly string[]).includes(type)
}

/** What the bureau has said of local letters: type and whether it is in use. */
export type LocalUse = ReadonlyMap<string, boolean>

/** Whether the bureau uses a letter: national and own ones always, local ones as it has said. */
export function inUse (type: LetterType, said: LocalUse): boolean {
  const { local } = letterKind(type)
  return local === undefined || (said.get(type) ?? local === 'on')
}

/** The letters that may be written in a status on a day. */
export function writableLetters (status: Status, today: string, said: LocalUse): LetterType[] {
  return LETTER_TYPES.filter(type => {
    const { from } = letterKind(type)
    if (!inUse(type, said) || (from !== null && today < from)) return false
    return demanding(type) ? status === 'findings' || status === 'drafting' : WRITABLE.includes(status)
  })
}

/** The legal basis of a type as official texts cite it. */
export function basisOf (type: LetterType): string[] {
  return letterKind(type).basis.map(citeChinese)
}
