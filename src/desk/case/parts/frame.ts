import type { FastifyRequest } from 'fastify'
import type { Case } from '../../../complaints/case/reading/service.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { allows } from '../../../domain/process/permissions.ts'
import type { Frame } from '../../../views.ts'
import { caseFrame, chipsOf, type Chip } from '../casework/present.ts'
import { TABS, type Tab } from '../casework/schema.ts'
import { CASE_GROUPS, CASE_PARTS } from './parts.ts'

/** A tab; `parts` are those under it, where it is the one that is shown. */
export interface TabLink { label: string, href: string, current: boolean, count?: number, parts?: TabLink[] }
/** What the head of every page of a case needs: `{{> desk/part complaint=complaint chips=chips tabs=tabs}}`. */
export interface PartFrame extends Frame { complaint: Case, chips: Chip[], tabs: TabLink[] }

/** Title, way back, head and tabs of a page of a case; `now` is ISO UTC. */
export function partFrame (request: FastifyRequest, complaint: Case, part: string, now: string): PartFrame {
  return {
    ...caseFrame(request, complaint.ref, request.t(`case_tab.${part}`)),
    complaint,
    chips: chipsOf(request, complaint, localDate(now)),
    tabs: tabsOf(request, complaint, part)
  }
}

/** The tabs of a case and the pages beside them; `current` is the one that is shown. */
export function tabsOf (request: FastifyRequest, complaint: Case, current: string): TabLink[] {
  const counts: Partial<Record<Tab, number>> = { messages: complaint.messages.length, notes: complaint.notes.length, documents: complaint.documents.length + complaint.attachments.length }
  const tabs = TABS.map(tab => {
    const count = counts[tab]
    return { label: request.t(`case_tab.${tab}`), href: request.path('complaint', [complaint.ref], { tab: tab === 'overview' ? undefined : tab }), current: tab === current, ...count === undefined ? {} : { count } }
  })
  return [...tabs, ...groupsOf(request, complaint, current)]
}

/** One tab for each group of which there is a part to open; it leads to the first. */
function groupsOf (request: FastifyRequest, { ref }: Case, current: string): TabLink[] {
  return CASE_GROUPS.flatMap(group => {
    const parts = CASE_PARTS.filter(part => part.group === group && allows(request.actor?.role ?? null, part.permission))
      .map(({ part, route }) => ({ label: request.t(`case_tab.${part}`), href: request.path(route, [ref]), current: part === current }))
    const [first] = parts
    if (first === undefined) return []
    const open = parts.some(part => part.current)
    return [{ label: request.t(`case_group.${group}`), href: first.href, current: open, ...open ? { parts } : {} }]
  })
}
