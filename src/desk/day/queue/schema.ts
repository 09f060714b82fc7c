import Type, { type Static } from 'typebox'
import { Check } from 'typebox/value'
import { RECTIFICATIONS, SORTS, VIEWS, type QueueFilter } from '../../../complaints/case/reading/repository.ts'
import { FLAGS } from '../../../complaints/following/requests/repository.ts'
import { GROUNDS, type GroundCode } from '../../../domain/process/grounds.ts'
import { PRIORITIES } from '../../../domain/work/priorities.ts'
import { SOURCES, type SourceCode } from '../../../domain/process/sources.ts'
import { REFERENCE_PATTERN } from '../../../domain/records/receipts.ts'
import { STATUSES } from '../../../domain/process/workflow.ts'
import { FORBIDDEN } from '../../../forms/characters.ts'

export const DUES = ['overdue', 'today', 'week'] as const
export const SIZES = [20, 50, 100] as const
/** What a list may show beside the reference, in this order; words at `queue_column.<column>`. */
export const COLUMNS = ['about', 'status', 'due', 'received', 'handler', 'supervisors', 'bureau', 'outcome', 'updated'] as const
export type Column = (typeof COLUMNS)[number]

const Id = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })

/** The address of a list: everything that the tabs, the search box and the filter panel may say. */
export const QueueQuery = Type.Object({
  view: Type.Optional(Type.Enum(VIEWS)),
  status: Type.Optional(Type.Array(Type.Enum([...STATUSES]), { maxItems: STATUSES.length })),
  agency: Type.Optional(Id),
  ground: Type.Optional(Type.Enum(Object.keys(GROUNDS) as GroundCode[])),
  handler: Type.Optional(Type.Union([Id, Type.Literal('none')])),
  due: Type.Optional(Type.Enum([...DUES])),
  source: Type.Optional(Type.Enum(Object.keys(SOURCES) as SourceCode[])),
  flag: Type.Optional(Type.Enum([...FLAGS])),
  unread: Type.Optional(Type.Integer({ enum: [1] })),
  rectify: Type.Optional(Type.Enum([...RECTIFICATIONS])),
  priority: Type.Optional(Type.Enum([...PRIORITIES])),
  sort: Type.Optional(Type.Enum([...SORTS])),
  q: Type.Optional(Type.String({ maxLength: 100 })),
  cols: Type.Optional(Type.Array(Type.Enum([...COLUMNS]), { maxItems: COLUMNS.length })),
  done: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })), // what was done to `about` before one came back to the list
  about: Type.Optional(Type.String({ pattern: REFERENCE_PATTERN })),
  saved: Type.Optional(Type.String({ pattern: '^[\\w-]{22}$' })), // the view that somebody saved and opened
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000 })),
  size: Type.Optional(Type.Integer({ enum: [...SIZES] })) // a bare enum would compare the text of the address with numbers
})
export type QueueQuery = Static<typeof QueueQuery>

/** What makes a list the list it is, in the order of its one written form; the page that somebody stands on is no part of it. */
const PARTS = ['view', 'status', 'agency', 'ground', 'handler', 'due', 'source', 'flag', 'unread', 'rectify', 'priority', 'sort', 'q', 'cols', 'size'] as const
const LISTS: ReadonlySet<string> = new Set(['status', 'cols'])
const NUMBERS: ReadonlySet<string> = new Set(['agency', 'handler', 'unread', 'size'])
/** How long the written form of a list may be: every status and every column fit. */
export const LIST_LIMIT = 1200

/** What a list shows when nobody chose: what is closed is no longer due. */
const SHOWN: readonly Column[] = ['about', 'status', 'due', 'received', 'handler']
const SHOWN_CLOSED: readonly Column[] = ['about', 'status', 'outcome', 'received', 'handler']

/** The columns of a list, in the order of the table. */
export function columnsOf ({ view, cols }: QueueQuery): readonly Column[] {
  if (cols !== undefined && cols.length > 0) return COLUMNS.filter(column => cols.includes(column))
  return view === 'closed' ? SHOWN_CLOSED : SHOWN
}

/** A list in its one written form: equal lists are equal texts. What is as it is anyhow is not said. */
export function writeList (query: QueueQuery): string {
  const plain = { ...query, view: query.view ?? 'open', status: [...new Set(query.status ?? [])].sort(), cols: columnsOf(query), size: query.size === SIZES[0] ? undefined : query.size }
  if (plain.cols.join() === columnsOf({ view: plain.view }).join()) plain.cols = []
  const search = new URLSearchParams()
  for (const part of PARTS) {
    const text = [plain[part] ?? []].flat().join('.') // in few letters: it stands in every row's link
    if (text !== '') search.append(part, text)
  }
  return search.toString()
}

/** The list that a text describes; null for anything that the address of a list could not say. */
export function readList (text: string): QueueQuery | null {
  if (text.length > LIST_LIMIT) return null
  const search = new URLSearchParams(text)
  if ([...search.values()].some(value => FORBIDDEN.test(value))) return null // what looked at the whole text saw them encoded
  const query: Record<string, unknown> = {}
  for (const part of PARTS) {
    const values = search.getAll(part).flatMap(value => LISTS.has(part) ? value.split('.') : [value]).filter(value => value !== '').map(value => NUMBERS.has(part) && /^\d{1,10}$/.test(value) ? Number(value) : value)
    if (values.length > 0) query[part] = LISTS.has(part) ? values : values.length === 1 ? values[0] : values
  }
  return Check(QueueQuery, query) ? query : null
}

/** A list as the person who looks gets it. */
export function filterOf (query: QueueQuery, viewer: { id: number, bureauIds: readonly number[] }): QueueFilter {
  return { ...query, view: query.view ?? 'open', bureauIds: viewer.bureauIds, me: viewer.id }
}
