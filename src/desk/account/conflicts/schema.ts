import Type from 'typebox'

export const ConflictQuery = Type.Object({ q: Type.Optional(Type.String({ maxLength: 100 })), done: Type.Optional(Type.Enum(['declared', 'ended'])) })

export const ConflictForm = Type.Object({
  agency: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
  officer: Type.Optional(Type.String({ maxLength: 60 })),
  ref: Type.Optional(Type.String({ maxLength: 40 })),
  text: Type.String({ maxLength: 500 }),
  q: Type.Optional(Type.String({ maxLength: 100 }))
})

export const EndingForm = Type.Object({ id: Type.String({ maxLength: 40 }) })
