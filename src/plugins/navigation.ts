import { allows, type Permission, type StaffRole } from '../domain/process/permissions.ts'
import type { RouteName } from '../paths.ts'

type Entry = readonly [RouteName, Permission]

/** What the bar of the desk leads to, each for those who may open it; words at `nav.<route>`. */
export const DESK_NAVIGATION = [
  ['desk', 'account.own'],
  ['queue', 'complaint.list'],
  ['entry', 'complaint.enter'],
  ['approvals', 'letter.approve'],
  ['proposals', 'government.decide'],
  ['register', 'complaint.read'],
  ['audit', 'audit.read'],
  ['adminAccounts', 'account.manage'],
  ['statements', 'statement.moderate'],
  ['agencyItems', 'agency.item']
] as const satisfies readonly Entry[]

/** What is needed now and then: together on a page of its own, what each is for at `nav_help.<route>`. */
export const DESK_MORE = [
  ['patterns', 'pattern.review'],
  ['workload', 'complaint.assign'],
  ['absences', 'complaint.claim'],
  ['routing', 'routing.manage'],
  ['phrases', 'phrase.manage'],
  ['letterTypes', 'letter.configure'],
  ['deskCorrections', 'correction.decide'],
  ['misses', 'search.review'],
  ['letters', 'letter.review'],
  ['certificateCodes', 'code.manage'],
  ['adminCalendar', 'calendar.manage'],
  ['adminDeadlines', 'deadline.manage']
] as const satisfies readonly Entry[]

/** So many fit the bar as well; a page for them would only be one more step. */
const FEW = 2

/** The bar as a role sees it, and what stands on the page behind its last entry. People of an agency have their own pages; the desk's are not theirs. */
export function navigationOf (role: StaffRole): { bar: RouteName[], more: RouteName[] } {
  const open = (entries: readonly Entry[]): RouteName[] => entries.filter(([, permission]) => allows(role, permission)).map(([route]) => route)
  const bar = open(DESK_NAVIGATION).filter(route => route !== 'desk' || !allows(role, 'agency.item'))
  const more = open(DESK_MORE)
  return more.length <= FEW ? { bar: [...bar, ...more], more: [] } : { bar: [...bar, 'deskMore'], more }
}
