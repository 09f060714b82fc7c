import { sql, type SqlBool } from 'kysely'
import type { Db } from '../../../db/schema.ts'
import { addDays } from '../../../domain/time/calendar.ts'
import type { GroundCode } from '../../../domain/process/grounds.ts'
import type { Priority } from '../../../domain/work/priorities.ts'
import type { Suspicion } from '../../../domain/process/suspicions.ts'
import { OPEN_STATUSES, STATUSES, type Status } from '../../../domain/process/workflow.ts'
import { listTiedAgencies, untied } from '../../work/conflicts/repository.ts'
import { listFlags, listRecused, type Flag } from '../../following/requests/repository.ts'
import type { ComplaintRow } from '../core/repository.ts'
import { CONDITIONS, narrowing, PRIORITY_ORDER, SOON, WAITING_AGENCY, WAITING_COMPLAINANT, type Builder, type Condition, type QueueFilter, type View } from './views.ts'

export { RECTIFICATIONS, SORTS, VIEWS } from './views.ts'
export type { QueueFilter, View } from './views.ts'

export interface QueueRow {
  ref: string, caseNo: string | null, version: number, status: Status, outcome: string | null, mode: string, agency: string | null, agencyEn: string | null, bureau: string
  grounds: GroundCode[], handler: { id: number, name: string } | null
  submittedAt: string, updatedAt: string, source: string, dueOn: string | null, dueClock: string | null, dueFrom: string | null
  unread: boolean, urgent: boolean, priority: Priority, suspect: boolean, fictional: boolean, flags: Flag[]
  /** why it is kept apart, and what somebody said to that */
  suspicions: Suspicion[], quarantine: string | null
}
export interface Queue { rows: QueueRow[], total: number, page: number, pages: number, size: number, counts: Record<Status, number>, views: Record<View, number> }

/** The bureaus whose complaints an account of a bureau may see: its own, and those of its districts. */
export async function visibleBureaus (db: Db, bureauId: number): Promise<number[]> {
  const rows = await db.selectFrom('bureau').select('id').where(eb => eb.or([eb('id', '=', bureauId), eb('parent_id', '=', bureauId)])).orderBy('id').execute()
  return rows.map(row => row.id)
}

/** One page of the queue, due soonest first (closed and all: newest first), with counts for each status and view. Plain columns only. */
export async function listQueue (db: Db, given: QueueFilter, today: string): Promise<Queue> {
  const filter = await knowing(db, given)
  const { counts, views } = await countQueue(db, filter, today)
  const total = isPlain(filter) ? views[filter.view ?? 'open'] : await countMatches(db, filter, today)
  const size = filter.size ?? 20
  const pages = Math.max(1, Math.ceil(total / size))
  const page = Math.min(Math.max(1, filter.page ?? 1), pages)
  const refs = await listRefs(db, filter, today).limit(size).offset((page - 1) * size).execute()
  return { rows: await findRows(db, refs.map(row => row.ref)), total, page, pages, size, counts, views }
}

/** The first complaints of a filter and how many there are, without the counts of everything else. */
export async function listFirst (db: Db, given: QueueFilter, today: string): Promise<Pick<Queue, 'rows' | 'total'>> {
  const filter = await knowing(db, given)
  const refs = await listRefs(db, filter, today).limit(filter.size ?? 20).execute()
  return { rows: await findRows(db, refs.map(row => row.ref)), total: await countMatches(db, filter, today) }
}

/** How many a filter finds, counted up to `most`: a saved view says "99+" rather than let everybody wait. */
export async function countList (db: Db, given: QueueFilter, today: string, most: number): Promise<number> {
  const found = matching(db, await knowing(db, given), { today, counting: true }).select('ref').limit(most)
  const { count } = await db.selectFrom(found.as('found')).select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  return count
}

/** The references of a list in its order, at most so many. */
export async function listOrder (db: Db, given: QueueFilter, today: string, most: number): Promise<string[]> {
  return (await listRefs(db, await knowing(db, given), today).limit(most).execute()).map(({ ref }) => ref)
}

/** The filter with what the account was recused from (security.md Z-2, Z-4): nearly always nothing, and then nothing is asked. */
async function knowing (db: Db, filter: QueueFilter): Promise<QueueFilter> {
  return filter.me === undefined ? filter : { ...filter, recused: await listRecused(db, filter.me), tied: await listTiedAgencies(db, filter.me) }
}

/** Leaves out what somebody was recused from or declared a tie with. */
function notRecused (filter: QueueFilter) {
  return (eb: Builder): Condition => eb.and(untied(eb, filter))
}

function isPlain ({ status, handler, agency, ground, due, source, flag, unread, rectify, priority, q }: QueueFilter): boolean {
  return [status, handler, agency, ground, due, source, flag, unread, rectify, priority, q].every(value => value === undefined)
}

/** Counts for all views and statuses, from the index that holds all it asks. */
async function countQueue (db: Db, filter: QueueFilter, today: string): Promise<Pick<Queue, 'counts' | 'views'>> {
  const open = await countOpen(db, filter, today)
  const { closed } = await db.selectFrom('complaint').where('status', '=', 'closed').where('bureau_id', 'in', known(filter.bureauIds)).where(notRecused(filter))
    .select(({ fn }) => fn.countAll<number>().as('closed')).executeTakeFirstOrThrow()
  const add = (key: Exclude<keyof (typeof open)[number], 'status'>): number => open.reduce((sum, row) => sum + row[key], 0)
  const of = (...statuses: Status[]): number => open.filter(row => statuses.includes(row.status as Status)).reduce((sum, row) => sum + row.count, 0)
  return {
    counts: Object.fromEntries(STATUSES.map(status => [status, status === 'closed' ? closed : of(status)])) as Record<Status, number>,
    views: {
      open: add('count'),
      triage: of('submitted', 'registered') + open.filter(({ status }) => status === 'submitted' || status === 'registered').reduce((sum, row) => sum + row.pressing, 0),
      mine: add('mine'),
      unassigned: add('unassigned'),
      due_soon: add('due_soon'),
      overdue: add('overdue'),
      waiting: of(...WAITING_COMPLAINANT),
      waiting_agency: of(...WAITING_AGENCY),
      verify: of('verifying'),
      unread: add('unread'),
      quarantine: add('quarantine'),
      closed,
      all: add('count') + add('quarantine') + closed
    }
  }
}

/** Open complaints by status: how many, and how many of each view. */
async function countOpen (db: Db, filter: QueueFilter, today: string) {
  const sum = (condition: ReturnType<typeof sql<SqlBool>>): ReturnType<typeof sql<number>> => sql<number>`sum(case when ${condition} then 1 else 0 end)`
  return await db.selectFrom('complaint').where('status', 'in', OPEN_STATUSES).where(inBureaus(filter.bureauIds)).where(notRecused(filter)).groupBy('status').select([
    'status',
    sum(sql`suspect = 0`).as('count'),
    sum(sql`suspect = 0 and handler_id = ${filter.me ?? -1}`).as('mine'),
    sum(sql`suspect = 0 and handler_id is null`).as('unassigned'),
    sum(sql`suspect = 0 and sort_on >= ${today} and sort_on <= ${addDays(today, SOON)}`).as('due_soon'),
    sum(sql`suspect = 0 and sort_on < ${today}`).as('overdue'),
    sum(sql`suspect = 0 and unread = 1`).as('unread'),
    sum(sql`suspect = 1`).as('quarantine'),
    sum(sql`suspect = 1 and urgent = 1`).as('pressing')
  ]).execute()
}

async function countMatches (db: Db, filter: QueueFilter, today: string): Promise<number> {
  const { count } = await matching(db, filter, { today, counting: true }).select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  return count
}

function matching (db: Db, filter: QueueFilter, asked: { today: string, counting: boolean }) {
  return db.selectFrom('complaint').where(eb => eb.and([
    inBureaus(filter.bureauIds),
    notRecused(filter)(eb),
    CONDITIONS[filter.view ?? 'open'](eb, { today: asked.today, me: filter.me }),
    ...narrowing(eb, filter, asked)
  ]))
}

/** What is closed has no priority any more: those lists keep their own order. References alone, in order: found on an index before any wide row is read. */
function listRefs (db: Db, filter: QueueFilter, today: string) {
  const query = matching(db, filter, { today, counting: false }).select('ref')
  if (filter.sort === 'newest') return query.orderBy('submitted_at', 'desc').orderBy('ref', 'desc')
  if (filter.sort === 'priority' && filter.view !== 'closed' && filter.view !== 'all') return query.orderBy(PRIORITY_ORDER).orderBy('sort_on').orderBy('ref')
  if (filter.sort === 'oldest') return query.orderBy('submitted_at').orderBy('ref')
  if (filter.view === 'closed') return query.orderBy('closed_at', 'desc').orderBy('ref', 'desc')
  if (filter.view === 'all') return query.orderBy('submitted_at', 'desc').orderBy('ref', 'desc')
  return query.orderBy('urgent', 'desc').orderBy('sort_on').orderBy('ref')
}

type HeadRow = Pick<ComplaintRow, 'ref' | 'case_no' | 'version' | 'status' | 'submitted_at' | 'updated_at' | 'source' | 'due_on' | 'due_clock' | 'due_from' | 'unread' | 'urgent' | 'priority' | 'suspect' | 'suspicions' | 'fictional'>

/** What a list and the page of a case both say of it. */
export function headOf (row: HeadRow) {
  return {
    ref: row.ref,
    caseNo: row.case_no,
    version: row.version,
    status: row.status as Status,
    submittedAt: row.submitted_at,
    updatedAt: row.updated_at,
    source: row.source,
    dueOn: row.due_on,
    dueClock: row.due_clock,
    dueFrom: row.due_from,
    unread: row.unread === 1,
    urgent: row.urgent === 1,
    priority: row.priority,
    suspect: row.suspect === 1,
    suspicions: row.suspicions.split(' ').filter(code => code !== '') as Suspicion[],
    fictional: row.fictional === 1
  }
}

/** Cases as a list shows them, in the order in which they are named; who may see them is decided before. */
export async function findRows (db: Db, refs: string[]): Promise<QueueRow[]> {
  if (refs.length === 0) return []
  const rows = await db.selectFrom('complaint').leftJoin('agency', 'agency.id', 'complaint.agency_id').leftJoin('account', 'account.id', 'complaint.handler_id')
    .innerJoin('bureau', 'bureau.id', 'complaint.bureau_id').where('ref', 'in', refs)
    .select(['complaint.id', 'ref', 'case_no', 'complaint.version', 'complaint.status', 'outcome', 'identity_mode', 'agency.name as agency', 'agency.name_en as agencyEn', 'bureau.name as bureau', 'handler_id', 'account.name as handler',
      'submitted_at', 'updated_at', 'source', 'due_on', 'due_clock', 'due_from', 'unread', 'urgent', 'priority', 'suspect', 'suspicions', 'quarantine', 'complaint.fictional']).execute()
  const issues = await db.selectFrom('complaint_issue').select(['complaint_id', 'ground']).where('complaint_id', 'in', rows.map(row => row.id)).orderBy('complaint_id').orderBy('no').execute()
  const flags = Map.groupBy(await listFlags(db, rows.map(row => row.id)), flag => flag.complaintId)
  const grounds = Map.groupBy(issues, issue => issue.complaint_id)
  const found = new Map(rows.map(row => [row.ref, {
    ...headOf(row),
    outcome: row.outcome,
    mode: row.identity_mode,
    agency: row.agency,
    agencyEn: row.agencyEn,
    bureau: row.bureau,
    grounds: [...new Set((grounds.get(row.id) ?? []).map(issue => issue.ground as GroundCode))],
    handler: row.handler_id === null ? null : { id: row.handler_id, name: row.handler ?? '' },
    quarantine: row.quarantine,
    flags: (flags.get(row.id) ?? []).map(({ kind }) => kind)
  }]))
  return refs.flatMap(ref => found.get(ref) ?? [])
}

/** The plus sign keeps SQLite from choosing an index on the bureau: nearly all rows are of these bureaus, and it would then have to sort them. */
function inBureaus (bureauIds: readonly number[]): ReturnType<typeof sql<SqlBool>> {
  return sql<SqlBool>`+bureau_id in (${sql.join(known(bureauIds))})`
}

/** `in ()` is no SQL: an empty list becomes one that nothing is in. */
function known (bureauIds: readonly number[]): readonly number[] {
  return bureauIds.length === 0 ? [-1] : bureauIds
}

/** References of open complaints of the bureaus that carry a flag nobody has settled. */
export async function listFlagged (db: Db, kind: Flag, bureauIds: readonly number[]): Promise<string[]> {
  const rows = await db.selectFrom('case_flag').innerJoin('complaint', 'complaint.id', 'case_flag.complaint_id').select('complaint.ref').where('case_flag.kind', '=', kind).where('settled_at', 'is', null)
    .where('complaint.bureau_id', 'in', bureauIds.length === 0 ? [-1] : bureauIds).orderBy('raised_at').orderBy('complaint.ref').execute()
  return rows.map(({ ref }) => ref)
}
