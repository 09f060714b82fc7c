import Type from 'typebox'

const Version = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })

export const ApprovalParams = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,80}$' }) })
export const DoneQuery = Type.Object({ done: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })) })
/** What was decided; `text` is the comment, or what the government says. The service knows the limits. */
export const DecisionForm = Type.Object({ version: Version, decision: Type.Enum(['approve', 'return']), text: Type.Optional(Type.String({ maxLength: 20_000 })) })
