import { allows, type Permission, type StaffRole } from '../domain/process/permissions.ts'
import type { RouteName } from '../paths.ts'

/** What the bar of the desk leads to, each for those who may open it; words at `nav.<route>`. */
export const DESK_NAVIGATION = [
  ['desk', 'account.own'],
  ['queue', 'complaint.list'],
  ['entry', 'complaint.enter'],
  ['approvals', 'letter.approve'],
  ['proposals', 'government.decide'],
  ['register', 'complaint.read'],
  ['phrases', 'phrase.manage'],
  ['letterTypes', 'letter.configure'],
  ['deskCorrections', 'correction.decide'],
  ['misses', 'search.review'],
  ['letters', 'letter.review'],
  ['audit', 'audit.read'],
  ['certificateCodes', 'code.manage'],
  ['adminAccounts', 'account.manage'],
  ['adminCalendar', 'calendar.manage'],
  ['adminDeadlines', 'deadline.manage'],
  ['patterns', 'pattern.review'],
  ['agencyItems', 'agency.item']
] as const satisfies ReadonlyArray<readonly [RouteName, Permission]>

/** The bar as a role sees it. People of an agency have their own pages; the desk's are not theirs. */
export function navigationOf (role: StaffRole): RouteName[] {
  const agency = allows(role, 'agency.item')
  return DESK_NAVIGATION.filter(([route, permission]) => allows(role, permission) && !(agency && route === 'desk')).map(([route]) => route)
}
