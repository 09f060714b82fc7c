import type { FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { listDeputisedRoles } from '../../../complaints/allotment/absence/repository.ts'
import { listWaitingCases, type WaitingKind } from '../../../complaints/allotment/workload/repository.ts'
import { listIssuable, listWaiting } from '../../../complaints/outcome/letters/repository.ts'
import { listReminders } from '../../../complaints/work/reminders/service.ts'
import { allows, type Permission } from '../../../domain/process/permissions.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import type { RouteName } from '../../../paths.ts'
import type { Clerk } from '../../case/casework/actor.ts'

/** Something that waits for a person's own decision: where all of it stands, or the cases themselves. */
export interface Wait { name: string, total: number, href: string | null, cases: Array<{ ref: string, on: string | null, href: string }>, more: boolean }

/** Cases that are named; more of a kind are only said to be there. */
const NAMED = 8

/** Cases that wait for a decision, who decides them, and the page of a case on which that is done. */
const KINDS: ReadonlyArray<[WaitingKind, Permission, RouteName]> = [
  ['extensions', 'extension.decide', 'caseClocks'],
  ['withdrawals', 'decision.withdraw', 'consequences'],
  ['suggested', 'complaint.claim', 'complaint'],
  ['unrouted', 'complaint.assign', 'complaint']
]

/** What waits for a person's decision, only as far as they may take it and the cases exist for them. */
export async function waitsOf (app: App, request: FastifyRequest, clerk: Clerk): Promise<Wait[]> {
  const today = localDate(app.now())
  const waits: Wait[] = []
  const listed = (name: string, total: number, href: string): void => { if (total > 0) waits.push({ name, total, href, cases: [], more: false }) }
  if (allows(clerk.role, 'letter.approve')) {
    const waiting = await listWaiting(app.db, clerk.role, await listDeputisedRoles(app.db, clerk.id, today), clerk)
    const issuable = allows(clerk.role, 'letter.sign') ? await listIssuable(app.db, clerk) : []
    listed('approvals', waiting.filter(letter => letter.author_id !== clerk.id).length + issuable.length, request.path('approvals'))
  }
  for (const [kind, permission, route] of KINDS) {
    if (!allows(clerk.role, permission)) continue
    const found = await listWaitingCases(app.db, kind, clerk, NAMED + 1)
    if (found.length > 0) waits.push({ name: kind, total: found.length, href: null, cases: found.slice(0, NAMED).map(({ ref, on }) => ({ ref, on, href: request.path(route, [ref]) })), more: found.length > NAMED })
  }
  listed('reminders', (await listReminders(app, clerk.id)).filter(({ dueOn }) => dueOn <= today).length, request.path('reminders'))
  return waits
}
