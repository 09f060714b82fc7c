import Type from 'typebox'
import { FOOTAGE_STATES } from '../../../domain/supervision/footage.ts'
import { REFERENCE_PATTERN } from '../../../domain/records/receipts.ts'

const No = Type.Integer({ minimum: 1, maximum: 100_000 })
const Text = Type.Optional(Type.String({ maxLength: 10_000 }))

export const DoneQuery = Type.Object({ done: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })) })
export const ReliedOn = Type.Object({ no: No, issue: Type.Optional(Type.Array(No, { maxItems: 50 })), note: Text })
export const FootageForm = Type.Object({ footage: Text })
export const FootageAnswer = Type.Object({ no: No, state: Type.Enum(FOOTAGE_STATES.filter(state => state !== 'open')), answer: Text })
export const SheetParams = Type.Object({ ref: Type.String({ pattern: REFERENCE_PATTERN }), no: No })
