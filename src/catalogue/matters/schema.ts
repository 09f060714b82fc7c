import Type, { type Static } from 'typebox'

/** A citation names the version. */
export const MatterQuery = Type.Object({ version: Type.Optional(Type.String({ maxLength: 100 })) })
export type MatterQuery = Static<typeof MatterQuery>
export const MatterParams = Type.Object({ code: Type.String({ maxLength: 100 }) })
