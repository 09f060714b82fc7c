import type { Permission } from '../../../domain/process/permissions.ts'
import type { RouteName } from '../../../paths.ts'

/** A part of a case that is a page of its own beside the tabs of the case page: its route takes the reference, its permission decides who sees the tab. */
export interface CasePart { part: string, route: RouteName, permission: Permission }

/** Pages of a case in the order of their tabs; words at `case_tab.<part>`. */
export const CASE_PARTS: readonly CasePart[] = [
  { part: 'investigate', route: 'investigate', permission: 'complaint.read' },
  { part: 'exhibits', route: 'exhibits', permission: 'attachment.read' },
  { part: 'related', route: 'related', permission: 'complaint.read' },
  { part: 'redact', route: 'redact', permission: 'attachment.read' },
  { part: 'letters', route: 'caseLetters', permission: 'complaint.read' },
  { part: 'rectification', route: 'rectification', permission: 'complaint.read' },
  { part: 'people', route: 'people', permission: 'complaint.read' },
  { part: 'bundle', route: 'bundle', permission: 'complaint.export' },
  { part: 'clocks', route: 'caseClocks', permission: 'complaint.read' },
  { part: 'consequences', route: 'consequences', permission: 'complaint.read' }
]
