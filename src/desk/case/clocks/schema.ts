import Type from 'typebox'
import { REFERENCE_PATTERN } from '../../../domain/records/receipts.ts'
import { EXTENSIONS } from '../../../domain/time/extensions.ts'

const Ref = Type.String({ pattern: REFERENCE_PATTERN })
const Text = Type.Optional(Type.String({ maxLength: 20_000 }))
const Short = Type.Optional(Type.String({ maxLength: 20 }))

export const ClocksQuery = Type.Object({ done: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })) })
export const DecisionParams = Type.Object({ ref: Ref, id: Type.String({ pattern: '^[A-Za-z0-9_-]{8,64}$' }) })
/** The service knows the limits and keeps them. */
export const RequestForm = Type.Object({ clock: Type.Enum(Object.keys(EXTENSIONS) as Array<keyof typeof EXTENSIONS>), days: Short, reason: Text })
export const DecisionForm = Type.Object({ decision: Type.Optional(Type.Enum(['grant', 'refuse'])), text: Text })
export const TaskForm = Type.Object({ text: Text, due_year: Short, due_month: Short, due_day: Short })
