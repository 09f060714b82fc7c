import Type from 'typebox'

/** What was typed when the session ended, on its way through the entrance; `kept_to` is where it belongs. */
const Kept = { kept_to: Type.Optional(Type.String({ maxLength: 40 })), kept: Type.Optional(Type.String({ maxLength: 60_000 })) }

export const Entrance = Type.Object({ ref: Type.String({ minLength: 1, maxLength: 100 }), code: Type.String({ minLength: 1, maxLength: 100 }), ...Kept })
export const EntranceQuery = Type.Object({ expired: Type.Optional(Type.String()), left: Type.Optional(Type.String()), receipt: Type.Optional(Type.String()) })
export const RefParams = Type.Object({ ref: Type.String({ maxLength: 30 }) })
