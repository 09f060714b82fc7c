import Type from 'typebox'

/** A citation names the version; only the present one has a page. */
export const MatterQuery = Type.Object({ version: Type.Optional(Type.String()) })
export const MatterParams = Type.Object({ code: Type.String({ maxLength: 100 }) })
