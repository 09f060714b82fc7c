import Type from 'typebox'

/** A record of a discretion list; `version` or `on` (a day) ask for another state than the present one. */
export const DiscretionParams = Type.Object({ code: Type.String({ maxLength: 100 }) })
export const DiscretionQuery = Type.Object({ version: Type.Optional(Type.Unknown()), on: Type.Optional(Type.Unknown()) })
