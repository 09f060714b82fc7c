import type { GroundCode } from '../process/grounds.ts'
import { comparable } from '../process/suspicions.ts'
import { CHECKLIST, type CheckCode } from '../supervision/checklist.ts'
import { PRIORITIES, type Priority } from './priorities.ts'

/**
 * What a complaint must be for a rule to meet it: everything that is said here (分办规则的条件; all of it our own, 本局自定). Of several grounds or
 * keywords one is enough. `fineFrom` is the fine of the decision that the complaint is about, in fen; `region` a division or all in it.
 */
export interface When { agency?: number, region?: string, grounds?: GroundCode[], keywords?: string[], source?: string, fineFrom?: number, urgent?: true, kind?: string }

/** What is done then. `suggest`: the handler is named, and nobody gets the case before somebody claims it. */
export interface Then { handler?: number, suggest?: true, supervisors?: number[], priority?: Priority, checks?: CheckCode[] }
export interface RuleData { when: When, then: Then }

/** A complaint as far as rules look at it; `text` holds the words of everything that was written. */
export interface Arrival { agencyId: number | null, region: string | null, grounds: readonly string[], text: string, source: string, fineFen: number | null, urgent: boolean, kind: string }

/** Why a rule that met a complaint could not do something, as `<who>:<why>`; words at `routing_fault.<why>`. */
export const ROUTING_FAULTS = ['gone', 'role', 'bureau', 'card', 'conflict', 'away'] as const
export type RoutingFault = (typeof ROUTING_FAULTS)[number]

/** A rule as it is stored; null for what is none, so that a broken one meets nothing instead of breaking a submission. */
export function readRule (json: string): RuleData | null {
  try {
    const { when, then } = JSON.parse(json) as Partial<RuleData>
    return isObject(when) && isObject(then) && isSound(then) && isReadable(when) ? { when, then } : null
  } catch {
    return null
  }
}

function isObject (value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isReadable ({ grounds = [], keywords = [] }: When): boolean {
  return [grounds, keywords].every(list => Array.isArray(list) && list.every(item => typeof item === 'string'))
}

function isSound ({ handler, supervisors = [], priority, checks = [] }: Then): boolean {
  return (handler === undefined || Number.isInteger(handler)) && Array.isArray(supervisors) && supervisors.every(Number.isInteger) && Array.isArray(checks) &&
    checks.every(code => Object.hasOwn(CHECKLIST, code)) && (priority === undefined || PRIORITIES.includes(priority))
}

/** How each condition looks at a complaint; one that a rule does not have is no hindrance. */
const CONDITIONS: { [K in keyof When]-?: (asked: NonNullable<When[K]>, arrival: Arrival) => boolean } = {
  agency: (id, { agencyId }) => agencyId === id,
  region: (code, { region }) => region?.startsWith(code.replace(/(?:00)+$/, '')) ?? false,
  grounds: (codes, { grounds }) => codes.some(code => grounds.includes(code)),
  keywords: (words, { text }) => words.map(word => comparable([word])).some(word => word !== '' && text.includes(word)),
  source: (code, { source }) => source === code,
  fineFrom: (fen, { fineFen }) => (fineFen ?? -1) >= fen,
  urgent: (_asked, { urgent }) => urgent,
  kind: (code, { kind }) => kind === code
}

/** Whether a rule meets a complaint. */
export function meets (when: When, arrival: Arrival): boolean {
  return (Object.keys(CONDITIONS) as Array<keyof When>).every(name => when[name] === undefined || (CONDITIONS[name] as (asked: unknown, arrival: Arrival) => boolean)(when[name], arrival))
}

/** The first rule that meets a complaint, in their order; those that cannot be read are passed over. */
export function firstMeeting<T extends { data: RuleData | null }> (rules: readonly T[], arrival: Arrival): T & { data: RuleData } | undefined {
  return rules.find((rule): rule is T & { data: RuleData } => rule.data !== null && meets(rule.data.when, arrival))
}
