import Type from 'typebox'
import { DECISIONS } from './service.ts'

export const DecisionParams = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{16}$' }) })
export const DecisionForm = Type.Object({ decision: Type.Enum([...DECISIONS]) })
export const DoneQuery = Type.Object({ done: Type.Optional(Type.Enum(['requested', 'confirm', 'refuse', 'withdraw'])) })
