import Type from 'typebox'
import { TARGET_PATTERN } from '../../../complaints/work/redaction/service.ts'
import { COVERED, REDACTION_REASONS } from '../../../domain/records/redaction.ts'
import { REFERENCE_PATTERN } from '../../../domain/records/receipts.ts'

export const RedactionParams = Type.Object({ ref: Type.String({ pattern: REFERENCE_PATTERN }), rendering: Type.Enum([...COVERED]), target: Type.String({ pattern: TARGET_PATTERN }) })
export const DoneQuery = Type.Object({ done: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })) })

const reasons = REDACTION_REASONS.join('|')
const Reason = Type.Optional(Type.Enum([...REDACTION_REASONS]))
const Seen = Type.Optional(Type.String({ maxLength: 30 }))
const Percent = Type.Optional(Type.String({ maxLength: 12 }))

/** What stays covered, as `start-end-reason` and `x-y-w-h-reason`; what is covered besides: words of the text, or a box in percent. */
export const CoverForm = Type.Object({
  at: Seen,
  span: Type.Optional(Type.Array(Type.String({ pattern: `^\\d{1,7}-\\d{1,7}-(${reasons})$` }), { maxItems: 500 })),
  box: Type.Optional(Type.Array(Type.String({ pattern: `^\\d{1,4}-\\d{1,4}-\\d{1,4}-\\d{1,4}-(${reasons})$` }), { maxItems: 500 })),
  words: Type.Optional(Type.String({ maxLength: 5000 })),
  x: Percent, y: Percent, w: Percent, h: Percent,
  reason: Reason,
  withheld: Reason
})
export const ReleaseForm = Type.Object({ at: Seen })
