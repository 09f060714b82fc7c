import Type from 'typebox'
import { CHECKLIST, type CheckCode } from '../../../domain/supervision/checklist.ts'
import { MEASURES, RECORD_KINDS } from '../../../domain/supervision/measures.ts'
import { REFERENCE_PATTERN } from '../../../domain/records/receipts.ts'

const Long = Type.Optional(Type.String({ maxLength: 40_000 }))
const Short = Type.Optional(Type.String({ maxLength: 2000 }))
const Version = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })

export const RecordParams = Type.Object({ ref: Type.String({ pattern: REFERENCE_PATTERN }), id: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }) })
export const PartQuery = Type.Object({ done: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })) })
/** The checklist; beside `check` a field `reason_<item>` for what is not called for. */
export const CheckForm = Type.Object({ check: Type.Optional(Type.Array(Type.Enum(Object.keys(CHECKLIST) as CheckCode[]), { maxItems: 100 })) })
export const PlanForm = Type.Object({ measure: Type.Enum([...MEASURES]), text: Short })
export const PlanEnding = Type.Object({ no: Version })
export const KindQuery = Type.Object({ kind: Type.Optional(Type.Enum([...RECORD_KINDS])) })
export const RecordForm = Type.Object({
  kind: Type.Enum([...RECORD_KINDS]), version: Type.Optional(Version), second: Type.Optional(Version),
  on_year: Short, on_month: Short, on_day: Short, from: Short, to: Short, place: Short, persons: Long, content: Long
})
export const VersionForm = Type.Object({ version: Version })
export const AdditionForm = Type.Object({ text: Short })
