import Type from 'typebox'

export const DigestForm = Type.Object({ email: Type.Optional(Type.String({ maxLength: 500 })), digest: Type.Optional(Type.Enum(['yes'])) })
export const DoneQuery = Type.Object({ done: Type.Optional(Type.Enum(['saved'])) })
