import Type, { type Static } from 'typebox'
import { RECTIFICATIONS, SORTS, VIEWS } from '../../../complaints/case/reading/repository.ts'
import { FLAGS } from '../../../complaints/following/requests/repository.ts'
import { GROUNDS, type GroundCode } from '../../../domain/process/grounds.ts'
import { SOURCES, type SourceCode } from '../../../domain/process/sources.ts'
import { STATUSES } from '../../../domain/process/workflow.ts'

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
  sort: Type.Optional(Type.Enum([...SORTS])),
  q: Type.Optional(Type.String({ maxLength: 100 })),
  cols: Type.Optional(Type.Array(Type.Enum([...COLUMNS]), { maxItems: COLUMNS.length })),
  saved: Type.Optional(Type.String({ pattern: '^[\\w-]{22}$' })), // the view that somebody saved and opened
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000 })),
  size: Type.Optional(Type.Integer({ enum: [...SIZES] })) // a bare enum would compare the text of the address with numbers
})
export type QueueQuery = Static<typeof QueueQuery>
