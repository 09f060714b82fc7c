import Type from 'typebox'

export const DECISIONS = ['publish', 'return', 'take_down'] as const
export const StatementParams = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' }) })
export const StatementQuery = Type.Object({ done: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })) })
export const DecisionForm = Type.Object({ version: Type.Integer({ minimum: 1 }), decision: Type.Optional(Type.Enum([...DECISIONS])), text: Type.Optional(Type.String({ maxLength: 20_000 })) })
