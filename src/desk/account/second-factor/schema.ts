import Type from 'typebox'

const Next = Type.Optional(Type.String({ maxLength: 500 }))

export const CodeQuery = Type.Object({ next: Next, way: Type.Optional(Type.Enum(['recovery'])) })

export const CodeForm = Type.Object({ code: Type.String({ maxLength: 100 }), next: Next, way: Type.Optional(Type.Enum(['recovery'])) })
