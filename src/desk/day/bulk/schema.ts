import Type, { type Static } from 'typebox'
import { BULK_NAMES, MOST_ROWS } from '../../../complaints/work/bulk/service.ts'
import { REFERENCE_PATTERN } from '../../../domain/records/receipts.ts'
import { LIST_LIMIT } from '../queue/schema.ts'

const Ref = Type.String({ pattern: REFERENCE_PATTERN })
const Value = Type.String({ maxLength: 40 })
const List = Type.String({ maxLength: LIST_LIMIT })

/** What was chosen in a list: `list` leads back to it, `value` is whom or what it is about. */
export const BulkQuery = Type.Object({
  act: Type.Optional(Type.Enum([...BULK_NAMES])),
  ref: Type.Optional(Type.Array(Ref, { maxItems: MOST_ROWS })),
  value: Type.Optional(Value),
  list: Type.Optional(List)
})
export type BulkQuery = Static<typeof BulkQuery>

/** What is confirmed: `row` is a reference with the last event that was seen of it. */
export const BulkForm = Type.Object({
  id: Type.String({ pattern: '^[\\w-]{22}$' }),
  act: Type.Enum([...BULK_NAMES]),
  row: Type.Array(Type.String({ pattern: `${REFERENCE_PATTERN.replace(/\$$/, '')}\\.\\d{1,9}$` }), { minItems: 1, maxItems: MOST_ROWS }),
  value: Type.Optional(Value),
  reason: Type.Optional(Type.String({ maxLength: 20_000 })),
  list: Type.Optional(List)
})
export type BulkForm = Static<typeof BulkForm>

export const BatchParams = Type.Object({ id: Type.String({ pattern: '^[\\w-]{22}$' }) })
export const BatchQuery = Type.Object({ list: Type.Optional(List) })
