import { sql, type ExpressionBuilder, type ExpressionWrapper, type SqlBool } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { addDays } from '../../../domain/time/calendar.ts'
import { normaliseDocumentNumber } from '../../../domain/records/codes.ts'
import { normaliseReference } from '../../../domain/records/receipts.ts'
import type { Priority } from '../../../domain/work/priorities.ts'
import type { Status } from '../../../domain/process/workflow.ts'
import type { GroundCode } from '../../../domain/process/grounds.ts'
import type { Flag } from '../../following/requests/repository.ts'

export type Builder = ExpressionBuilder<Database, 'complaint'>
export type Condition = ExpressionWrapper<Database, 'complaint', SqlBool>
interface Moment { today: string, me: number | undefined }

/** How near a due date must be to count as soon, in days. */
export const SOON = 3

/** Whom a case waits for: the complainant's supplement; what the agency does after a letter. */
export const WAITING_COMPLAINANT: readonly Status[] = ['needs_info']
export const WAITING_AGENCY: readonly Status[] = ['document_issued', 'objection']

const open = (eb: Builder, ...further: Condition[]): Condition => eb.and([eb('closed_at', 'is', null), eb('suspect', '=', 0), ...further])

/** The ways to look at the queue. Closed complaints stand in `closed` and `all` only, those kept apart in `quarantine` and `all`. */
export const CONDITIONS = {
  open: eb => open(eb),
  // What claims that somebody is in danger does not wait until somebody looks into the quarantine.
  triage: eb => eb.and([eb('closed_at', 'is', null), eb.or([eb('suspect', '=', 0), eb('urgent', '=', 1)]), eb('status', 'in', ['submitted', 'registered'])]),
  unassigned: eb => open(eb, eb('handler_id', 'is', null)),
  mine: (eb, { me }) => open(eb, eb('handler_id', '=', me ?? -1)),
  due_soon: (eb, { today }) => open(eb, eb('sort_on', '>=', today), eb('sort_on', '<=', addDays(today, SOON))),
  overdue: (eb, { today }) => open(eb, eb('sort_on', '<', today)),
  waiting: eb => open(eb, eb('status', 'in', WAITING_COMPLAINANT)),
  waiting_agency: eb => open(eb, eb('status', 'in', WAITING_AGENCY)),
  verify: eb => open(eb, eb('status', '=', 'verifying')),
  unread: eb => open(eb, eb('unread', '=', 1)),
  quarantine: eb => eb.and([eb('closed_at', 'is', null), eb('suspect', '=', 1)]),
  closed: eb => eb('closed_at', 'is not', null),
  all: eb => eb.and([])
} as const satisfies Record<string, (eb: Builder, moment: Moment) => Condition>
export type View = keyof typeof CONDITIONS
export const VIEWS = Object.keys(CONDITIONS) as View[]

export type DueFilter = 'overdue' | 'today' | 'week'

/** How far an agency has come with what a letter demands (T23): nothing said yet and time left, said to be done, not proven, late. */
export const RECTIFICATIONS = ['not_due', 'claimed', 'disputed', 'overdue'] as const
export type Rectification = (typeof RECTIFICATIONS)[number]

/** Orders beside the view's own (what is urgent, then what is due first). */
export const SORTS = ['priority', 'oldest', 'newest'] as const
export type Sort = (typeof SORTS)[number]
/** High, normal, low: written as in the index `complaint_open_by_priority`, or it would not be used. */
export const PRIORITY_ORDER = sql<number>`(case priority when 'high' then 0 when 'low' then 2 else 1 end)`

export interface QueueFilter {
  bureauIds: readonly number[]
  view?: View
  status?: readonly Status[]
  /** An account, or `none`: nobody has it in hand. */
  handler?: number | 'none'
  agency?: number
  ground?: GroundCode
  due?: DueFilter
  source?: string
  /** What staff are to notice at once, not settled yet. */
  flag?: Flag
  unread?: number
  rectify?: Rectification
  priority?: Priority
  sort?: Sort
  /** A reference or case number however it was typed, or a part of an agency's name. */
  q?: string
  page?: number
  size?: number
  /** The account that looks; for the view `mine`. Complaints that it was recused from are not there. */
  me?: number
  /** Found once for a page: what `me` was recused from. */
  recused?: readonly string[]
  /** Agencies that `me` declared a tie with. */
  tied?: readonly number[]
}

/** What the filter panel and the search box ask beside the view. Counting looks at all that have the ground, a page of the list at few: each has its own way there. */
export function narrowing (eb: Builder, filter: QueueFilter, { today, counting }: { today: string, counting: boolean }): Condition[] {
  const { status, handler, agency, ground, due, source, flag, unread, rectify, priority, q } = filter
  return [
    ...status === undefined || status.length === 0 ? [] : [eb('status', 'in', status)],
    ...handler === undefined ? [] : [handler === 'none' ? eb('handler_id', 'is', null) : eb('handler_id', '=', handler)],
    ...agency === undefined ? [] : [eb('agency_id', '=', agency)],
    ...ground === undefined
      ? []
      : [counting
          ? eb('complaint.id', 'in', eb.selectFrom('complaint_issue').select('complaint_id').where('ground', '=', ground))
          : eb.exists(eb.selectFrom('complaint_issue').select('no').where('ground', '=', ground).whereRef('complaint_id', '=', 'complaint.id'))],
    ...source === undefined ? [] : [eb('source', '=', source)],
    ...flag === undefined ? [] : [eb('complaint.id', 'in', eb.selectFrom('case_flag').select('complaint_id').where('kind', '=', flag).where('settled_at', 'is', null))],
    ...unread === undefined ? [] : [eb('unread', '=', 1)],
    ...rectify === undefined ? [] : [eb('complaint.id', 'in', rectifying(eb, rectify, today))],
    ...priority === undefined ? [] : [ranked(eb, priority, counting)],
    ...due === undefined ? [] : [dueWithin(eb, due, today)],
    ...q === undefined ? [] : [named(eb, q)]
  ]
}

/** Complaints with a demand that stands so; what was disputed and is past its day is late too. */
function rectifying (eb: Builder, rectify: Rectification, today: string) {
  const demands = eb.selectFrom('demand').select('demand.complaint_id')
  if (rectify === 'overdue') return demands.where('state', 'in', ['open', 'disputed']).where('demand.due_on', '<', today)
  return rectify === 'not_due' ? demands.where('state', '=', 'open').where('demand.due_on', '>=', today) : demands.where('state', '=', rectify)
}

/** From the index by priority where there are few to show or all to count; nearly all are normal, and a page of those is found sooner in the list's own order. */
function ranked (eb: Builder, priority: Priority, counting: boolean): Condition {
  return counting || priority !== 'normal' ? eb('priority', '=', priority) : eb(sql`priority || ''`, '=', priority)
}

function dueWithin (eb: Builder, due: DueFilter, today: string): Condition {
  if (due === 'overdue') return eb('sort_on', '<', today)
  return due === 'today' ? eb('sort_on', '=', today) : eb.and([eb('sort_on', '>=', today), eb('sort_on', '<=', addDays(today, 7))])
}

function named (eb: Builder, q: string): Condition {
  const ref = normaliseReference(q)
  if (ref !== null) return eb('ref', '=', ref)
  const caseNo = normaliseDocumentNumber(q)
  if (caseNo !== null) return eb('case_no', '=', caseNo)
  const pattern = `%${q.normalize('NFKC').trim().replace(/[\\%_]/g, '\\$&')}%`
  return eb('agency_id', 'in', eb.selectFrom('agency').select('agency.id').where(sql<SqlBool>`agency.name like ${pattern} escape '\\'`))
}
