import type { FastifyRequest } from 'fastify'
import type { QueueRow } from '../../../complaints/case/reading/repository.ts'
import type { Priority } from '../../../domain/work/priorities.ts'
import { hasComplainant } from '../../../domain/process/sources.ts'
import { daysBetween, localDate } from '../../../domain/time/calendar.ts'
import { dueState, type DueState } from '../../../domain/time/clocks.ts'

/** One complaint in a list, in words. Never who complained. */
export interface Line {
  ref: string, href: string, caseNo: string | null, status: string, mode: string
  agency: string | null, agencyLang: string | null, bureau: string, grounds: string, handler: string | null
  due: { state: DueState, on: string } | null
  age: string, submittedAt: string, updatedAt: string, outcome: string | null, supervisors: string, pick: string, source: string | null, unread: boolean, urgent: boolean, priority: Priority, suspect: boolean, flags: string[]
}

/** A row of the queue in the reader's words; `today` is the date in China. With `list` the case knows where it was opened from. */
export function lineOf (request: FastifyRequest, row: QueueRow, today: string, { supervisors = [], list }: { supervisors?: readonly string[] | undefined, list?: string } = {}): Line {
  const days = daysBetween(localDate(row.submittedAt), today)
  const english = request.locale === 'en' && row.agencyEn !== null
  return {
    ref: row.ref,
    href: request.path('complaint', [row.ref], { list }),
    caseNo: row.caseNo,
    status: row.status,
    mode: hasComplainant(row.source) ? row.mode : 'nobody',
    agency: english ? row.agencyEn : row.agency,
    agencyLang: english ? null : 'zh-CN',
    bureau: row.bureau,
    grounds: row.grounds.map(ground => request.t(`ground.${ground}`)).join(request.t('ui.between')),
    handler: row.handler?.name ?? null,
    due: row.dueOn === null || row.dueFrom === null ? null : { state: dueState(row.dueOn, today, row.dueFrom), on: row.dueOn },
    age: days === 0 ? request.t('queue.age_today') : days === 1 ? request.t('queue.age_one') : request.t('queue.age', { days }),
    submittedAt: row.submittedAt,
    updatedAt: row.updatedAt,
    outcome: row.outcome,
    supervisors: supervisors.join('、'),
    pick: request.t('bulk.pick', { ref: row.ref }),
    source: row.source === 'web' ? null : row.source,
    unread: row.unread,
    urgent: row.urgent,
    priority: row.priority,
    suspect: row.suspect,
    flags: row.flags
  }
}
