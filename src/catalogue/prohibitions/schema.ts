import Type from 'typebox'

/** A number has one address: 07 is unknown. */
export const ProhibitionParams = Type.Object({ no: Type.String({ pattern: '^[1-9][0-9]?$' }) })
export const ProhibitionQuery = Type.Object({ page: Type.Optional(Type.String()) })
