import Type from 'typebox'

export const SessionEnding = Type.Object({ session: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) })

export const PasswordForm = Type.Object({
  current: Type.String({ maxLength: 1000 }),
  password: Type.String({ maxLength: 1000 }),
  again: Type.String({ maxLength: 1000 })
})

export const DoneQuery = Type.Object({ done: Type.Optional(Type.Enum(['ended', 'others', 'password'])) })
