import type { Citation } from '../records/laws.ts'

/** When a right matters: at the door, before a decision, when it is made, after it. The page is grouped by this. */
export const MOMENTS = ['door', 'before', 'decision', 'after'] as const
export type Moment = (typeof MOMENTS)[number]

/** One right of the person concerned; the words stand at `right.<code>` and `right_text.<code>`. `brief` ones are named on every matter of that kind. */
export interface Right { code: string, when: Moment, brief?: true, basis: readonly Citation[] }

/** Rights that everybody has, whatever power was used. */
const EVERYWHERE = [
  { code: 'complain', when: 'after', brief: true, basis: [{ law: 'supervision', article: 11, paragraph: 2 }, { law: 'supervision', article: 20, paragraph: 2 }] },
  { code: 'reconsideration', when: 'after', brief: true, basis: [{ law: 'reconsideration', article: 20, paragraph: 1 }] },
  { code: 'litigation', when: 'after', brief: true, basis: [{ law: 'litigation', article: 46, paragraph: 1 }] },
  { code: 'compensation', when: 'after', basis: [{ law: 'compensation', article: 4 }, { law: 'compensation', article: 9, paragraph: 2 }] }
] as const satisfies readonly Right[]

const CERTIFICATE = { code: 'certificate', when: 'door', brief: true, basis: [{ law: 'penalty', article: 55, paragraph: 1 }] } as const satisfies Right
const SECRETS = { code: 'secrets', when: 'before', basis: [{ law: 'penalty', article: 50 }] } as const satisfies Right

/**
 * Rights by power: what the law lets the person concerned ask for, each with its article. Every row was read in the statute's text.
 * Articles 42 and 55 of the Penalty Law are about penalties, hence the careful words of `two_officers_case`.
 */
export const RIGHTS = {
  inspection: [
    CERTIFICATE,
    { code: 'two_officers_case', when: 'door', brief: true, basis: [{ law: 'penalty', article: 42, paragraph: 1 }] },
    { code: 'record', when: 'door', brief: true, basis: [{ law: 'penalty', article: 55, paragraph: 2 }] },
    { code: 'recusal', when: 'door', basis: [{ law: 'penalty', article: 43, paragraph: 2 }] },
    { code: 'evidence_kept', when: 'door', basis: [{ law: 'penalty', article: 56 }, { law: 'penalty', article: 85 }] },
    { code: 'no_disturbance', when: 'before', brief: true, basis: [{ law: 'private_economy', article: 50 }, { law: 'permit', article: 63 }] },
    { code: 'merged', when: 'before', brief: true, basis: [{ law: 'business', article: 54, paragraph: 1 }, { law: 'private_economy', article: 52, paragraph: 2 }] },
    { code: 'inspection_free', when: 'before', basis: [{ law: 'permit', article: 58, paragraph: 1 }] },
    SECRETS,
    ...EVERYWHERE
  ],
  penalty: [
    { code: 'two_officers', when: 'door', brief: true, basis: [{ law: 'penalty', article: 42, paragraph: 1 }] },
    CERTIFICATE,
    { code: 'record', when: 'door', brief: true, basis: [{ law: 'penalty', article: 55, paragraph: 2 }] },
    { code: 'recusal', when: 'door', basis: [{ law: 'penalty', article: 43, paragraph: 2 }] },
    { code: 'evidence_kept', when: 'door', basis: [{ law: 'penalty', article: 56 }, { law: 'penalty', article: 85 }] },
    { code: 'told_before', when: 'before', brief: true, basis: [{ law: 'penalty', article: 44 }, { law: 'penalty', article: 62 }] },
    { code: 'statement', when: 'before', brief: true, basis: [{ law: 'penalty', article: 45 }] },
    { code: 'hearing', when: 'before', brief: true, basis: [{ law: 'penalty', article: 63 }, { law: 'penalty', article: 64, item: 1 }] },
    { code: 'exemption', when: 'before', brief: true, basis: [{ law: 'penalty', article: 33 }] },
    { code: 'benchmark', when: 'before', basis: [{ law: 'penalty', article: 34 }] },
    { code: 'monitoring', when: 'before', basis: [{ law: 'penalty', article: 41 }] },
    SECRETS,
    { code: 'decision', when: 'decision', basis: [{ law: 'penalty', article: 59 }] },
    { code: 'on_the_spot', when: 'decision', basis: [{ law: 'penalty', article: 51 }, { law: 'penalty', article: 52 }] },
    { code: 'ninety_days', when: 'decision', basis: [{ law: 'penalty', article: 60 }] },
    { code: 'served', when: 'decision', basis: [{ law: 'penalty', article: 61 }, { law: 'penalty', article: 85 }] },
    { code: 'one_fine', when: 'decision', basis: [{ law: 'penalty', article: 29 }] },
    { code: 'limitation', when: 'decision', basis: [{ law: 'penalty', article: 36 }] },
    { code: 'fine_at_bank', when: 'after', basis: [{ law: 'penalty', article: 67 }, { law: 'penalty', article: 68 }] },
    { code: 'receipt', when: 'after', basis: [{ law: 'penalty', article: 70 }] },
    { code: 'instalments', when: 'after', basis: [{ law: 'penalty', article: 66, paragraph: 2 }] },
    ...EVERYWHERE
  ],
  coercion: [
    { code: 'coercion_officers', when: 'door', brief: true, basis: [{ law: 'coercion', article: 18, item: 2 }, { law: 'coercion', article: 18, item: 3 }] },
    { code: 'coercion_reasons', when: 'door', brief: true, basis: [{ law: 'coercion', article: 18, item: 5 }] },
    { code: 'coercion_statement', when: 'door', brief: true, basis: [{ law: 'coercion', article: 18, item: 6 }] },
    { code: 'coercion_record', when: 'door', basis: [{ law: 'coercion', article: 18, item: 7 }, { law: 'coercion', article: 18, item: 8 }] },
    { code: 'inventory', when: 'door', brief: true, basis: [{ law: 'coercion', article: 24 }] },
    { code: 'recusal', when: 'door', basis: [{ law: 'penalty', article: 43, paragraph: 2 }] },
    { code: 'approval', when: 'before', basis: [{ law: 'coercion', article: 18, item: 1 }, { law: 'coercion', article: 19 }] },
    { code: 'scope', when: 'before', basis: [{ law: 'coercion', article: 23 }] },
    { code: 'demand_first', when: 'before', basis: [{ law: 'coercion', article: 35 }, { law: 'coercion', article: 36 }] },
    { code: 'thirty_days', when: 'decision', brief: true, basis: [{ law: 'coercion', article: 25 }] },
    { code: 'custody_costs', when: 'decision', basis: [{ law: 'coercion', article: 26 }] },
    { code: 'night', when: 'decision', basis: [{ law: 'coercion', article: 43 }] },
    { code: 'returned', when: 'after', basis: [{ law: 'coercion', article: 28 }] },
    ...EVERYWHERE
  ],
  permit: [
    { code: 'permit_posted', when: 'door', basis: [{ law: 'permit', article: 30 }] },
    { code: 'permit_told_once', when: 'door', brief: true, basis: [{ law: 'permit', article: 32, paragraph: 1, item: 4 }, { law: 'permit', article: 82 }] },
    { code: 'permit_receipt', when: 'door', basis: [{ law: 'permit', article: 32, paragraph: 2 }] },
    { code: 'permit_unrelated', when: 'door', basis: [{ law: 'permit', article: 31, paragraph: 1 }] },
    { code: 'permit_free', when: 'door', brief: true, basis: [{ law: 'permit', article: 58 }] },
    { code: 'permit_statement', when: 'before', basis: [{ law: 'permit', article: 36 }] },
    { code: 'permit_hearing', when: 'before', basis: [{ law: 'permit', article: 47 }] },
    { code: 'permit_days', when: 'decision', brief: true, basis: [{ law: 'permit', article: 42, paragraph: 1 }, { law: 'permit', article: 82 }] },
    { code: 'permit_reasons', when: 'decision', brief: true, basis: [{ law: 'permit', article: 38, paragraph: 2 }] },
    ...EVERYWHERE
  ],
  charge: [
    { code: 'charge_listed', when: 'door', brief: true, basis: [{ law: 'business', article: 25 }] },
    { code: 'permit_free', when: 'door', brief: true, basis: [{ law: 'permit', article: 58 }] },
    ...EVERYWHERE
  ]
} as const satisfies Record<string, readonly Right[]>
export type Power = keyof typeof RIGHTS
export type RightCode = (typeof RIGHTS)[Power][number]['code']

/** The powers that have a page of rights, in the order in which people meet them. */
export const POWERS = Object.keys(RIGHTS) as Power[]

/** Whether a kind of matter has its own rights here; the others have those that everybody has. */
export function isPower (category: string): category is Power {
  return Object.hasOwn(RIGHTS, category)
}

/** The rights of a kind of matter: its own and those that everybody has. */
export function rightsOf (category: string): readonly Right[] {
  return isPower(category) ? RIGHTS[category] : EVERYWHERE
}

/** Besides what matters at the door, the card for it names these: what must be said before a decision is handed over on the spot. */
const ALSO_AT_THE_DOOR: ReadonlySet<string> = new Set(['told_before'])

/** What one may ask for there and then, by power: the card for the door. */
export function doorRights (power: Power): readonly Right[] {
  return RIGHTS[power].filter(({ code, when }) => when === 'door' || ALSO_AT_THE_DOOR.has(code))
}
