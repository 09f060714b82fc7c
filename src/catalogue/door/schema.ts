import Type from 'typebox'

/** An unknown power means the usual one; the officer, where one was just checked, is handed on to the private note. */
export const DoorQuery = Type.Object({ power: Type.Optional(Type.String({ maxLength: 64 })), officer: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,100}$' })) })
