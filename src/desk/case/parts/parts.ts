import type { Permission } from '../../../domain/process/permissions.ts'
import type { RouteName } from '../../../paths.ts'

/** Parts that belong together stand under one tab; words at `case_group.<group>`. */
export const CASE_GROUPS = ['examination', 'handling', 'management'] as const
export type CaseGroup = (typeof CASE_GROUPS)[number]

/** A part of a case that is a page of its own beside the tabs of the case page: its route takes the reference, its permission decides who sees it. */
export interface CasePart { part: string, group: CaseGroup, route: RouteName, permission: Permission }

/** Pages of a case in their order; words at `case_tab.<part>`. */
export const CASE_PARTS: readonly CasePart[] = [
  { part: 'investigate', group: 'examination', route: 'investigate', permission: 'complaint.read' },
  { part: 'exhibits', group: 'examination', route: 'exhibits', permission: 'attachment.read' },
  { part: 'redact', group: 'examination', route: 'redact', permission: 'attachment.read' },
  { part: 'related', group: 'examination', route: 'related', permission: 'complaint.read' },
  { part: 'letters', group: 'handling', route: 'caseLetters', permission: 'complaint.read' },
  { part: 'rectification', group: 'handling', route: 'rectification', permission: 'complaint.read' },
  { part: 'consequences', group: 'handling', route: 'consequences', permission: 'complaint.read' },
  { part: 'people', group: 'management', route: 'people', permission: 'complaint.read' },
  { part: 'clocks', group: 'management', route: 'caseClocks', permission: 'complaint.read' },
  { part: 'bundle', group: 'management', route: 'bundle', permission: 'complaint.export' }
]
